#pragma once
// Who asks: the operating system's owner of the client's socket. Plain data.

#include <string>
#include <string_view>
#include <vector>

namespace fairlead::rules::policy {

/// How the person was found; part of every event.
enum class Found : std::uint8_t { socket_owner, stated, unknown };
[[nodiscard]] std::string_view to_string(Found found);

struct Person {
  std::string name;                    // account name; empty when unknown
  std::vector<std::string> os_groups;  // names of the operating system's groups
  Found found = Found::unknown;
};

}  // namespace fairlead::rules::policy
