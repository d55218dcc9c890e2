#pragma once
// An event as a learner causes it, for programs that play many laptops.

#include <string>

#include "agent/events/event.hpp"

namespace fairlead::tests {

/// number   of two categories, some hundred hosts and so many people.
inline agent::events::Event event_of(int number, agent::events::TimePoint time, int people = 400) {
  agent::events::Event event;
  event.id = agent::events::new_decision_id();
  event.time = time;
  event.person = "learner" + std::to_string(number % people);
  event.found = "socket_owner";
  event.group = "learners";
  event.method = "GET";
  event.host = "site" + std::to_string(number % 997) + ".example";
  event.url = "https://" + event.host + "/some/path/" + std::to_string(number);
  event.navigation = agent::events::Navigation::yes;
  event.navigation_sign = "sec-fetch-mode";
  event.category = number % 2 == 0 ? "gambling" : "violence";
  event.risk = "conduct";
  event.severity = "low";
  event.review = "weekly";
  event.rule = event.host;
  event.source = "conduct/gambling.yaml:" + std::to_string(number % 500);
  event.level = "category";
  event.span = event.host;
  event.losers = "[]";
  event.ruleset_id = std::string(64, 'a');
  event.policy_version = "2026-11";
  return event;
}

}  // namespace fairlead::tests
