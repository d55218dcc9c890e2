#pragma once
// Counts what an import took and what it left out, with the first lines of each reason, while it passes everything on
// to another sink. One object for one list, from one thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/imports/import.hpp"

namespace fairlead::rules::catalog {

/// Where something was left out.
struct LeftOutLine {
  std::string file;  // of an archive or folder; the list's own name otherwise
  std::uint32_t line = 0;
  std::string text;  // at most 80 bytes of it
};

struct LeftOut {
  std::size_t count = 0;
  std::vector<LeftOutLine> first;  // the first 20
};

struct ImportReport {
  std::size_t hosts = 0, paths = 0, filters = 0, patterns = 0, hashes = 0, files = 0;
  std::array<LeftOut, kSkippedReasons> left_out;  // by Skipped

  [[nodiscard]] std::size_t taken() const { return hosts + paths + filters + patterns + hashes; }
  [[nodiscard]] std::size_t skipped() const;
};

/// "taken 26,029 hosts; left out 12: 10 not a host (lines 3, 17, 20 and 7 more), 2 unknown option (lines 9, 30)". Of
/// several files each line is named with its file: "domains:3".
[[nodiscard]] std::string to_string(const ImportReport& report);

class ReportingSink final : public ListSink {
 public:
  /// next  outlives this object.
  explicit ReportingSink(ListSink& next) : next_(next) {}

  [[nodiscard]] const ImportReport& report() const { return report_; }

  void begin_file(std::string_view name) override;
  void host(std::string_view host, std::uint32_t line) override;
  void path(std::string_view host, std::string_view path, std::uint32_t line) override;
  void pattern(std::string_view re2, Where where, std::uint32_t line) override;
  void filter(Filter filter, std::uint32_t line) override;
  void hashed(std::string_view sha256, std::uint32_t line) override;
  void skipped(Skipped reason, std::string_view text, std::uint32_t line) override;

 private:
  ListSink& next_;
  ImportReport report_;
  std::string file_;
};

}  // namespace fairlead::rules::catalog
