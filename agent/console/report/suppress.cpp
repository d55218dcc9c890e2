#include "agent/console/report/suppress.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace fairlead::agent::console::report {

namespace {

/// Cells of 0 to 4 that sum to `rest`: unless it is the least or the most that they can hold, each may have more than
/// one value. Below kSmallest the rest would itself be a small number, told by subtraction.
bool stay_unknown(std::uint64_t rest, std::uint64_t hidden) {
  return rest >= kSmallest && rest < (kSmallest - 1) * hidden;
}

struct Complement {
  std::size_t at = 0;
  std::uint64_t count = 0;
  std::uint64_t next = std::numeric_limits<std::uint64_t>::max();  // the smallest of those that stay shown
};

/// The smallest shown cell; nothing when two are equally small: which one was taken would tell something.
std::optional<Complement> smallest_shown(std::span<const std::uint64_t> cells, const std::vector<bool>& shown) {
  Complement smallest{0, std::numeric_limits<std::uint64_t>::max()};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!shown[i]) continue;
    if (cells[i] < smallest.count) {
      smallest = {i, cells[i], smallest.count};
    } else {
      smallest.next = std::min(smallest.next, cells[i]);
    }
  }
  if (smallest.count == smallest.next) return std::nullopt;
  return smallest;
}

/// Small cells of 1 to 4 together and a complement of 5 up to below `next`, known only by their sum: is there more than
/// one way to part it?
bool has_two_ways(std::uint64_t rest, std::uint64_t next) {
  const std::uint64_t least = std::max(kSmallest, rest - std::min(rest, kSmallest - 1));
  const std::uint64_t most = std::min(next - 1, rest - 1);
  return most > least;
}

}  // namespace

std::vector<bool> shown_cells(std::span<const std::uint64_t> cells) {
  std::vector<bool> shown(cells.size(), true);
  std::uint64_t rest = 0;
  std::uint64_t hidden = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i] >= kSmallest) continue;
    shown[i] = false;
    rest += cells[i];
    ++hidden;
  }
  if (rest == 0 || stay_unknown(rest, hidden)) return shown;
  const auto complement = smallest_shown(cells, shown);
  if (rest < kSmallest && complement) {
    rest += complement->count;
    if (stay_unknown(rest, hidden + 1) || has_two_ways(rest, complement->next)) {
      shown[complement->at] = false;
      return shown;
    }
  }
  return std::vector<bool>(cells.size(), false);
}

}  // namespace fairlead::agent::console::report
