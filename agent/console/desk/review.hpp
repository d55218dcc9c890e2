#pragma once
// What a review says: one entry of the append-only book, and how it is told. Inside this room only.

#include <optional>
#include <string>
#include <vector>

#include "agent/console/controls.hpp"
#include "agent/console/visit.hpp"
#include "agent/events/entry.hpp"
#include "agent/events/incident.hpp"

namespace fairlead::agent::console::desk {

inline constexpr std::size_t kLongestNote = 2000;  // characters

struct Review {
  std::string state, outcome, route, urgency, note;
};

[[nodiscard]] std::string to_body(const Review& review);
/// What an entry's body says; what cannot be read is empty.
[[nodiscard]] Review from_body(const std::string& body);

[[nodiscard]] std::string_view outcome_words(std::string_view outcome);
[[nodiscard]] std::string_view urgency_words(std::string_view urgency);
/// The route's title as the policy has it; the id where it is gone.
[[nodiscard]] std::string route_title(const Visit& visit, std::string_view id);
/// Those that policy.yaml offers for the categories of this incident.
[[nodiscard]] std::vector<const rules::catalog::ReportingRoute*> routes_for(const Visit& visit,
                                                                            const events::Incident& incident);

/// Outcome, route, urgency and note: what there is of each.
[[nodiscard]] pages::Html review_facts(const Visit& visit, const Review& review);
/// Who decided what and when, the newest last.
[[nodiscard]] pages::Html review_history(const Visit& visit, const std::vector<events::Entry>& entries);
/// The form that adds one.
[[nodiscard]] pages::Html review_form(const Visit& visit, const events::Incident& incident);

}  // namespace fairlead::agent::console::desk
