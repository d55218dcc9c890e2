#pragma once
// Where something was written. Plain data.

#include <cstdint>

namespace fairlead::rules::catalog {

/// `file` counts into Catalog::files, line and column from 1.
struct Position {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

}  // namespace fairlead::rules::catalog
