#pragma once
// Bodies that travel compressed, in Zstandard (RFC 8878). Pure; any thread.

#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::exchange {

/// Errors   internal
[[nodiscard]] Result<std::string> compress(std::string_view plain);

/// most     bytes of the plain text; a bomb costs no more than that.
/// Errors   bad_message (no Zstandard, or cut off), too_large.
[[nodiscard]] Result<std::string> decompress(std::string_view compressed, std::size_t most);

}  // namespace fairlead::agent::exchange
