#include "agent/events/incident.hpp"

#include <algorithm>

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

std::string path_text(const std::vector<std::string>& categories) {
  std::string out;
  for (const std::string& one : categories) out.append(out.empty() ? "" : " ").append(one);
  return out;
}

std::vector<std::string> path_from(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace fairlead::agent::events
