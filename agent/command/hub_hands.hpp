#pragma once
// What a running hub does for the pages of its console: which laptops there are, and exceptions that go to them.

#include <filesystem>

#include "agent/console/visit.hpp"
#include "agent/hub/desk.hpp"

namespace fairlead::agent::command {

/// For one answer: as far as this desk sees, which outlives what is returned.
/// state    the hub's folder.
[[nodiscard]] console::Hands hub_hands(hub::Desk& desk, const std::filesystem::path& state);

}  // namespace fairlead::agent::command
