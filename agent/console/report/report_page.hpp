#pragma once
// The report of a week, a term or any days, for a reader who is not technical: is it quieter or busier, what kinds, and
// was it looked after. One sheet of A4 when printed. Exact numbers, no person. Pure; usable from any thread.

#include <string_view>

#include "agent/console/report/figures.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console::report {

struct ReportFacts {
  const Figures& now;
  const Figures& earlier;  // of before_as_far(period)
  Period period;
  Day today{};
  const rules::catalog::Catalog& catalog;
};

/// What stands in the page's main part.
[[nodiscard]] pages::Html report_page(const ReportFacts& facts);

/// The numbers of the same report, a line each: what, which, day, count. UTF-8 with commas and CRLF (RFC 4180); no cell
/// begins a formula.
[[nodiscard]] std::string report_csv(const ReportFacts& facts);

/// This report's styles: after those of the console.
[[nodiscard]] std::string_view report_sheet();

}  // namespace fairlead::agent::console::report
