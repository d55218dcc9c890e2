#pragma once
// What the running agent's alerter, its sender to the hub and its updater work with: where they read and write, how
// they send.

#include <filesystem>
#include <functional>
#include <string>

#include "agent/alerts/alerter.hpp"
#include "agent/command/rule_workshop.hpp"
#include "agent/events/store.hpp"
#include "agent/fleet/sender.hpp"
#include "agent/fleet/updater.hpp"
#include "agent/net/upstream_proxy.hpp"

namespace fairlead::agent::command {

/// Everything in it is called on the alerter's thread. store, proxy: outlive the alerter.
[[nodiscard]] alerts::AlerterOptions alerter_options(const std::filesystem::path& config,
                                                     const std::filesystem::path& state, events::Store& store,
                                                     const net::UpstreamProxy& proxy);

/// Everything in it is called on the sender's thread, health too. store, proxy, workshop: outlive the sender.
[[nodiscard]] fleet::SenderOptions sender_options(const std::filesystem::path& state, events::Store& store,
                                                  const net::UpstreamProxy& proxy, RuleWorkshop& workshop,
                                                  std::function<std::string()> health);

/// Everything in it is called on the updater's thread. proxy: outlives the updater.
/// changed  another bundle is in force; news: there is something to tell the hub.
[[nodiscard]] fleet::UpdaterOptions updater_options(const std::filesystem::path& state, const net::UpstreamProxy& proxy,
                                                    std::function<void()> changed, std::function<void()> news);

}  // namespace fairlead::agent::command
