#pragma once
// What the room speaks of: an incident that somebody is to be told of, the route it takes, the message it becomes.
// Plain data.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/incident.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::alerts {

using events::TimePoint;
using rules::catalog::AlertWay;
using rules::catalog::Severity;

/// Why now: it is new, it became more severe, or it goes on after a while.
enum class Reason : std::uint8_t { fresh, more_severe, goes_on };
[[nodiscard]] std::string_view to_string(Reason reason);

/// An incident that a route is to tell of. Texts are empty where the policy does not let them out.
struct Item {
  std::uint64_t incident = 0;
  AlertWay way = AlertWay::at_once;
  Reason reason = Reason::fresh;
  Severity severity = Severity::low;
  std::string risk, category, title;  // category: its id
  std::string person, host;
  TimePoint since{};  // when it was found to be due
};

/// What was last said of an incident, to everybody.
struct Told {
  Severity severity = Severity::low;
  TimePoint time{};
  std::uint64_t count = 0;  // events it had then
};

/// Where messages go: one address, or one webhook. The name is its key: "mail lead@example.org", "webhook https://...".
struct Route {
  std::string name;
  bool webhook = false;
  std::size_t channel = 0;  // index into Alerts::mail or Alerts::webhooks
  std::string to;           // the address; empty for a webhook
};
/// The route's name for people: without a webhook's path and query, which may be its secret.
[[nodiscard]] std::string shown_route(std::string_view name);
[[nodiscard]] std::vector<Route> routes_of(const rules::catalog::Alerts& alerts);

/// A message as it is sent, the same at every attempt.
struct Message {
  std::uint64_t id = 0;  // within this laptop's outbox
  std::string key;       // 32 hex digits: Message-ID and Idempotency-Key
  std::string route;
  AlertWay way = AlertWay::at_once;
  TimePoint created{};
  std::string subject, body;
  std::vector<std::uint64_t> incidents;  // those it tells of, also where they are only counted
  std::uint64_t beyond = 0;              // more of them, for which there was no room in the queue
  std::uint32_t attempts = 0;
};

}  // namespace fairlead::agent::alerts
