#include "agent/console/report/report_page.hpp"

#include <algorithm>

#include "agent/console/report/behind.hpp"
#include "agent/console/report/chart.hpp"
#include "agent/console/report/words.hpp"

namespace fairlead::agent::console::report {

using pages::Html;

namespace {

constexpr std::size_t kKindsShown = 8;
constexpr std::size_t kKindsNamed = 3;

/// Everything that more than one part of the page needs.
struct Sheet {
  const ReportFacts& facts;
  Period days, earlier_days;  // as far as they have come
  Sums now, before;
  std::vector<Ranked> kinds;
  bool has_before = false;  // does the store know anything of the time before?
  Trend trend = Trend::nothing;
};

Sheet sheet_of(const ReportFacts& facts) {
  const Period days = as_far(facts.period, facts.today);
  const Period earlier_days = before_as_far(facts.period, facts.today);
  Sheet sheet{facts,
              days,
              earlier_days,
              sums_of(facts.now, days),
              sums_of(facts.earlier, earlier_days),
              by_category(facts.now, facts.earlier, days, earlier_days, facts.catalog)};
  sheet.has_before = facts.earlier.cover.days_with_signs > 0;
  sheet.trend = trend_of({sheet.now.stopped, days.days()}, {sheet.before.stopped, earlier_days.days()});
  return sheet;
}

std::string headline(const Sheet& sheet) {
  const std::string before(before_text(sheet.facts.period));
  if (sheet.now.stopped == 0)
    return "Nothing was stopped " + std::string(this_text(sheet.facts.period, sheet.facts.today));
  if (!sheet.has_before) return "The first figures";
  switch (sheet.trend) {
    case Trend::quieter:
      return "Quieter than " + before;
    case Trend::busier:
      return "Busier than " + before;
    case Trend::same:
    case Trend::nothing:
      break;
  }
  return "Much the same as " + before;
}

void add_arrow(Html& page, const Sheet& sheet) {
  const bool compared = sheet.has_before && sheet.now.stopped + sheet.before.stopped > 0;
  page.raw(
      "<svg class=\"arrow\" viewBox=\"0 0 48 48\" width=\"48\" height=\"48\" aria-hidden=\"true\" "
      "focusable=\"false\">");
  if (compared && sheet.trend == Trend::busier) {
    page.raw("<path d=\"M24 42V8M10 22 24 8l14 14\"/>");
  } else if (compared && sheet.trend == Trend::quieter) {
    page.raw("<path d=\"M24 6v34M10 26l14 14 14-14\"/>");
  } else {
    page.raw("<path d=\"M8 18h32M8 30h32\"/>");
  }
  page.raw("</svg>");
}

std::string a_week(std::uint64_t count, const Period& days) {
  return number((count * 7 + static_cast<std::uint64_t>(days.days()) / 2) /
                std::max<std::uint64_t>(1, static_cast<std::uint64_t>(days.days())));
}

/// "18 fewer than the week before"; spans of different length are told as so many a week.
std::string compared_text(const Sheet& sheet) {
  if (!sheet.has_before) return "";
  const std::string before(before_text(sheet.facts.period));
  if (sheet.days.days() != sheet.earlier_days.days()) {
    return "That is about " + a_week(sheet.now.stopped, sheet.days) + " a week; it was about " +
           a_week(sheet.before.stopped, sheet.earlier_days) + " a week " + before + ".";
  }
  const bool over = is_over(sheet.facts.period, sheet.facts.today);
  const std::string then = over ? before : "the same days of " + before;
  if (sheet.now.stopped == sheet.before.stopped) return "As many as " + then + ".";
  return "That is " + change_text(sheet.now.stopped, sheet.before.stopped == 0 ? 0 : sheet.before.stopped) +
         (sheet.before.stopped == 0 ? ": none " + then : " than " + then) + ".";
}

std::string mostly_text(const std::vector<Ranked>& kinds) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kinds.size(), kKindsNamed); ++i) {
    if (i > 0) text += i + 1 == std::min(kinds.size(), kKindsNamed) ? " and " : ", ";
    text += inside_sentence(kinds[i].title) + " (" + number(kinds[i].count) + ")";
  }
  return (kinds.size() > kKindsNamed ? "Mostly " : "All of it ") + text + ".";
}

void add_compared_bars(Html& page, const Sheet& sheet) {
  const std::uint64_t scale = std::max({sheet.now.stopped, sheet.before.stopped, std::uint64_t{1}});
  const auto row = [&](std::string_view name, const Sums& sums) {
    page.raw("<div><dt>").text(name).raw("</dt><dd>").part(bar(sums.areas, scale)).raw("<span class=\"count\">");
    page.text(number(sums.stopped)).raw("</span></dd></div>\n");
  };
  std::string now(this_text(sheet.facts.period, sheet.facts.today));
  if (sheet.facts.period.span == Span::days) now = "these days";
  page.raw("<dl class=\"bars\">\n");
  row(now, sheet.now);
  if (sheet.has_before) row(before_text(sheet.facts.period), sheet.before);
  page.raw("</dl>\n");
}

