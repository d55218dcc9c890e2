#include "agent/console/report/whole.hpp"

#include "agent/console/frame.hpp"
#include "agent/console/report/report_page.hpp"
#include "agent/console/report/sheets.hpp"
#include "agent/pages/shell.hpp"

namespace fairlead::agent::console::report {

using pages::Html;

namespace {

struct Pair {
  Figures now, earlier;
};

Result<Pair> both(const Source& source, const Period& period) {
  auto now = gather(source.store, source.rules, period, source.around, Depth::everything);
  if (!now) return tl::unexpected(now.error());
  auto earlier =
      gather(source.store, source.rules, before_as_far(period, source.today()), source.around, Depth::counts);
  if (!earlier) return tl::unexpected(earlier.error());
  return Pair{std::move(*now), std::move(*earlier)};
}

AlertSettings alert_settings(const rules::catalog::Alerts& alerts) {
  const auto& includes = alerts.includes;
  AlertSettings settings{!alerts.mail.empty(), !alerts.webhooks.empty(), includes.person, includes.host, {}};
  if (includes.device) settings.says.emplace_back("the laptop");
  if (includes.severity) settings.says.emplace_back("how serious it is");
  if (includes.risk) settings.says.emplace_back("the risk area");
  if (includes.category) settings.says.emplace_back("the kind of site");
  return settings;
}

}  // namespace

Result<Html> whole_report(const Source& source, const Period& period) {
  const auto figures = both(source, period);
  if (!figures) return tl::unexpected(figures.error());
  return report_page({figures->now, figures->earlier, period, source.today(), source.rules.catalog()});
}

Result<std::string> whole_csv(const Source& source, const Period& period) {
  const auto figures = both(source, period);
  if (!figures) return tl::unexpected(figures.error());
  return report_csv({figures->now, figures->earlier, period, source.today(), source.rules.catalog()});
}

Result<Html> whole_month(const Source& source, const Period& month) {
  const auto figures = gather(source.store, source.rules, month, source.around, Depth::counts);
  if (!figures) return tl::unexpected(figures.error());
  const auto people = count_people(source.store);
  if (!people) return tl::unexpected(people.error());
  return tutorial_sheet(publish(*figures, month, source.today(), *people, source.rules.catalog()));
}

Result<Html> whole_year(const Source& source, const Period& year) {
  const auto people = count_people(source.store);
  if (!people) return tl::unexpected(people.error());
  const auto figures = gather(source.store, source.rules, year, source.around, Depth::counts);
  if (!figures) return tl::unexpected(figures.error());
  std::vector<Published> months;
  for (Period month = period_of(Span::month, year.first); month.first < year.end;
       month = period_of(Span::month, month.end)) {
    months.push_back(publish(*figures, month, source.today(), *people, source.rules.catalog()));
  }
  return review_sheet({year, source.today(), months, source.rules, figures->cover});
}

Html whole_processing(const Source& source) {
  return processing_page(
      {source.rules, source.answers_https, alert_settings(source.rules.policy().alerts), source.today()});
}

std::string document(std::string_view title, std::string_view organisation, const Html& main) {
  const std::string sheet = std::string(style_sheet()) + std::string(report_sheet());
  return pages::framed({title, organisation, sheet, {}, main, {}});
}

}  // namespace fairlead::agent::console::report
