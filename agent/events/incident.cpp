#include "agent/events/incident.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::array<std::string_view, kStates> kStateTexts = {"new", "in_review", "action_taken", "no_action",
                                                               "false_positive"};
constexpr std::array<std::string_view, 5> kPatternTexts = {"single", "burst", "repeat", "escalation", "background"};
constexpr std::array<std::string_view, 4> kWeighedTexts = {"category", "repeat", "escalation", "background"};

template <class Enum, std::size_t kSize>
std::optional<Enum> find(const std::array<std::string_view, kSize>& texts, std::string_view text) {
  for (std::size_t i = 0; i < kSize; ++i)
    if (texts[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(State state) { return kStateTexts.at(static_cast<std::size_t>(state)); }
std::optional<State> state_from(std::string_view text) { return find<State>(kStateTexts, text); }
std::string_view to_string(Pattern pattern) { return kPatternTexts.at(static_cast<std::size_t>(pattern)); }
std::optional<Pattern> pattern_from(std::string_view text) { return find<Pattern>(kPatternTexts, text); }
std::string_view to_string(Weighed weighed) { return kWeighedTexts.at(static_cast<std::size_t>(weighed)); }
std::optional<Weighed> weighed_from(std::string_view text) { return find<Weighed>(kWeighedTexts, text); }

}  // namespace fairlead::agent::events
