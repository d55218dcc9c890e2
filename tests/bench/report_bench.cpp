// What a year's report costs beside the store's query: report_bench CATEGORIES. A million events, spread over every
// day, category, group and kind.
#include <chrono>
#include <cstdio>

#include "agent/console/report/report_page.hpp"
#include "agent/console/report/sheets.hpp"
#include "rules/policy/rules.hpp"

namespace {

using namespace fairlead;
using namespace fairlead::agent::console::report;

Figures year_of_figures(const rules::catalog::Catalog& catalog, const Period& year, std::uint64_t events) {
  const std::uint64_t cells =
      static_cast<std::uint64_t>(year.days()) * catalog.categories.size() * catalog.policy.groups.size() * 2;
  Figures figures;
  for (Day day = year.first; day < year.end; day += std::chrono::days{1}) {
    for (const auto& category : catalog.categories) {
      for (const auto& group : catalog.policy.groups) {
        for (const auto kind : {agent::events::Kind::blocked, agent::events::Kind::observed}) {
          figures.events.push_back({day, category.id, std::string(to_string(category.risk)),
                                    std::string(to_string(category.severity)), group.id, kind, events / cells + 1, 1});
        }
      }
    }
  }
  return figures;
}

template <class Make>
void measure(const char* what, Make make) {
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t bytes = make();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  std::printf("%-28s %8.1f ms %9zu bytes\n", what, took.count(), bytes);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto loaded = rules::policy::load_rules(argv[1]);
  if (!loaded.rules) return 1;
  const auto& catalog = loaded.rules->catalog();
  const Day after{std::chrono::year{2026} / 9 / 10};
  const Period year = before(period_of(Span::year, after));
  const Figures figures = year_of_figures(catalog, year, 1'000'000);
  std::printf("%zu rows of totals\n", figures.events.size());
  const Period days{Span::days, year.first, year.end};
  const ReportFacts facts{figures, figures, days, after, catalog};
  measure("report of a year", [&] { return report_page(facts).str().size(); });
  measure("its numbers as CSV", [&] { return report_csv(facts).size(); });
  PeopleCount people;
  people.all = 1'000;
  measure("sheet for the yearly review", [&] {
    std::vector<Published> months;
    for (Period month = period_of(Span::month, year.first); month.first < year.end;
         month = period_of(Span::month, month.end))
      months.push_back(publish(figures, month, after, people, catalog));
    return review_sheet({year, after, months, *loaded.rules, {}}).str().size();
  });
}
