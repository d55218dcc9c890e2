#pragma once
// What the running agent's alerter works with: where it reads, where it writes, how it sends.

#include <filesystem>

#include "agent/alerts/alerter.hpp"
#include "agent/events/store.hpp"
#include "agent/net/upstream_proxy.hpp"

namespace fairlead::agent::command {

/// Everything in it is called on the alerter's thread. store, proxy: outlive the alerter.
[[nodiscard]] alerts::AlerterOptions alerter_options(const std::filesystem::path& config,
                                                     const std::filesystem::path& state, events::Store& store,
                                                     const net::UpstreamProxy& proxy);

}  // namespace fairlead::agent::command
