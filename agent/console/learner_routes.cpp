#include "agent/console/learner_routes.hpp"

#include <array>
#include <future>

#include "agent/console/pages.hpp"
#include "agent/console/requests.hpp"
#include "agent/events/appeal.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::console {

namespace {

/// The host of the address that decided in place of the one that was asked for: such a span has a scheme.
std::string other_host_of(const events::Event& event) {
  rules::url::CanonicalUrl other;
  if (event.span.find("://") == std::string::npos || !other.assign(event.span)) return {};
  return other.host() == event.host ? std::string() : std::string(other.host());
}

Result<std::vector<OwnBlock>> own_blocks(const Visit& visit) {
  std::vector<OwnBlock> out;
  if (visit.visitor.person.empty()) return out;  // what belongs to nobody known is shown to nobody
  events::Filter filter;
  filter.person = visit.visitor.person;
  filter.limit = kOwnBlocksShown;
  filter.newest_first = true;
  const auto rows = visit.desk.store.list(filter);
  if (!rows) return tl::unexpected(rows.error());
  for (const events::Stored& row : *rows) {
    OwnBlock block;
    block.id = row.event.id;
    block.time = std::chrono::floor<std::chrono::seconds>(row.event.time);
    block.host = row.event.host;
    block.reported = !row.reports.empty();
    block.because_of = other_host_of(row.event);
    block.let_through = row.event.kind == events::Kind::observed;
    if (const auto answer = answer_about(visit, row.event.id, row.incident, row.event.rule))
      block.answer = answer_words(visit, *answer);
    if (const auto* category = category_named(visit.desk.rules->catalog(), row.event.category)) {
      block.category_title = category->title;
      block.says = category->says;
    }
    out.push_back(std::move(block));
  }
  return out;
}

int store_report(const Visit& visit, const pages::ReportForm& form) {
  events::Report report{form.id, visit.visitor.person, events::ReportKind::accident, visit.desk.now, form.words};
  for (const auto kind : {events::ReportKind::wrong, events::ReportKind::concern}) {
    if (form.kind == to_string(kind)) report.kind = kind;
  }
  std::promise<Result<void>> answer;
  visit.desk.store.report(report, [&answer](Result<void> stored) { answer.set_value(std::move(stored)); });
  const auto stored = answer.get_future().get();
  if (stored && report.kind == events::ReportKind::wrong) {
    return events::open_appeal(visit.desk.store, form.id, visit.desk.now) ? 200 : 503;
  }
  if (stored) return 200;
  return stored.error().code == Errc::not_found ? 404 : 503;
}

pages::Answer learner_page(const Visit& visit) {
  Site site{
      *visit.desk.rules, std::chrono::floor<std::chrono::seconds>(visit.desk.now), {}, {}, visit.desk.answers_https};
  site.own_blocks = [&] { return own_blocks(visit); };
  site.report = [&](const pages::ReportForm& form) { return store_report(visit, form); };
  return respond(visit.request, site);
}

constexpr std::array kRoutes = {
    Route{"GET", "/", Role::learner, learner_page},
    Route{"GET", "/why", kEverybody, learner_page},
    Route{"GET", "/recorded", kEverybody, learner_page},
    Route{"POST", kConsoleReportPath, kEverybody, learner_page},
};

}  // namespace

std::span<const Route> learner_routes() { return kRoutes; }

}  // namespace fairlead::agent::console
