// Writes whole answers with reports made from sample figures, so that a browser can be shown them: render_reports
// FOLDER CATEGORIES.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "agent/console/frame.hpp"
#include "agent/console/report/report_page.hpp"
#include "agent/console/report/sheets.hpp"
#include "agent/console/report/whole.hpp"
#include "agent/pages/pages.hpp"
#include "agent/pages/shell.hpp"
#include "tests/unit/agent/console/report/samples.hpp"

namespace {

using namespace fairlead;
using namespace fairlead::agent::console::report;
using agent::pages::Answer;
using agent::pages::Html;

bool write(const std::filesystem::path& folder, const std::string& name, const Html& main) {
  Answer answer{200, std::string(agent::pages::kHtmlType), document("Report", "Example Trades Training", main)};
  answer.content_security_policy = agent::pages::content_security_policy_with(
      std::string(agent::console::style_sheet()) + std::string(report_sheet()));
  std::ofstream out(folder / (name + ".http"), std::ios::binary);
  out << agent::pages::to_wire(answer, false, false);
  return out.flush().good();
}

Figures looked_after_figures(Figures figures) {
  figures.incidents = {7, 1, 1, 2, 2, 1, 3, 6, Seconds{4 * 3600}, Seconds{2 * 86'400}, Seconds{9 * 86'400}};
  figures.appeals = {4, 3, 2, 1, Seconds{86'400}, Seconds{3 * 86'400}};
  figures.mending = {2, 1, 1, 0, {}, {}};
  figures.words = {3, 4, 1};
  figures.alerts = {3, 1};
  figures.cover.told_at = std::chrono::sys_days(day(2026, 3, 30));
  figures.cover.rules_since = std::chrono::sys_days(day(2026, 3, 27));
  return figures;
}

/// Half as much as `figures`: a quieter time.
Figures halved(Figures figures) {
  for (DayCount& one : figures.events) one.events = (one.events + 1) / 3;
  return figures;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: render_reports FOLDER CATEGORIES\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto loaded = rules::policy::load_rules(argv[2]);
  if (!loaded.rules) return 1;
  const auto& catalog = loaded.rules->catalog();
  const Period week = period_of(Span::week, day(2026, 3, 25));
  const Period term = period_of(Span::term, day(2026, 3, 25));
  const Period month = period_of(Span::month, day(2026, 3, 25));
  const Day after = day(2026, 4, 1);

  const Figures busy = looked_after_figures(random_figures(catalog, week, 6, 5));
  const Figures busy_before = random_figures(catalog, before(week), 6, 6);
  const Figures calm = looked_after_figures(halved(busy));
  Figures none;
  none.cover.days = 7;
  Figures few = none;
  few.cover.days_with_signs = 2;
  few.events = {count(day(2026, 3, 24), "gambling", "conduct", "medium", 2),
                count(day(2026, 3, 25), "self-harm-and-suicide", "content", "critical", 1)};
  const Figures long_now = looked_after_figures(random_figures(catalog, term, 9, 7));
  const Figures long_before = random_figures(catalog, before(term), 5, 8);
  PeopleCount people;
  people.all = 40;
  for (const auto& group : catalog.policy.groups) people.by_group[group.id] = 10;

  std::vector<Published> months;
  for (Period one = period_of(Span::month, day(2025, 9, 1)); months.size() < 12; one = period_of(Span::month, one.end))
    months.push_back(
        publish(random_figures(catalog, one, 4, static_cast<unsigned>(months.size())), one, after, people, catalog));
  const Figures month_figures = random_figures(catalog, month, 3, 9);
  const Html week_busy = report_page({busy, halved(busy_before), week, after, catalog});
  const bool good =
      write(folder, "report-week-busier", week_busy) &&
      write(folder, "report-week-quieter", report_page({calm, busy_before, week, after, catalog})) &&
      write(folder, "report-week-same", report_page({busy, busy, week, day(2026, 3, 27), catalog})) &&
      write(folder, "report-week-nothing", report_page({none, none, week, after, catalog})) &&
      write(folder, "report-week-first", report_page({few, none, week, after, catalog})) &&
      write(folder, "report-term", report_page({long_now, long_before, term, after, catalog})) &&
      write(folder, "report-month-sheet", tutorial_sheet(publish(month_figures, month, after, people, catalog))) &&
      write(folder, "report-month-small", tutorial_sheet(publish(month_figures, month, after, {}, catalog))) &&
      write(folder, "report-year",
            review_sheet({period_of(Span::year, after), after, months, *loaded.rules, busy.cover})) &&
      write(folder, "report-processing",
            processing_page({*loaded.rules, true, {true, false, false, false, {"severity", "risk area"}}, after}));
  return good ? 0 : 1;
}
