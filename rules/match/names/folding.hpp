#pragma once
// Which names say nothing new: those below a name that the same categories block already. Fed in the order of keys. One
// object for one pass.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/match/match.hpp"
#include "rules/match/names/name_key.hpp"

namespace fairlead::rules::match {

class Folding {
 public:
  using Voices = std::vector<std::pair<std::uint16_t, Part>>;  // category, and whether it blocks

  /// Goes on to the next key.
  void enter(std::string_view key) {
    while (!above_.empty() && !is_below(key, above_.back().key)) above_.pop_back();
    key_ = key;
  }
  /// Whether each of these is said by a name above already, with nothing in between that says the contrary.
  [[nodiscard]] bool covers(const Voices& voices) const {
    return std::all_of(voices.begin(), voices.end(),
                       [&](const auto& voice) { return nearest(voice.first) == voice.second; });
  }
  /// The name of this key says so.
  void hear(const Voices& voices) {
    if (above_.empty() || above_.back().key != key_) above_.push_back({key_, {}});
    above_.back().voices.insert(above_.back().voices.end(), voices.begin(), voices.end());
  }

 private:
  struct Name {
    std::string key;
    Voices voices;
  };
  [[nodiscard]] static bool is_below(std::string_view key, std::string_view parent) {
    return key.size() > parent.size() && key[parent.size()] == kLabelEnd && key.starts_with(parent);
  }
  /// What the closest name above says for a category; "leave alone" when none says anything.
  [[nodiscard]] Part nearest(std::uint16_t category) const {
    for (auto name = above_.rbegin(); name != above_.rend(); ++name) {
      if (name->key == key_) continue;
      Part said = Part::allow;
      bool any = false;
      for (const auto& [of, part] : name->voices) {
        if (of != category) continue;
        if (part == Part::allow) return Part::allow;
        any = true;
        said = part;
      }
      if (any) return said;
    }
    return Part::allow;
  }

  std::string key_;
  std::vector<Name> above_;
};

}  // namespace fairlead::rules::match
