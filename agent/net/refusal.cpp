#include "agent/net/refusal.hpp"

#include <optional>

#include "agent/events/appeal.hpp"
#include "agent/net/listener.hpp"
#include "agent/pages/pages.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::net {
namespace {

using events::Navigation;
using events::Recorded;
using session::Refusal;

pages::Trouble trouble_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::malformed:
      return pages::Trouble::bad_request;
    case Refusal::too_large:
      return pages::Trouble::too_large;
    case Refusal::unsupported:
      return pages::Trouble::not_supported;
    case Refusal::expectation:
      return pages::Trouble::expectation;
    case Refusal::port:
      return pages::Trouble::port_refused;
    case Refusal::not_tls:
      return pages::Trouble::not_tls;
    case Refusal::local_target:
      return pages::Trouble::local_target;
    case Refusal::untrusted_site:
      return pages::Trouble::untrusted_site;
    case Refusal::ip_literal:
      return pages::Trouble::ip_literal;
    case Refusal::no_such_site:
      return pages::Trouble::no_such_site;
    case Refusal::cannot_connect:
      return pages::Trouble::cannot_connect;
    case Refusal::upstream_broken:
      return pages::Trouble::upstream_broken;
    case Refusal::timed_out:
      return pages::Trouble::timed_out;
    case Refusal::safe_search:
      return pages::Trouble::safe_search;
    case Refusal::upstream_proxy:
      return pages::Trouble::upstream_proxy;
    case Refusal::blocked:
    case Refusal::agreement:
    case Refusal::internal:
      break;
  }
  return pages::Trouble::internal;
}

std::string_view value_of(const http::RequestHead& head, std::string_view name) {
  const http::Field* field = head.fields.find(name);
  return field == nullptr ? std::string_view() : field->value;
}

/// Browsers send Sec-Fetch-* to trustworthy addresses only; on plain HTTP the older signs have to do.
void tell_navigation(const http::RequestHead& head, events::Circumstances& out) {
  const std::string_view mode = value_of(head, "sec-fetch-mode");
  if (!mode.empty()) {
    out.navigation = mode == "navigate" ? Navigation::yes : Navigation::no;
    out.navigation_sign = "Sec-Fetch-Mode";
  } else if (head.fields.find("x-requested-with") != nullptr) {
    out.navigation = Navigation::no;
    out.navigation_sign = "X-Requested-With";
  } else if (value_of(head, "upgrade-insecure-requests") == "1") {
    out.navigation = Navigation::yes;
    out.navigation_sign = "Upgrade-Insecure-Requests";
  } else if (value_of(head, "accept").find("text/html") != std::string_view::npos) {
    out.navigation = Navigation::yes;
    out.navigation_sign = "Accept";
  }
}

events::Event event_of(const session::Session& session, const rules::policy::Person& person, std::string id) {
  events::Circumstances circumstances;
  circumstances.method = session.is_connect() ? std::string_view("CONNECT") : session.request().method;
  circumstances.time = platform::wall_clock();
  if (!session.is_connect()) tell_navigation(session.request(), circumstances);
  return events::make_event(*session.rules(), session.decision(), session.judged_url(), person, circumstances,
                            std::move(id));
}

Task<Recorded> record(Services& services, events::Event event) {
  auto start = [&services, event = std::move(event)](std::function<void(Recorded)> done) mutable {
    services.store.record(std::move(event), std::move(done));
  };
  co_return co_await await_callback<Recorded>(services.context, std::move(start));
}

/// Is this category written down, or only counted?
bool is_counted_only(const rules::policy::Decision& decision) {
  const rules::catalog::Category* category = decision.category();
  return category != nullptr && (category->quiet || category->record == rules::catalog::Record::none);
}

void count(Services& services, const session::Session& session) {
  const auto& decision = session.decision();
  const auto& groups = session.rules()->policy().groups;
  const std::string_view group = decision.group < groups.size() ? std::string_view(groups[decision.group].id) : "";
  services.store.count(decision.category()->id, group, platform::wall_clock());
}

/// Whatever becomes of the event, the request stays blocked: the store counts and tells what it could not keep.
Task<void> record_as(Services& services, const session::Session& session, const rules::policy::Person& person,
                     const std::string& id) {
  if (services.probes.take(session.judged_url().host(), Probes::Clock::now())) co_return;
  ++services.counters.blocked;
  if (is_counted_only(session.decision())) {
    count(services, session);
    co_return;
  }
  auto event = event_of(session, person, id);
  co_await record(services, std::move(event));
}

/// Browsers throw away what stands in the answer to a CONNECT, and some clients take no certificate of ours. What is
/// only counted is no visit of a person's.
void tell_on_desktop(Services& services, const session::Session& session, const rules::policy::Person& person) {
  if (is_counted_only(session.decision()) || services.local_pages.empty()) return;
  services.notices.block_without_page(person, session.judged_url().host(), services.local_pages.front());
}

