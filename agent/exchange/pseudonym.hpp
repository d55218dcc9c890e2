#pragma once
// How a person is named to a laptop that is to erase them, and remembered until it has: by a salted digest, so that the
// name itself stands in no file of the hub any more. Whoever knows the name can still tell whether it is meant.

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlead::agent::exchange {

struct Pseudonym {
  static constexpr std::size_t kBytes = 32;  // of each
  std::string salt, digest;
  [[nodiscard]] bool names(std::string_view person) const;
};

/// With a salt of its own.
[[nodiscard]] Pseudonym pseudonym_of(std::string_view person);

}  // namespace fairlead::agent::exchange
