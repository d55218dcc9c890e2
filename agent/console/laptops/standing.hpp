#pragma once
// How the laptops of a fleet stand: which are covered, which were not heard of for long, which have old rules. Pure.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agent/console/laptop.hpp"

namespace fairlead::agent::console::laptops {

/// A laptop is switched off over a weekend, and nobody has to look after it.
inline constexpr std::chrono::days kOverdueAfter{4};

/// In the order in which somebody has to look after it.
enum class Cover : std::uint8_t { open, overdue, unknown, rests, covered, revoked };

struct Standing {
  Laptop laptop;
  Cover cover = Cover::unknown;
  bool old_rules = false;     // others of its group have newer ones
  std::uint64_t version = 0;  // of the rules that the organisation gave it; 0: its own
  std::uint64_t waiting = 0;  // entries that were not on its disk yet
  std::string rules_trouble;  // why it does not take newer rules; empty: it does
};

/// Those that need somebody first; then by name.
[[nodiscard]] std::vector<Standing> standings(std::span<const Laptop> laptops, Moment now);

struct Counts {
  std::uint64_t laptops = 0;  // without revoked ones
  std::uint64_t covered = 0, open = 0, overdue = 0, unknown = 0, rests = 0, old_rules = 0;
};
[[nodiscard]] Counts count(std::span<const Standing> standings);

/// "42 of 44 laptops are covered, 2 with old rules."
[[nodiscard]] std::string sentence(const Counts& counts);

}  // namespace fairlead::agent::console::laptops
