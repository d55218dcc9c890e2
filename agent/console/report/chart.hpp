#pragma once
// Charts as SVG, made here: columns over time and single bars, stacked by area. Widths are in per cent and heights in
// pixels, so that a chart fits a phone, a screen and paper without its text growing or shrinking. Areas are told apart
// by pattern and by words as well as by colour; every chart says in words what it shows. Colours come from style.css:
// no attribute here is a style. Pure; usable from any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/report/figures.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console::report {

/// One column: what happened in a day or week.
struct Column {
  std::string label, long_label;  // below it, and in words
  ByArea parts{};
  bool to_come = false;  // not yet: no zero is written there
};

/// Columns with their sums on top. With many columns only some labels are written.
///
/// id      unique in the page, a plain word.
/// what    "Stopped, day by day": begins the words for those who hear the page.
/// Cost    O(columns)
[[nodiscard]] pages::Html columns_chart(std::string_view id, std::string_view what, std::span<const Column> columns);

/// The same numbers as a table, behind "The numbers as a table".
[[nodiscard]] pages::Html columns_table(std::string_view first_heading, std::string_view caption,
                                        std::span<const Column> columns);

/// One bar, stacked; the whole width stands for `scale`. For the eye alone: the number stands beside it as text.
[[nodiscard]] pages::Html bar(const ByArea& parts, std::uint64_t scale);

/// The patterns that bars and columns are filled with: once a page, before the first chart.
[[nodiscard]] pages::Html patterns();

/// What the patterns mean, with the sum of each area; areas without anything are left out.
[[nodiscard]] pages::Html legend(const ByArea& parts);

}  // namespace fairlead::agent::console::report
