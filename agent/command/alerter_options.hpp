#pragma once
// What the running agent's alerter works with: where it reads, where it writes, how it sends.

#include <filesystem>

#include "agent/alerts/alerter.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::command {

/// Everything in it is called on the alerter's thread. store: outlives the alerter.
[[nodiscard]] alerts::AlerterOptions alerter_options(const std::filesystem::path& config,
                                                     const std::filesystem::path& state, events::Store& store);

}  // namespace fairlead::agent::command
