// An expression a line: Pi-hole's over host names, squidGuard's over addresses without scheme and "www.".

#include <string>

#include "rules/base/text.hpp"
#include "rules/catalog/imports/expression.hpp"
#include "rules/catalog/imports/line_importer.hpp"

namespace fairlead::rules::catalog {
namespace {

class ExpressionsImporter final : public LineImporter {
 public:
  ExpressionsImporter(ListSink& sink, Where where) : sink_(sink), where_(where) {}

  void take_line(std::string_view line, std::uint32_t number) override {
    const std::string_view text = text::trim(line, " \t");
    if (text.empty() || text.starts_with('#')) return;
    if (where_ == Where::host && has_option(text)) return sink_.skipped(Skipped::unknown_option, text, number);
    const std::string re2 = where_ == Where::url ? at_host_begin(to_re2(text)) : to_re2(text);
    if (const auto reason = check_re2(re2, where_)) return sink_.skipped(*reason, text, number);
    sink_.pattern(re2, where_, number);
  }

 private:
  /// Pi-hole's ";querytype=AAAA", ";invert", ";reply=NXDOMAIN": the line means something else than its expression.
  static bool has_option(std::string_view text) {
    return text.find(";querytype=") != std::string_view::npos || text.find(";reply=") != std::string_view::npos ||
           text.find(";invert") != std::string_view::npos;
  }

  /// squidGuard's '^' stands in front of the host, ours in front of the scheme.
  static std::string at_host_begin(std::string re2) {
    if (re2.starts_with('^')) re2.replace(0, 1, "^[a-z]+://(?:(?:www|web|ftp)[0-9]*\\.)?");
    return re2;
  }

  ListSink& sink_;
  Where where_;
};

}  // namespace

std::unique_ptr<LineImporter> make_expressions_importer(ListSink& sink) {
  return std::make_unique<ExpressionsImporter>(sink, Where::url);
}

std::unique_ptr<LineImporter> make_regex_importer(ListSink& sink) {
  return std::make_unique<ExpressionsImporter>(sink, Where::host);
}

}  // namespace fairlead::rules::catalog
