#include <algorithm>

#include "agent/console/report/chart.hpp"
#include "agent/console/report/sheets.hpp"
#include "agent/console/report/suppress.hpp"
#include "agent/console/report/words.hpp"

namespace fairlead::agent::console::report {

using pages::Html;

namespace {

constexpr std::size_t kKindsShown = 10;

std::string_view why_empty(const Published& month) {
  if (!month.over) return "This month is not over yet. Its figures are shown when it is.";
  if (!month.enough_people)
    return "Fewer than five people stand behind these figures, so they would speak about somebody. They are not shown.";
  return "So little was stopped that a number would speak about somebody. It is not shown.";
}

void add_kinds(Html& page, const Published& month) {
  const std::size_t shown = std::min(month.kinds.size(), kKindsShown);
  page.raw("<ol class=\"ranking large\">\n");
  for (std::size_t i = 0; i < shown; ++i) {
    const Ranked& kind = month.kinds[i];
    ByArea parts{};
    parts.at(static_cast<std::size_t>(kind.area)) = kind.count;
    page.raw("<li><span class=\"name\">").text(kind.title).raw("</span> <span class=\"count\">");
    page.text(number(kind.count)).raw("</span>").part(bar(parts, month.kinds.front().count)).raw("</li>\n");
  }
  page.raw("</ol>\n");
  std::uint64_t rest = month.rest;
  for (std::size_t i = shown; i < month.kinds.size(); ++i) rest += month.kinds[i].count;
  if (rest > 0)
    page.raw("<p class=\"rest\">All other kinds together: <strong>").text(number(rest)).raw("</strong></p>\n");
}

void add_groups(Html& page, const Published& month) {
  if (month.groups.size() < 2) return;
  page.raw("<p class=\"rest\">By group: ");
  bool first = true;
  for (const Ranked& group : month.groups) {
    if (!first) page.raw(", ");
    page.text(group.title).raw(" <strong>").text(number(group.count)).raw("</strong>");
    first = false;
  }
  if (month.rest_of_groups > 0) page.raw(", others <strong>").text(number(month.rest_of_groups)).raw("</strong>");
  page.raw("</p>\n");
}

}  // namespace

Html tutorial_sheet(const Published& month) {
  Html page;
  page.raw("<div class=\"report\">\n").part(patterns()).raw("<section class=\"panel\">\n<p class=\"when\">");
  page.text(long_text(month.month)).raw("</p>\n<h1>What the filter stopped most</h1>\n");
  if (!month.total) {
    page.raw("<p class=\"says\">").text(why_empty(month)).raw("</p>\n</section>\n</div>\n");
    return page;
  }
  if (*month.total == 0) {
    page.raw("<p class=\"says\">Nothing was stopped.</p>\n</section>\n</div>\n");
    return page;
  }
  page.raw("<p class=\"says\">It stopped something <strong>")
      .text(counted(*month.total, "time", "times"))
      .raw("</strong>.</p>\n");
  if (month.kinds.empty())
    page.raw("<p>No kind stands out so that it could be shown without speaking about somebody.</p>\n");
  if (!month.kinds.empty()) add_kinds(page, month);
  add_groups(page, month);
  page.raw(
      "</section>\n<section>\n<h2>To talk about</h2>\n<ul>\n"
      "<li>Which of these come up without anybody looking for them: in adverts, links, messages?</li>\n"
      "<li>What would you do if it happened to you, or to a friend?</li>\n"
      "<li>Something was stopped that you need? The page that says so has a button for that.</li>\n"
      "<li>Something worries you? The safeguarding lead listens, and nobody is in trouble for asking.</li>\n"
      "</ul>\n</section>\n"
      "<section class=\"record\">\n<h2>About these numbers</h2>\n<p>They name nobody. Numbers under five, and some "
      "beside "
      "them, are left out or added to the others, so that nobody can be worked out. A page often asks for things that "
      "nobody chose: a number here is not a number of people, nor of wishes.</p>\n</section>\n</div>\n");
  return page;
}

}  // namespace fairlead::agent::console::report
