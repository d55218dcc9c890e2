#pragma once
// The known ways round a filter, each with addresses that show whether the rules close it. A table; what it names is
// tried by `fairlead self-check` and by nothing else.

#include <span>
#include <string_view>

namespace fairlead::agent::command {

/// A way that the rules close. In an address, {host} stands for a host that is blocked for the person asked about,
/// {dashed} for the same with '-' in place of '.', {upper} for it in capitals, {escaped} for it percent-encoded.
struct Way {
  std::string_view id;
  std::string_view what;
  std::span<const std::string_view> addresses;
};
[[nodiscard]] std::span<const Way> ways_by_address();

}  // namespace fairlead::agent::command
