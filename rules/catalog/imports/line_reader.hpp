#pragma once
// Cuts a stream of bytes into lines without ever holding more than one. Inside this room only; one thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/catalog/imports/import.hpp"
#include "rules/catalog/imports/line_importer.hpp"

namespace fairlead::rules::catalog {

/// A longer line is told of as Skipped::too_long and passed over.
inline constexpr std::size_t kLongestLine = std::size_t{64} * 1024;

/// Lines end with LF, CR LF or CR; a byte order mark at the begin is dropped. Lines count as an editor counts them.
class LineReader {
 public:
  /// sink  is told of over-long lines; null: nobody is. Both outlive this object.
  LineReader(LineImporter& importer, ListSink* sink) : importer_(importer), sink_(sink) {}

  void feed(std::string_view bytes);
  /// The last line may lack its end.
  void finish();

 private:
  void keep(std::string_view part);
  void end_line(std::string_view part);
  void take(std::string_view line);

  LineImporter& importer_;
  ListSink* sink_;
  std::string begun_;  // of a line whose end has not come yet
  std::uint32_t line_ = 0;
  bool is_too_long_ = false;
  bool after_cr_ = false;
};

}  // namespace fairlead::rules::catalog
