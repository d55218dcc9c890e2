#include "agent/console/report/report_page.hpp"

#include <doctest/doctest.h>

#include "agent/console/report/behind.hpp"
#include "agent/console/report/words.hpp"
#include "tests/unit/agent/console/report/samples.hpp"
#include "tests/unit/agent/pages/sample.hpp"

using namespace fairlead;
using namespace fairlead::agent::console::report;
using sample::has;

namespace {

const Period kWeek = period_of(Span::week, day(2026, 3, 25));
const Day kAfter = day(2026, 4, 1);

Figures with(std::uint64_t stopped, Day when) {
  Figures figures;
  if (stopped > 0) figures.events = {count(when, "gambling", "conduct", "medium", stopped)};
  figures.cover.days = 7;
  figures.cover.days_with_signs = 7;
  return figures;
}

std::string page_of(std::uint64_t now, std::uint64_t before) {
  const auto catalog = sample::catalog();
  const Figures is = with(now, day(2026, 3, 25));
  const Figures was = with(before, day(2026, 3, 18));
  return report_page({is, was, kWeek, kAfter, catalog}).str();
}

/// The numbers of a CSV's last column in lines that begin with `what`.
std::uint64_t csv_sum(const std::string& csv, const std::string& what) {
  std::uint64_t sum = 0;
  std::size_t at = 0;
  while (at < csv.size()) {
    const std::size_t end = csv.find("\r\n", at);
    const std::string line = csv.substr(at, end - at);
    if (line.starts_with("\"" + what + "\"")) sum += std::stoull(line.substr(line.rfind(',') + 1));
    at = end + 2;
  }
  return sum;
}

}  // namespace

TEST_CASE("report: the first words say whether it is quieter or busier, and what kind") {
  CHECK(has(page_of(20, 60), "<h1>Quieter than the week before</h1>"));
  CHECK(has(page_of(60, 20), "<h1>Busier than the week before</h1>"));
  CHECK(has(page_of(21, 20), "<h1>Much the same as the week before</h1>"));
  CHECK(has(page_of(0, 20), "<h1>Nothing was stopped"));
  CHECK(has(page_of(20, 60),
            "<strong>20 times</strong>. That is 40 fewer than the week before. All of it gambling (20)."));
}

TEST_CASE("report: the sums in page and CSV equal the events") {
  const auto catalog = sample::catalog();
  for (unsigned seed = 0; seed < 20; ++seed) {
    const Figures figures = random_figures(catalog, kWeek, 300, seed);
    const Figures earlier = random_figures(catalog, before(kWeek), 300, seed + 100);
    std::uint64_t blocked = 0;
    std::uint64_t events = 0;
    std::uint64_t quiet = 0;
    for (const DayCount& row : figures.events) {
      events += row.events;
      if (row.kind == agent::events::Kind::blocked) blocked += row.events;
    }
    for (const QuietCount& row : figures.quiet) quiet += row.count;
    const ReportFacts facts{figures, earlier, kWeek, kAfter, catalog};
    const std::string page = report_page(facts).str();
    CHECK(has(page, "stopped something <strong>" + counted(blocked, "time", "times")));
    CHECK(has(page, "Events: " + number(events) + ", of which " + number(blocked) + " stopped"));
    CHECK(has(page, "only counted: " + number(quiet) + "."));
    const std::string csv = report_csv(facts);
    CHECK(csv_sum(csv, "stopped") == blocked);
    CHECK(csv_sum(csv, "stopped") + csv_sum(csv, "noted") + csv_sum(csv, "malformed request") == events);
    CHECK(csv_sum(csv, "only counted") == quiet);
  }
}

TEST_CASE("report: an unfinished week is compared with as much of the week before, and days to come have no number") {
  const auto catalog = sample::catalog();
  const Figures is = with(20, day(2026, 3, 24));
  Figures was = with(60, day(2026, 3, 17));
  was.events.push_back(count(day(2026, 3, 21), "gambling", "conduct", "medium", 1'000));
  const std::string page = report_page({is, was, kWeek, day(2026, 3, 25), catalog}).str();
  CHECK(has(page, "40 fewer than the same days of the week before"));
  CHECK(has(page, ", so far"));
  CHECK(has(page, "Tuesday 24 March: 20"));
  CHECK_FALSE(has(page, "Thursday 26 March"));
}

TEST_CASE("report: terms of different length are told as so many a week") {
  const auto catalog = sample::catalog();
  const Period spring = period_of(Span::term, day(2026, 3, 25));
  Figures is = with(900, day(2026, 2, 24));
  Figures was = with(1'220, day(2025, 10, 17));
  const std::string page = report_page({is, was, spring, day(2026, 4, 25), catalog}).str();
  CHECK(has(page, "That is about 70 a week; it was about 70 a week the term before."));
  CHECK(has(page, "Much the same as the term before"));
}

TEST_CASE("report: hostile titles, ids and groups stay text, in the page and in a spreadsheet") {
  auto catalog = sample::catalog();
  catalog.categories[2].title = "<script>alert(1)</script>";
  catalog.policy.groups[0].title = "\" onmouseover=\"x";
  Figures figures = with(20, day(2026, 3, 25));
  figures.events.push_back(count(day(2026, 3, 25), "=HYPERLINK(\"http://x\")", "", "", 4, "-1+1<b>"));
  const ReportFacts facts{figures, figures, kWeek, kAfter, catalog};
  const std::string page = report_page(facts).str();
  CHECK_FALSE(has(page, "<script"));
  CHECK_FALSE(has(page, "<b>"));
  CHECK_FALSE(has(page, "\" onmouseover"));
  CHECK_FALSE(has(page, "style="));
  const std::string csv = report_csv(facts);
  CHECK(has(csv, "\"'=HYPERLINK(\"\"http://x\"\")\",\"'-1+1<b>\""));
}

TEST_CASE("report: what is not known is said") {
  Figures figures = with(20, day(2026, 3, 25));
  figures.cover.days_with_signs = 5;
  const auto catalog = sample::catalog();
  const std::string page = report_page({figures, figures, kWeek, kAfter, catalog}).str();
  CHECK(has(page, "this laptop alone"));
  CHECK(has(page, "a sign on 5 of 7 days. On the other 2 either nothing was stopped or the laptop was off"));
  CHECK(has(page, "How old the rules in force are is not known here."));
}

TEST_CASE("report: how things were looked after is told in plain numbers") {
  Figures figures = with(20, day(2026, 3, 25));
  figures.incidents = {5, 1, 1, 1, 1, 1, 3, 4, Seconds{4 * 3600}, Seconds{2 * 86'400}, Seconds{9 * 86'400}};
  figures.appeals = {4, 3, 2, 1, Seconds{86'400}, Seconds{3 * 86'400}};
  figures.mending = {2, 1, 1, 0, {}, {}};
  figures.words = {3, 4, 1};
  figures.alerts = {3, 1};
  const std::string text = looked_after(figures).str();
  CHECK(has(text, "1 new, 1 in review, 3 closed (1 with action, 1 without need for action, 1 a false alarm)"));
  CHECK(has(text, "of 5 looked at, usually within 4 hours, at the latest after 2 days; 1 not yet"));
  CHECK(has(text, "are open; the oldest began 9 days ago"));
  CHECK(has(text, "asked: 2 opened, 1 declined, 1 waiting for an answer; usually answered within 24 hours"));
  CHECK(has(text, "1 mended, 1 not mended yet"));
  CHECK(has(text, "3 said it was by accident, 4 said the block is wrong, 1 said they are worried"));
  CHECK(has(text, "1 not delivered today: ask IT to look"));
}
