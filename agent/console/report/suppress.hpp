#pragma once
// Small numbers leave nobody's hands: which cells of a table must stay unsaid so that no count from 1 to 4 can be read
// or computed from what is shown. Pure; usable from any thread.

#include <cstdint>
#include <span>
#include <vector>

namespace fairlead::agent::console::report {

/// A count, or a number of people, below this is not said.
inline constexpr std::uint64_t kSmallest = 5;

/// Which cells may be shown beside their exact total. Hidden are those under kSmallest, zeros too, so that a hidden
/// cell may be anything; and one more, or all, where the hidden ones could otherwise be told by somebody who knows the
/// total, what is shown, and this rule. Ends with every hidden count of 1 to 4 having at least two values that fit.
/// Cost  O(n)
[[nodiscard]] std::vector<bool> shown_cells(std::span<const std::uint64_t> cells);

/// May the total itself be said?
[[nodiscard]] constexpr bool may_show_total(std::uint64_t total) { return total == 0 || total >= kSmallest; }

}  // namespace fairlead::agent::console::report
