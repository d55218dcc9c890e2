#pragma once
// Whose laptops somebody sees at the desk. A connection is narrowed once, and then every statement on it reads the rows
// of those sites alone, whatever it asks: each table is hidden behind a view of its own name. What is not known to be
// readable is empty there. So a new statement cannot forget whose desk it is.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

/// Names of sites. Nothing: the whole organisation, laptops without a site too. An empty list: no laptop at all.
using Scope = std::optional<std::vector<std::string>>;

/// The numbers of sites as they stand in the book: "3,5".
struct Narrowed {
  std::string sites;
  bool all_known = true;  // else a site of that name may come to be, and the connection does not know it
};

/// Narrows a connection for good.
/// Errors   those of Connection
[[nodiscard]] Result<Narrowed> narrow(Connection& connection, const std::vector<std::string>& sites);

/// What a narrowed connection may read of each table: for the test that knows all of them.
enum class Readable : std::uint8_t { of_sites, nothing, everything };
[[nodiscard]] std::optional<Readable> readable(std::string_view table);

}  // namespace fairlead::agent::hub