void note_malformed(Services& services, const session::Session& session, const rules::policy::Person& person) {
  ++services.counters.malformed;
  events::Event event;
  event.id = events::new_decision_id();
  event.kind = events::Kind::malformed;
  event.time = platform::wall_clock();
  event.person = person.name;
  event.found = std::string(to_string(person.found));
  event.rule = session.error().context;
  event.ruleset_id = std::string(session.rules()->ruleset_id());
  services.store.record(std::move(event), [](Recorded) {});
}

}  // namespace

Task<std::string> answer_refusal(Services& services, const session::Session& session,
                                 const rules::policy::Person& person) {
  const http::RequestHead& head = session.request();
  const pages::Form form = pages::choose_form(value_of(head, "accept"), value_of(head, "sec-fetch-dest"));
  if (session.refusal() == Refusal::agreement) {
    if (session.is_connect()) ask_on_desktop(services, person);
    const std::string pages = services.local_pages.empty() ? "" : "http://" + to_text(services.local_pages.front());
    co_return pages::to_wire(pages::waiting_page(session.rules()->policy(), pages, form), session.is_head(), false);
  }
  if (session.refusal() != Refusal::blocked) {
    const Refusal why = session.refusal();
    if (why == Refusal::malformed || why == Refusal::too_large) note_malformed(services, session, person);
    if (why == Refusal::safe_search) ++services.counters.without_safe_search;
    const std::string_view host = why == Refusal::malformed ? std::string_view() : session.requested_host();
    const std::string sign_in = may_be_portals_doing(why) ? services.portal.hosts().sign_in() : std::string();
    co_return pages::to_wire(pages::error_page(trouble_of(why), host, session.error().context, form, sign_in),
                             session.is_head(), false);
  }
  const std::string id = events::new_decision_id();
  co_await record_as(services, session, person, id);
  if (session.is_connect()) tell_on_desktop(services, session, person);
  const pages::BlockFacts facts{*session.rules(),
                                session.decision(),
                                session.judged_url(),
                                id,
                                !is_counted_only(session.decision()),
                                std::chrono::floor<std::chrono::seconds>(platform::wall_clock())};
  co_return pages::to_wire(pages::block_page(facts, form), session.is_head(), false);
}

Task<void> record_block(Services& services, const session::Session& session, const rules::policy::Person& person) {
  const std::string id = events::new_decision_id();
  co_await record_as(services, session, person, id);
  tell_on_desktop(services, session, person);
}

void ask_on_desktop(Services& services, const rules::policy::Person& person) {
  if (services.local_pages.empty()) return;
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const bool system_account = services.people.is_system_account(person);
  if (!services.agreements.should_ask(*services.keeper.current(), person, system_account, now)) return;
  services.notices.agreement_to_answer(person, services.local_pages.front());
}

void note_observed(Services& services, const session::Session& session, const rules::policy::Person& person) {
  if (session.decision().verdict != rules::policy::Verdict::observe) return;
  if (is_counted_only(session.decision())) {
    count(services, session);
    return;
  }
  services.store.record(event_of(session, person, events::new_decision_id()), [](Recorded) {});
}

void note_passed_through(Services& services, std::string host,
                         const std::shared_ptr<const rules::policy::Rules>& rules) {
  events::Event event;
  event.id = events::new_decision_id();
  event.kind = events::Kind::passed_through;
  event.time = platform::wall_clock();
  event.host = std::move(host);
  event.ruleset_id = std::string(rules->ruleset_id());
  services.store.record(std::move(event), [](Recorded) {});
}

bool is_report(const session::Session& session) {
  return session.refusal() == Refusal::blocked && session.request().method == "POST" && !session.is_connect() &&
         session.judged_url().path() == pages::kReportPath;
}

std::size_t report_size(const session::Session& session) {
  constexpr std::size_t kMost = std::size_t{4} * 1024;
  const http::Framing framing = session.request_framing();
  const bool fits = framing.kind == http::Framing::Kind::length && framing.length <= kMost;
  return fits ? static_cast<std::size_t>(framing.length) : 0;
}

Task<std::string> answer_report(Services& services, const rules::policy::Person& person, std::string body) {
  const pages::ReportForm form = pages::parse_report_form(body);
  std::optional<events::ReportKind> kind;
  for (const auto known : {events::ReportKind::accident, events::ReportKind::wrong, events::ReportKind::concern}) {
    if (form.kind == to_string(known)) kind = known;
  }
  int status = 404;
  if (kind && !form.id.empty()) {
    events::Report report{form.id, person.name, *kind, platform::wall_clock(), form.words};
    auto start = [&services, report = std::move(report)](std::function<void(Result<void>)> done) mutable {
      services.store.report(std::move(report), std::move(done));
    };
    const auto stored = co_await await_callback<Result<void>>(services.context, std::move(start));
    status = 200;
    if (!stored) status = stored.error().code == Errc::not_found ? 404 : 503;
    if (stored && *kind == events::ReportKind::wrong) {
      const auto open = [&services, id = form.id] {
        return events::open_appeal(services.store, id, platform::wall_clock());
      };
      const auto opened = co_await run_on(services.workers, open);
      if (!opened) status = 503;
    }
  }
  co_return pages::to_wire(pages::report_page(status, form.kind), false, false);
}

}  // namespace fairlead::agent::net
