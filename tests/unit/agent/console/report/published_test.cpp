#include "agent/console/report/published.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "agent/console/report/sheets.hpp"
#include "agent/console/report/suppress.hpp"
#include "tests/unit/agent/console/report/samples.hpp"
#include "tests/unit/agent/pages/sample.hpp"

using namespace fairlead;
using namespace fairlead::agent::console::report;
using sample::has;

namespace {

const Period kMarch = period_of(Span::month, day(2026, 3, 1));
const Day kApril = day(2026, 4, 2);

PeopleCount many_people() {
  PeopleCount people;
  people.all = 40;
  people.by_group = {{"learners", 30}, {"staff", 10}};
  return people;
}

}  // namespace

TEST_CASE("publish: nothing under five is said, and what is shown and the rest make the total") {
  const auto catalog = sample::catalog();
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Figures figures = random_figures(catalog, kMarch, seed % 9, seed);
    const Published month = publish(figures, kMarch, kApril, many_people(), catalog);
    const std::uint64_t stopped = sums_of(figures, kMarch).stopped;
    CHECK(month.total.has_value() == may_show_total(stopped));
    if (!month.total) continue;
    CHECK(*month.total == stopped);
    for (const auto* table : {&month.kinds, &month.groups}) {
      std::uint64_t shown = 0;
      for (const Ranked& line : *table) {
        CHECK(line.id != "unlawful-terrorist-material");
        CHECK(line.count >= kSmallest);
        shown += line.count;
      }
      const std::uint64_t rest = table == &month.kinds ? month.rest : month.rest_of_groups;
      CHECK((rest == 0 || rest >= kSmallest));
      CHECK(shown + rest == stopped);
    }
  }
}

TEST_CASE("publish: a month that is not over, and figures of fewer than five people, are not shown at all") {
  const auto catalog = sample::catalog();
  const Figures figures = random_figures(catalog, kMarch, 40, 1);
  const Published early = publish(figures, kMarch, day(2026, 3, 31), many_people(), catalog);
  CHECK_FALSE(early.total.has_value());
  CHECK(early.kinds.empty());
  CHECK(has(tutorial_sheet(early).str(), "not over yet"));

  PeopleCount few;
  few.all = 4;
  few.by_group = {{"learners", 4}};
  const Published small = publish(figures, kMarch, kApril, few, catalog);
  CHECK_FALSE(small.total.has_value());
  CHECK(small.kinds.empty());
  CHECK(has(tutorial_sheet(small).str(), "Fewer than five people"));
}

TEST_CASE("publish: one group of fewer than five people takes the table of groups away") {
  const auto catalog = sample::catalog();
  const Figures figures = random_figures(catalog, kMarch, 40, 1);
  PeopleCount people = many_people();
  people.by_group["staff"] = 4;
  const Published month = publish(figures, kMarch, kApril, people, catalog);
  CHECK(month.total.has_value());
  CHECK_FALSE(month.groups_shown);
  CHECK(month.groups.empty());
}

TEST_CASE("sum_of: a year says nothing that its months do not say") {
  const auto catalog = sample::catalog();
  std::vector<Published> months;
  std::uint64_t shown = 0;
  for (Period month = kMarch; months.size() < 6; month = period_of(Span::month, month.end)) {
    months.push_back(publish(random_figures(catalog, month, 2, static_cast<unsigned>(months.size())), month,
                             day(2026, 8, 2), many_people(), catalog));
    for (const Ranked& kind : months.back().kinds) shown += kind.count;
  }
  const PublishedSum sum = sum_of(months);
  CHECK(sum.months == 5);  // the sixth is not over
  CHECK(std::accumulate(sum.kinds.begin(), sum.kinds.end(), std::uint64_t{0},
                        [](std::uint64_t all, const Ranked& kind) { return all + kind.count; }) == shown);
  CHECK(sum.total == shown + sum.rest);
}

TEST_CASE("tutorial sheet: hostile titles stay text, and nobody is accused") {
  auto catalog = sample::catalog();
  for (auto& category : catalog.categories) category.title = "<img src=x onerror=alert(1)>\"" + category.id;
  for (auto& group : catalog.policy.groups) group.title = "</p><script>" + group.id;
  const Figures figures = random_figures(catalog, kMarch, 40, 1);
  const std::string page = tutorial_sheet(publish(figures, kMarch, kApril, many_people(), catalog)).str();
  CHECK(has(page, "&lt;img"));
  CHECK_FALSE(has(page, "<img"));
  CHECK_FALSE(has(page, "<script"));
}

TEST_CASE("review sheet: says groups, exceptions in force, tests and laptops, and needs no figures to be printed") {
  auto catalog = sample::catalog();
  catalog.policy.exceptions.push_back({"course.example",
                                       "/",
                                       rules::catalog::Action::allow,
                                       {0},
                                       "A <b>tutor</b>",
                                       "needed",
                                       std::chrono::sys_days(day(2026, 9, 1)),
                                       {}});
  catalog.policy.exceptions.push_back({"past.example",
                                       "/",
                                       rules::catalog::Action::allow,
                                       {0},
                                       "owner",
                                       "needed",
                                       std::chrono::sys_days(day(2026, 1, 1)),
                                       {}});
  const auto rules = sample::rules_from(std::move(catalog));
  REQUIRE(rules != nullptr);
  const std::string page = review_sheet({period_of(Span::year, kApril), kApril, {}, *rules, {}}).str();
  CHECK(has(page, "course.example: open, until 2026-08-31, owner A &lt;b&gt;tutor"));
  CHECK_FALSE(has(page, "past.example"));
  CHECK(has(page, "always stopped"));
  CHECK(has(page, "Laptops covered: this one"));
}
