#include "agent/events/entry_check.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "agent/events/incident.hpp"
#include "agent/events/json_fields.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::size_t kTextBytes = 4'096, kBodyBytes = 65'536;
constexpr std::string_view kReview = "review";
constexpr std::array<std::string_view, 5> kKindsThatChange = {kReview, "appeal", "appeal_answer", "task",
                                                              "task_answer"};

}  // namespace

Result<void> check_entry(const Entry& entry) {
  const std::size_t texts = entry.kind.size() + entry.subject.size() + entry.actor.size() + entry.person.size();
  if (entry.kind.empty() || texts > kTextBytes || entry.body.size() > kBodyBytes)
    return fail(Errc::refused, Side::client, "an entry needs a kind, or is longer than the store takes");
  const bool personal = !entry.actor.empty() || !entry.person.empty() || !entry.body.empty();
  if (personal && entry.incident == 0 && entry.keep.value_or(TimePoint{}) == TimePoint{})
    return fail(Errc::refused, Side::client, "an entry about no incident would never be erased: it needs a time");
  return {};
}

Result<std::string_view> reviewed_state(const Entry& entry) {
  if (entry.kind != kReview) return std::string_view();
  const auto state = state_from(text_in(nlohmann::json::parse(entry.body, nullptr, false), "state"));
  if (!state || entry.incident == 0)
    return fail(Errc::refused, Side::client, "a review names an incident, and a state that there is");
  return to_string(*state);
}

bool changes_incident(std::string_view kind) {
  return std::find(kKindsThatChange.begin(), kKindsThatChange.end(), kind) != kKindsThatChange.end();
}

}  // namespace fairlead::agent::events
