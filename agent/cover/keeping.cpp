#include "agent/cover/keeping.hpp"

#include <array>

namespace fairlead::agent::cover {

std::string_view to_string(Firewall firewall) {
  constexpr std::array<std::string_view, 6> kNames{"in_force", "put", "was_gone", "was_changed", "off", "removed"};
  return kNames[static_cast<std::size_t>(firewall)];
}

Firewall judge_firewall(const std::optional<std::string>& wanted, const std::optional<Remembered>& last,
                        const std::optional<std::string>& listing) {
  if (!wanted) return listing ? Firewall::removed : Firewall::off;
  if (!last) return Firewall::put;
  if (!listing) return Firewall::was_gone;
  if (*listing != last->listing) return Firewall::was_changed;
  return *wanted == last->rules ? Firewall::in_force : Firewall::put;
}

}  // namespace fairlead::agent::cover
