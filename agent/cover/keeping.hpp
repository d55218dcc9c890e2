#pragma once
// What has to be done so that the net stays in force, from what is wanted, what was put last and what the system says
// is there. Pure; the doing is the command's.

#include <optional>
#include <string>
#include <string_view>

namespace fairlead::agent::cover {

enum class Firewall : std::uint8_t {
  in_force,     // as it was put: nothing to do
  put,          // for the first time, or because something else is wanted now
  was_gone,     // put again: somebody had taken it away
  was_changed,  // put again: somebody had changed it
  off,          // none is wanted, and there is none
  removed,      // none is wanted any more
};
[[nodiscard]] std::string_view to_string(Firewall);

/// The rules that were put last, and how the system told them right afterwards.
struct Remembered {
  std::string rules, listing;
};

/// wanted   rules for the system's firewall; nothing: none shall be in force.
/// listing  how the system tells what is in force; nothing: there is nothing of ours.
[[nodiscard]] Firewall judge_firewall(const std::optional<std::string>& wanted, const std::optional<Remembered>& last,
                                      const std::optional<std::string>& listing);

}  // namespace fairlead::agent::cover
