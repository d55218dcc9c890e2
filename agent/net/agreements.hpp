#pragma once
// Who has agreed to what, in memory, so that a request never waits for the disk to find out. Told by the store's book
// at the start and by the console afterwards. Event-loop thread only.

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "rules/policy/person.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::net {

class Agreements {
 public:
  /// agreement  rules::policy::agreement_id().
  void add(std::string_view agreement, std::string_view person) { agreed_.insert(key(agreement, person)); }

  /// Must this person read and answer the agreement before anything opens? Nobody who cannot: not an account of the
  /// system's own, nor somebody whom the system cannot tell; and nobody before the book was read.
  [[nodiscard]] bool holds_up(const rules::policy::Rules& rules, const rules::policy::Person& person,
                              bool system_account);
  /// Should this person be told that there is something to answer? Each once in a while; where browsing waits, the page
  /// tells.
  [[nodiscard]] bool should_ask(const rules::policy::Rules& rules, const rules::policy::Person& person,
                                bool system_account, std::chrono::sys_seconds now);
  /// The book was read: from now on who is not in it has not agreed.
  void set_complete() { complete_ = true; }

 private:
  static std::string key(std::string_view agreement, std::string_view person) {
    return std::string(agreement).append("\n").append(person);
  }
  [[nodiscard]] bool has_agreed(const rules::policy::Rules& rules, const std::string& person);

  std::unordered_set<std::string> agreed_;
  std::unordered_map<std::string, std::chrono::sys_seconds> asked_;

  // The agreement of the rules that were asked about last: named once, not for each request.
  std::string version_, link_, id_;
  std::vector<std::string> text_;

  bool complete_ = false;
};

}  // namespace fairlead::agent::net
