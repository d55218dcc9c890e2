#pragma once
// What a running hub does for the pages of its console: which laptops there are, and exceptions that go to them.

#include <filesystem>
#include <string>

#include "agent/console/visit.hpp"

namespace fairlead::agent::command {

/// place    the hub's store, as hub::connect() reads it.
/// state    the hub's folder.
/// Each opens a connection for itself, again after the database went away.
[[nodiscard]] console::Hands hub_hands(const std::string& place, const std::filesystem::path& state);

}  // namespace fairlead::agent::command
