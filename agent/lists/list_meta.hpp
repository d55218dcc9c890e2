#pragma once
// meta.json of a list: which editions are there, and how asking for new ones goes. Values and their JSON. Pure; any
// thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/lists/partial.hpp"

namespace fairlead::agent::lists {

/// One verified edition of a list's file, and what it was verified by.
struct Edition {
  std::string from, public_key;  // as lists.yaml had them
  Validators validators;
  std::string sha256;
  std::uint64_t bytes = 0;
  std::chrono::sys_seconds fetched_at{};
};

/// How asking for a new edition went the last time.
struct Check {
  std::chrono::sys_seconds checked_at{}, next_due{};
  unsigned failures = 0;   // in a row
  std::string last_error;  // empty when the last one went well
};

struct Meta {
  std::optional<Edition> current;
  std::optional<Edition> previous;  // what `list` still is when a swap was cut; what `previous` is otherwise
  Check check;
};

[[nodiscard]] std::string to_json(const Meta& meta);

/// Reads what to_json() wrote, and out of anything else what it can: a field that makes no sense is as if it were not
/// there. Nothing when `text` is no such JSON at all.
[[nodiscard]] std::optional<Meta> meta_from_json(std::string_view text);

}  // namespace fairlead::agent::lists
