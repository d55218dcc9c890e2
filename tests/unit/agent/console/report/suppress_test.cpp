#include "agent/console/report/suppress.hpp"

#include <doctest/doctest.h>

#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace fairlead::agent::console::report;

namespace {

using Cells = std::vector<std::uint64_t>;

/// Everything that a reader has: the total where it is said, which cells are hidden, and the others.
using Seen = std::vector<std::uint64_t>;
constexpr std::uint64_t kHidden = 1'000'000;

Seen seen_of(const Cells& cells) {
  const auto shown = shown_cells(cells);
  const std::uint64_t total = std::accumulate(cells.begin(), cells.end(), std::uint64_t{0});
  Seen seen = {may_show_total(total) ? total : kHidden};
  for (std::size_t i = 0; i < cells.size(); ++i) seen.push_back(shown[i] ? cells[i] : kHidden);
  return seen;
}

/// Calls `visit` with every table of `size` cells up to `most`.
template <class Visit>
void every_table(std::size_t size, std::uint64_t most, Visit visit) {
  Cells cells(size, 0);
  while (true) {
    visit(cells);
    std::size_t at = 0;
    while (at < size && cells[at] == most) cells[at++] = 0;
    if (at == size) return;
    ++cells[at];
  }
}

/// Of the tables that look the same, those in which a hidden count of 1 to 4 is the same in all: it could be told.
std::size_t told_cells(std::size_t size, std::uint64_t most) {
  std::map<Seen, std::vector<std::set<std::uint64_t>>> possible;
  every_table(size, most, [&](const Cells& cells) {
    auto& values = possible[seen_of(cells)];
    values.resize(size);
    for (std::size_t i = 0; i < size; ++i) values[i].insert(cells[i]);
  });
  std::size_t told = 0;
  for (const auto& [seen, values] : possible) {
    for (const auto& one : values) {
      if (one.size() == 1 && *one.begin() >= 1 && *one.begin() < kSmallest) ++told;
    }
  }
  return told;
}

}  // namespace

TEST_CASE("shown_cells: no count of 1 to 4 can be told by one who knows the total, the rule and what is shown") {
  CHECK(told_cells(1, 30) == 0);
  CHECK(told_cells(2, 24) == 0);
  CHECK(told_cells(3, 17) == 0);
  CHECK(told_cells(4, 11) == 0);
  CHECK(told_cells(5, 7) == 0);
}

TEST_CASE("shown_cells: nothing below five is shown, and the hidden rest is never a small number") {
  std::mt19937 random(6);
  for (int round = 0; round < 20'000; ++round) {
    Cells cells(1 + random() % 34);
    for (auto& cell : cells) cell = random() % 3 == 0 ? random() % 200 : random() % 8;
    const auto shown = shown_cells(cells);
    std::uint64_t rest = 0;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      total += cells[i];
      if (shown[i]) CHECK(cells[i] >= kSmallest);
      if (!shown[i]) rest += cells[i];
    }
    if (may_show_total(total)) CHECK((rest == 0 || rest >= kSmallest));
  }
}

TEST_CASE("shown_cells: a lone small cell takes the smallest other one with it") {
  // The naive rule hides the 3 alone, and 60 - 20 - 37 tells it.
  CHECK(shown_cells(Cells{20, 3, 37}) != std::vector<bool>{true, false, true});
  CHECK(shown_cells(Cells{12, 3, 37, 0, 0, 0}) == std::vector<bool>{false, false, true, false, false, false});
}

TEST_CASE("shown_cells: what is large enough is shown") {
  CHECK(shown_cells(Cells{5, 6, 700}) == std::vector<bool>{true, true, true});
  CHECK(shown_cells(Cells{0, 40, 0}) == std::vector<bool>{false, true, false});
  CHECK(shown_cells(Cells{}).empty());
}
