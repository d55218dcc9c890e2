#pragma once
// Passwords as they are kept: scrypt (RFC 7914) over a random salt, its parameters beside it. Blocks for about a tenth
// of a second and takes 32 MiB: never on the event loop.

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::console {

inline constexpr std::size_t kShortestPassword = 12;  // characters
inline constexpr std::size_t kLongestPassword = 256;  // bytes

struct KeptPassword {
  std::string salt;
  std::uint64_t n = std::uint64_t{1} << 15U, r = 8, p = 3;
  std::string hash;
};

/// Errors  refused: too short, too long, or not text; the context says it.
[[nodiscard]] Result<KeptPassword> keep_password(std::string_view password);

/// Takes the same time whether it matches or not. A hash of no account (empty) matches nothing, and takes that time
/// too.
[[nodiscard]] bool matches(const KeptPassword& kept, std::string_view password);

/// Compares secrets without telling by its time where they differ.
[[nodiscard]] bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace fairlead::agent::console
