#include "agent/alerts/rounds.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "agent/alerts/text.hpp"

namespace fairlead::agent::alerts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kPage = 200, kMostAttempts = 50, kDeviceLetters = 8;
constexpr std::size_t kMostEntries = 200;  // a round: meanwhile nothing is delivered
constexpr seconds kNextEntries{1}, kClearAgain{60};
constexpr minutes kOverlap{10}, kCursorStep{5};
constexpr hours kFarBack{48}, kParkedFor{6}, kBetweenForgetting{24};
constexpr std::chrono::days kAfterDamage{7};
constexpr auto kBegun = "begun", kCursor = "cursor";

std::optional<TimePoint> earlier(std::optional<TimePoint> one, std::optional<TimePoint> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

std::string_view way_text(AlertWay way) {
  return way == AlertWay::at_once ? "at once" : way == AlertWay::daily ? "daily" : "weekly";
}

}  // namespace

Rounds::Rounds(Outbox outbox, RoundsOptions options, bool was_damaged)
    : outbox_(std::move(outbox)), options_(std::move(options)), was_damaged_(was_damaged) {}

Result<void> Rounds::use(const rules::catalog::Catalog& catalog) {
  const bool was_used = catalog_ != nullptr;
  catalog_ = &catalog;
  zone_ = rules::policy::Zone::find(catalog.policy.time_zone);
  if (!zone_) zone_ = rules::policy::Zone::find("Etc/UTC");
  const auto routes = routes_of(catalog.policy.alerts);
  if (auto set = outbox_.set_routes(routes); !set) return set;
  const auto begun = outbox_.number(kBegun);
  if (!begun) return tl::unexpected(begun.error());
  const bool has_begun = *begun && **begun != TimePoint{};
  if (routes.empty()) return has_begun ? outbox_.set_number(kBegun, {}) : Result<void>{};
  if (has_begun) return {};
  // From here on somebody is told. What happened before a channel was named is the console's to show.
  TimePoint from = was_used ? options_.now() : std::min(options_.started, options_.now());
  if (was_damaged_) from -= kAfterDamage;
  return outbox_.set_number(kBegun, from);
}

/// A clock that was ahead left times behind that lie ahead of it now. They must not keep anybody silent until it has
/// caught up with them.
Result<void> Rounds::heed_clock() {
  const TimePoint now = options_.now();
  if (now >= seen_) {
    seen_ = now;
    return {};
  }
  if (auto done = outbox_.heed_clock(now); !done) return done;
  const auto begun = outbox_.number(kBegun);
  if (!begun) return tl::unexpected(begun.error());
  if (*begun && **begun > now) {  // when it was set back nobody knows: rather too much is told than too little
    if (auto done = outbox_.set_number(kBegun, now - kFarBack); !done) return done;
  }
  far_back_ = true;
  forgot_ = std::min(forgot_, now);
  options_.started = std::min(options_.started, now);
  seen_ = now;
  return {};
}

Result<void> Rounds::look() {
  const TimePoint now = options_.now();
  const auto begun = outbox_.number(kBegun);
  const auto cursor = outbox_.number(kCursor);
  if (!begun || !cursor) return tl::unexpected(!begun ? begun.error() : cursor.error());
  const TimePoint first = begun->value_or(now);
  const TimePoint reached = std::min(cursor->value_or(first), now);  // a clock that was set back
  far_back_ = far_back_ || options_.feed.events_wait();
  events::IncidentFilter filter;
  filter.changed_after = std::max(first, reached - (far_back_ ? minutes(kFarBack) : kOverlap));
  filter.limit = kPage;
  std::vector<DueIncident> due;
  TimePoint latest = reached;
  for (bool more = true; more; filter.offset += kPage) {
    auto page = options_.feed.incidents(filter);
    if (!page) return tl::unexpected(std::move(page).error());
    for (const events::Incident& incident : *page) {
      latest = std::max(latest, std::min(incident.changed, now));
      if (incident.last < first) continue;
      const auto told = outbox_.told(incident.number);
      if (!told) return tl::unexpected(told.error());
      if (auto item = consider(incident, *told, *catalog_, now)) due.push_back({*std::move(item), incident.count});
    }
    more = page->size() == kPage;
  }
  // An incident that changed while pages were read stands on two of them.
  std::sort(due.begin(), due.end(),
            [](const DueIncident& a, const DueIncident& b) { return a.item.incident < b.item.incident; });
  due.erase(std::unique(due.begin(), due.end(),
                        [](const DueIncident& a, const DueIncident& b) { return a.item.incident == b.item.incident; }),
            due.end());
  far_back_ = options_.feed.events_wait();
  if (due.empty() && latest - cursor->value_or(TimePoint{}) < kCursorStep && cursor->value_or(first) <= now) return {};
  if (auto queued = outbox_.queue(due, latest, now); !queued) return queued;
  const bool is_critical = std::any_of(due.begin(), due.end(), [](const DueIncident& one) {
    return one.item.severity == Severity::critical && one.item.way == AlertWay::at_once;
  });
  return is_critical ? outbox_.hurry(now) : Result<void>{};
}