Html hero(const Sheet& sheet) {
  Html page;
  page.raw("<section class=\"panel hero\">\n<p class=\"when\">").text(long_text(sheet.facts.period));
  if (!is_over(sheet.facts.period, sheet.facts.today)) page.raw(", so far");
  page.raw("</p>\n<div class=\"said\">");
  add_arrow(page, sheet);
  page.raw("<h1>").text(headline(sheet)).raw("</h1></div>\n");
  if (sheet.now.stopped == 0) {
    page.raw("<p class=\"says\">");
    page.text(sheet.before.stopped == 0 ? std::string()
                                        : "It was " + counted(sheet.before.stopped, "time", "times") + " " +
                                              std::string(before_text(sheet.facts.period)) + ".");
    page.raw("</p>\n</section>\n");
    return page;
  }
  page.raw("<p class=\"says\">The filter stopped something <strong>")
      .text(counted(sheet.now.stopped, "time", "times"))
      .raw("</strong>. ")
      .text(compared_text(sheet))
      .raw(" ")
      .text(mostly_text(sheet.kinds))
      .raw("</p>\n");
  add_compared_bars(page, sheet);
  page.part(legend(sheet.now.areas));
  if (sheet.now.serious > 0) {
    page.raw("<p class=\"serious\"><strong>")
        .text(number(sheet.now.serious))
        .raw("</strong> of these were of the most serious kinds, where somebody may come to harm.</p>\n");
  } else {
    page.raw("<p class=\"serious\">None of these was of the most serious kinds.</p>\n");
  }
  page.raw("</section>\n");
  return page;
}

Html over_time(const Sheet& sheet) {
  const std::vector<Slot> slots = slots_of(sheet.facts.period);
  const std::vector<ByArea> parts = by_slot(sheet.facts.now, slots);
  std::vector<Column> columns;
  for (std::size_t i = 0; i < slots.size(); ++i)
    columns.push_back({slots[i].label, slots[i].long_label, parts[i], slots[i].first > sheet.facts.today});
  const bool daily = slots.size() < 2 || slots[0].end - slots[0].first == std::chrono::days{1};
  const std::string_view heading = daily ? "Day by day" : "Week by week";
  Html page;
  page.raw("<section class=\"time\" aria-labelledby=\"time\">\n<h2 id=\"time\">").text(heading).raw("</h2>\n");
  page.part(columns_chart("columns", daily ? "Stopped on each day" : "Stopped in each week", columns));
  page.part(columns_table(daily ? "Day" : "Week", "How often something was stopped, by area", columns));
  page.raw("</section>\n");
  return page;
}

Html kinds(const Sheet& sheet) {
  Html page;
  page.raw("<section class=\"kinds\" aria-labelledby=\"kinds\">\n<h2 id=\"kinds\">What kinds</h2>\n");
  if (sheet.kinds.empty()) {
    page.raw("<p>None.</p>\n</section>\n");
    return page;
  }
  const bool compare = sheet.has_before && sheet.days.days() == sheet.earlier_days.days();
  page.raw("<ol class=\"ranking\">\n");
  const std::uint64_t scale = sheet.kinds.front().count;
  // One kind over would make a line "1 other kind", which is no shorter.
  const std::size_t shown = sheet.kinds.size() <= kKindsShown + 1 ? sheet.kinds.size() : kKindsShown;
  for (std::size_t i = 0; i < shown; ++i) {
    const Ranked& kind = sheet.kinds[i];
    ByArea parts{};
    parts.at(static_cast<std::size_t>(kind.area)) = kind.count;
    page.raw("<li><span class=\"name\">").text(kind.title).raw("</span> <span class=\"count\">");
    page.text(number(kind.count)).raw("</span>");
    if (compare) page.raw(" <span class=\"change\">").text(change_text(kind.count, kind.before)).raw("</span>");
    page.part(bar(parts, scale)).raw("</li>\n");
  }
  page.raw("</ol>\n");
  std::uint64_t rest = 0;
  for (std::size_t i = shown; i < sheet.kinds.size(); ++i) rest += sheet.kinds[i].count;
  if (rest > 0) {
    page.raw("<p class=\"rest\">")
        .text(counted(sheet.kinds.size() - shown, "other kind", "other kinds"))
        .raw(" together: <strong>")
        .text(number(rest))
        .raw("</strong></p>\n");
  }
  const auto groups =
      by_group(sheet.facts.now, sheet.facts.earlier, sheet.days, sheet.earlier_days, sheet.facts.catalog);
  if (groups.size() > 1) {
    page.raw("<p class=\"rest\">By group: ");
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (i > 0) page.raw(", ");
      page.text(groups[i].title).raw(" <strong>").text(number(groups[i].count)).raw("</strong>");
    }
    page.raw("</p>\n");
  }
  page.raw("</section>\n");
  return page;
}

}  // namespace

Html report_page(const ReportFacts& facts) {
  const Sheet sheet = sheet_of(facts);
  Html page;
  page.raw("<div class=\"report\">\n").part(patterns()).part(hero(sheet));
  page.raw("<div class=\"pair\">\n").part(over_time(sheet)).part(kinds(sheet)).raw("</div>\n");
  page.part(looked_after(facts.now)).part(behind(facts.now.cover, sheet.now)).raw("</div>\n");
  return page;
}

}  // namespace fairlead::agent::console::report
