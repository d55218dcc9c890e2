#pragma once
// What every format of lines is to the reader of files: takes a line, tells the sink. Inside this room only.

#include <cstdint>
#include <memory>
#include <string_view>

#include "rules/catalog/imports/import.hpp"

namespace fairlead::rules::catalog {

class LineImporter {
 public:
  virtual ~LineImporter() = default;
  /// line  without its end, at most kLongestLine bytes, any bytes.
  virtual void take_line(std::string_view line, std::uint32_t number) = 0;
};

// One a format. The sink outlives what is made.
[[nodiscard]] std::unique_ptr<LineImporter> make_hosts_importer(ListSink& sink);
/// Also for wildcards and for UT1's `domains`.
[[nodiscard]] std::unique_ptr<LineImporter> make_domains_importer(ListSink& sink);
[[nodiscard]] std::unique_ptr<LineImporter> make_dnsmasq_importer(ListSink& sink);
[[nodiscard]] std::unique_ptr<LineImporter> make_unbound_importer(ListSink& sink);
/// UT1's `urls`.
[[nodiscard]] std::unique_ptr<LineImporter> make_urls_importer(ListSink& sink);
/// UT1's `expressions`.
[[nodiscard]] std::unique_ptr<LineImporter> make_expressions_importer(ListSink& sink);
[[nodiscard]] std::unique_ptr<LineImporter> make_regex_importer(ListSink& sink);
[[nodiscard]] std::unique_ptr<LineImporter> make_hashed_importer(ListSink& sink);

}  // namespace fairlead::rules::catalog
