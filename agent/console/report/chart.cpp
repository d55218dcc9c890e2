#include "agent/console/report/chart.hpp"

#include <algorithm>

#include "agent/console/report/words.hpp"

namespace fairlead::agent::console::report {

using pages::Html;

namespace {

constexpr std::uint64_t kHeight = 150;  // of the whole drawing
constexpr std::uint64_t kTop = 20;      // room for the sum above the tallest column
constexpr std::uint64_t kBase = 126;    // where columns stand
constexpr std::uint64_t kLabel = 143;   // baseline of the labels
constexpr std::uint64_t kPlot = kBase - kTop;
constexpr std::uint64_t kWidth = 100;  // per cent
constexpr std::size_t kMostLabels = 9;

// Hundredths are enough for paper, and integers give the same text everywhere.
std::string hundredths_text(std::uint64_t hundredths) {
  std::string text = std::to_string(hundredths / 100);
  const auto rest = static_cast<unsigned>(hundredths % 100);
  if (rest == 0) return text;
  text += '.';
  text += static_cast<char>('0' + rest / 10);
  if (rest % 10 != 0) text += static_cast<char>('0' + rest % 10);
  return text;
}

/// Where `part` of `whole` ends on a line of `length`, in hundredths. Ends are rounded, not lengths, so that the pieces
/// of a stack always meet and always sum to the stack.
std::uint64_t end_of(std::uint64_t part, std::uint64_t whole, std::uint64_t length) {
  if (whole == 0) return 0;
  const auto exact =
      static_cast<long double>(part) * static_cast<long double>(length) * 100.0L / static_cast<long double>(whole);
  return static_cast<std::uint64_t>(exact + 0.5L);
}

void add_class(Html& svg, Area area) {
  switch (area) {
    case Area::content:
      svg.raw(" class=\"content\"");
      break;
    case Area::contact:
      svg.raw(" class=\"contact\"");
      break;
    case Area::conduct:
      svg.raw(" class=\"conduct\"");
      break;
    case Area::other:
      svg.raw(" class=\"other\"");
      break;
  }
}

void add_column(Html& svg, const Column& column, std::size_t at, std::size_t of, std::uint64_t tallest) {
  // A column takes 70 % of its place; many columns on a phone still have a gap of a pixel.
  const std::uint64_t place = kWidth * 100 / of;
  const std::uint64_t left = at * kWidth * 100 / of + place * 15 / 100;
  std::uint64_t below = 0;
  for (const Area area : kAreas) {
    const std::uint64_t part = column.parts.at(static_cast<std::size_t>(area));
    if (part == 0) continue;
    const std::uint64_t from = end_of(below, tallest, kPlot);
    below += part;
    const std::uint64_t upto = end_of(below, tallest, kPlot);
    svg.raw("<rect");
    add_class(svg, area);
    svg.raw(" x=\"")
        .text(hundredths_text(left))
        .raw("%\" y=\"")
        .text(hundredths_text(kBase * 100 - upto))
        .raw("\" width=\"")
        .text(hundredths_text(place * 70 / 100))
        .raw("%\" height=\"")
        .text(hundredths_text(upto - from))
        .raw("\"/>");
  }
}

void add_words(Html& svg, std::string_view what, std::span<const Column> columns) {
  svg.text(what).raw(". ");
  for (const Column& column : columns) {
    if (column.to_come) continue;
    svg.text(column.long_label).raw(": ").text(number(sum_of(column.parts)));
    svg.raw("; ");
  }
  svg.raw("the table below has the same numbers.");
}

}  // namespace

Html columns_chart(std::string_view id, std::string_view what, std::span<const Column> columns) {
  Html svg;
  std::uint64_t tallest = 1;
  for (const Column& column : columns) tallest = std::max(tallest, sum_of(column.parts));
  const std::size_t step = (columns.size() + kMostLabels - 1) / kMostLabels;
  svg.raw("<svg class=\"chart\" role=\"img\" focusable=\"false\" aria-labelledby=\"")
      .text(id)
      .raw("-words\" width=\"100%\" height=\"")
      .text(std::to_string(kHeight))
      .raw("\">\n<title id=\"")
      .text(id)
      .raw("-words\">");
  add_words(svg, what, columns);
  svg.raw("</title>\n");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    const std::uint64_t sum = sum_of(column.parts);
    const std::string middle = hundredths_text((2 * i + 1) * kWidth * 100 / (2 * columns.size()));
    add_column(svg, column, i, columns.size(), tallest);
    if (!column.to_come && (columns.size() <= 2 * kMostLabels || sum == tallest)) {
      svg.raw("<text class=\"sum\" x=\"").text(middle).raw("%\" y=\"");
      svg.text(hundredths_text(kBase * 100 - end_of(sum, tallest, kPlot) - 500)).raw("\">");
      svg.text(number(sum)).raw("</text>");
    }
    if (step != 0 && i % step == 0) {
      svg.raw("<text x=\"").text(middle).raw("%\" y=\"").text(std::to_string(kLabel)).raw("\">");
      svg.text(column.label).raw("</text>");
    }
    svg.raw("\n");
  }
  svg.raw("<line x1=\"0\" x2=\"100%\" y1=\"")
      .text(std::to_string(kBase))
      .raw("\" y2=\"")
      .text(std::to_string(kBase))
      .raw("\"/>\n</svg>\n");
  return svg;
}