std::string Rounds::device() {
  if (device_.empty()) {
    events::IncidentFilter any;
    any.limit = 1;
    const auto incidents = options_.feed.incidents(any);
    if (incidents && !incidents->empty()) device_ = incidents->front().device.substr(0, kDeviceLetters);
  }
  return device_;
}

Result<void> Rounds::make_message(const Route& route, const Due& due, TimePoint now) {
  const auto& policy = catalog_->policy;
  return outbox_.make_message(
      route, due, now, [&](const std::vector<Item>& items, std::uint64_t beyond, Message& message) {
        const Contents contents{policy.organisation,
                                policy.alerts.console,
                                policy.alerts.includes.device ? device() : "",
                                policy.alerts.includes,
                                due.way,
                                items,
                                beyond};
        message.subject = subject_of(contents);
        message.body = route.webhook ? webhook_json(contents, message.key, now) : mail_text(contents);
      });
}

/// Makes what is due; returns when the next one is.
Result<std::optional<TimePoint>> Rounds::make_messages() {
  std::optional<TimePoint> next;
  for (const Route& route : outbox_.routes()) {
    for (;;) {
      const TimePoint now = options_.now();
      const auto waiting = outbox_.waiting(route, now - looking_back(catalog_->policy.alerts));
      if (!waiting) return tl::unexpected(waiting.error());
      if (!*waiting) break;  // its message is under way
      const auto due = next_due(**waiting, catalog_->policy, *zone_, now);
      if (!due) break;
      if (due->when > now) {
        next = next ? std::min(*next, due->when) : due->when;
        break;
      }
      if (auto made = make_message(route, *due, now); !made) return tl::unexpected(std::move(made).error());
    }
  }
  return next;
}

const Route* Rounds::find_route(std::string_view name) const {
  for (const Route& route : outbox_.routes()) {
    if (route.name == name) return &route;
  }
  return nullptr;
}

void Rounds::tell_of(const Route& route, Verdict verdict) {
  const auto known = std::find(troubled_.begin(), troubled_.end(), route.name);
  const std::string what = route.webhook ? "webhook" : "mail";
  if (verdict == Verdict::delivered) {
    if (known == troubled_.end()) return;
    troubled_.erase(known);
    options_.tell("alerts by " + what + " are delivered again");
  } else if (known == troubled_.end()) {
    troubled_.push_back(route.name);
    options_.tell("an alert by " + what + " was not delivered and waits; 'fairlead status' says why");
  }
}

Result<void> Rounds::write_down(const Message& message, const Outcome& outcome) {
  const TimePoint now = options_.now();
  TimePoint next_try = now + kParkedFor;
  if (outcome.verdict == Verdict::retry) {
    next_try = outcome.wait ? now + std::max(*outcome.wait, seconds(1))
                            : now + back_off(message.attempts + 1, options_.chance());
  }
  auto written = outbox_.finish(message, outcome, next_try, now);
  if (!written) {
    unwritten_ = {message, outcome};
    return written;
  }
  unwritten_.reset();
  const Route* route = find_route(message.route);
  if (route == nullptr) return {};
  tell_of(*route, outcome.verdict);
  if (outcome.verdict == Verdict::delivered) return outbox_.try_parked(*route, now);
  if (!outcome.unreachable || route->webhook) return {};
  for (const Route& other : outbox_.routes()) {  // addresses at the same server
    if (other.webhook || other.channel != route->channel || other.name == route->name) continue;
    if (auto done = outbox_.postpone(other, next_try, outcome.says); !done) return done;
  }
  return {};
}

