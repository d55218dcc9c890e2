#pragma once
// The sums in a ruleset file, as its writer and its reader both make them.

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "rules/match/file/format.hpp"

namespace fairlead::rules::match {

/// XXH3 of header, table and sums of pages, with Header::sum as 0.
[[nodiscard]] std::uint64_t sum_of_frame(std::span<const std::byte> frame);

/// The content hash: SHA-256 of the table of sections, then of every section in its order.
class Id {
 public:
  explicit Id(std::span<const SectionRecord> table);
  ~Id();
  void add(std::span<const std::byte> section);
  [[nodiscard]] std::array<unsigned char, 32> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fairlead::rules::match