Html columns_table(std::string_view first_heading, std::string_view caption, std::span<const Column> columns) {
  Html table;
  table.raw(
      "<details class=\"numbers\"><summary>The numbers as a table</summary>\n"
      "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
  table.text(caption).raw("\">\n<table>\n<caption>").text(caption).raw("</caption>\n<thead><tr><th scope=\"col\">");
  table.text(first_heading).raw("</th>");
  for (const Area area : kAreas) table.raw("<th scope=\"col\">").text(title_of(area)).raw("</th>");
  table.raw("<th scope=\"col\">All</th></tr></thead>\n<tbody>\n");
  for (const Column& column : columns) {
    if (column.to_come) continue;
    table.raw("<tr><th scope=\"row\">").text(column.long_label).raw("</th>");
    for (const std::uint64_t part : column.parts) table.raw("<td>").text(number(part)).raw("</td>");
    table.raw("<td>").text(number(sum_of(column.parts))).raw("</td></tr>\n");
  }
  table.raw("</tbody>\n</table>\n</div></details>\n");
  return table;
}

Html bar(const ByArea& parts, std::uint64_t scale) {
  Html svg;
  svg.raw("<svg class=\"bar\" aria-hidden=\"true\" focusable=\"false\" width=\"100%\" height=\"14\">");
  std::uint64_t before = 0;
  for (const Area area : kAreas) {
    const std::uint64_t part = parts.at(static_cast<std::size_t>(area));
    if (part == 0) continue;
    const std::uint64_t from = end_of(before, scale, kWidth);
    before += part;
    svg.raw("<rect");
    add_class(svg, area);
    svg.raw(" x=\"")
        .text(hundredths_text(from))
        .raw("%\" width=\"")
        .text(hundredths_text(end_of(before, scale, kWidth) - from))
        .raw("%\" height=\"14\"/>");
  }
  svg.raw("</svg>");
  return svg;
}

Html patterns() {
  Html svg;
  svg.raw(
      "<svg class=\"patterns\" aria-hidden=\"true\" focusable=\"false\" width=\"0\" height=\"0\"><defs>\n"
      "<pattern id=\"stripes\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
      "patternTransform=\"rotate(45)\"><rect class=\"ground\" width=\"7\" height=\"7\"/>"
      "<rect class=\"ink\" width=\"3\" height=\"7\"/></pattern>\n"
      "<pattern id=\"dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
      "<rect class=\"ground\" width=\"6\" height=\"6\"/><circle class=\"ink\" cx=\"3\" cy=\"3\" r=\"1.6\"/>"
      "</pattern>\n</defs></svg>\n");
  return svg;
}

Html legend(const ByArea& parts) {
  Html list;
  list.raw("<ul class=\"legend\">\n");
  for (const Area area : kAreas) {
    const std::uint64_t part = parts.at(static_cast<std::size_t>(area));
    if (part == 0) continue;
    list.raw("<li><svg class=\"swatch\" aria-hidden=\"true\" focusable=\"false\" width=\"20\" height=\"14\"><rect");
    add_class(list, area);
    list.raw(" width=\"20\" height=\"14\"/></svg> <span><strong>")
        .text(title_of(area))
        .raw(" ")
        .text(number(part))
        .raw("</strong> ")
        .text(meaning_of(area))
        .raw("</span></li>\n");
  }
  list.raw("</ul>\n");
  return list;
}

}  // namespace fairlead::agent::console::report