Result<void> Rounds::attempt(const Route& route, const Message& message) {
  if (auto begun = outbox_.begin(message, options_.now()); !begun) return begun;
  return write_down(message, options_.send(route, message));
}

Result<void> Rounds::deliver() {
  for (std::size_t i = 0; i < kMostAttempts; ++i) {
    const auto message = outbox_.next_message(options_.now());
    if (!message) return tl::unexpected(message.error());
    if (!*message) return {};
    const Route* route = find_route((*message)->route);
    if (route == nullptr) return fail(Errc::internal, Side::local, "a message without a route");
    if (auto tried = attempt(*route, **message); !tried) return tried;
  }
  return {};
}

/// It may have been written before an agent that was killed could note that.
Result<void> Rounds::enter(const Message& message, std::uint64_t incident) {
  events::EntryFilter filter;
  filter.kind = "alert";
  filter.incident = incident;
  const auto entries = options_.feed.entries(filter);
  if (!entries) return tl::unexpected(entries.error());
  const auto holds_key = [&](const events::Entry& entry) { return entry.body.find(message.key) != std::string::npos; };
  if (std::any_of(entries->begin(), entries->end(), holds_key)) return {};
  const bool is_mail = message.route.starts_with("mail ");
  events::Entry entry;
  entry.time = options_.now();
  entry.incident = incident;
  entry.kind = "alert";
  entry.subject = (is_mail ? "mail, " : "webhook, ") + std::string(way_text(message.way));
  entry.actor = "agent";
  entry.body = nlohmann::json{{"key", message.key}, {"incidents", message.incidents.size() + message.beyond}}.dump();
  const auto added = options_.feed.add(std::move(entry));
  if (!added && added.error().code != Errc::not_found) return tl::unexpected(added.error());
  return {};  // an incident that is no longer there needs no entry
}

/// Writes into the book what was told, as much as one round may. Returns whether all of it is there now.
Result<bool> Rounds::enter() {
  for (std::size_t written = 0; written < kMostEntries;) {
    const auto messages = outbox_.not_entered();
    if (!messages) return tl::unexpected(messages.error());
    if (messages->empty()) return true;
    for (const Message& message : *messages) {
      if (entering_.message != message.id) entering_ = {message.id, 0};
      for (; entering_.next < message.incidents.size(); ++entering_.next, ++written) {
        if (written == kMostEntries) return false;
        auto done = enter(message, message.incidents[entering_.next]);
        if (!done) return tl::unexpected(std::move(done).error());
      }
      if (auto done = outbox_.entered(message); !done) return tl::unexpected(std::move(done).error());
    }
  }
  return false;
}

Result<std::optional<TimePoint>> Rounds::run(bool look) {
  if (auto done = heed_clock(); !done) return tl::unexpected(std::move(done).error());
  if (unwritten_) {
    const auto [message, outcome] = *unwritten_;
    if (auto done = write_down(message, outcome); !done) return tl::unexpected(std::move(done).error());
  }
  if (look && !outbox_.routes().empty()) {
    if (auto done = this->look(); !done) return tl::unexpected(std::move(done).error());
  }
  if (auto made = make_messages(); !made) return tl::unexpected(std::move(made).error());
  if (auto done = deliver(); !done) return tl::unexpected(std::move(done).error());
  const auto due = make_messages();  // a route whose message went out is free for the next one
  if (!due) return tl::unexpected(due.error());
  const auto next_try = outbox_.next_try();
  if (!next_try) return tl::unexpected(next_try.error());
  const TimePoint now = options_.now();
  if (now - forgot_ >= kBetweenForgetting) {
    if (auto done = outbox_.forget(now); !done) return tl::unexpected(std::move(done).error());
    forgot_ = now;
  }
  const auto entered = enter();
  if (!entered) return tl::unexpected(entered.error());
  std::optional<TimePoint> next = earlier(*due, *next_try);
  if (!*entered) next = earlier(next, now + kNextEntries);
  if (!outbox_.clear_log()) next = earlier(next, now + kClearAgain);
  return next;
}

Result<void> Rounds::try_now(std::string_view route) {
  const Route* known = find_route(route);
  if (known == nullptr) return {};
  tell_of(*known, Verdict::delivered);
  return outbox_.try_now(*known, options_.now());
}

}  // namespace fairlead::agent::alerts
