#pragma once
// The numbers that stand for people and hosts in the hub's rows, so that a name stands in one place and is erased
// there. Used inside a transaction.

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/hub/database.hpp"
#include "agent/hub/device.hpp"
#include "agent/hub/parts.hpp"

namespace fairlead::agent::hub {

/// Whether the same account name on two laptops is the same person: only the organisation knows.
enum class Accounts : std::uint8_t { local, shared };

/// A training centre of the organisation, as people write it: 1-64 bytes, no control characters, no blank at an end.
[[nodiscard]] bool is_site_name(std::string_view name);

/// The last day of somebody's events, by how long those are kept: when all are over, the name goes (keeping.hpp).
using LastDays = std::array<std::int64_t, kKept.size()>;
struct Numbered {
  std::int64_t number = 0;
  LastDays last_days{};
};
/// People by their names, on this laptop; all of them locked until the transaction ends. The empty name stands for
/// whoever could not be told on this laptop.
[[nodiscard]] Result<std::map<std::string, Numbered>> lock_people(Connection& connection,
                                                                  const std::set<std::string>& names,
                                                                  const Device& device, Accounts accounts);
/// They have events of later days now.
[[nodiscard]] Result<void> keep_people(Connection& connection, const std::vector<Numbered>& people);

/// The numbers of hosts by their names.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> number_hosts(Connection& connection,
                                                                       const std::set<std::string>& names, Now now);

}  // namespace fairlead::agent::hub
