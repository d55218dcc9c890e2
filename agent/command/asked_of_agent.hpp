#pragma once
// The running agent's part of a self-check: what the rules in force say for the account that asks, and how the agent
// itself is. Nothing of it names another person, nor tells when anybody was stopped.

#include <filesystem>
#include <functional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "agent/net/services.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {

/// Where programs come to the agent.
struct Entrances {
  std::string proxy;         // "127.0.0.1:3128"
  std::uint16_t led_to = 0;  // the port to which a firewall may lead what they send past it; 0: none
};

/// `done` is called on the event loop with
///   by_rules, own   findings (findings.hpp): of the rules in force for the group of that account; of the agent itself
///   group           its id
///   probe           a name to ask the proxy for, which has to be blocked (net::Probes); "" where none can be given
///   proxy           "127.0.0.1:3128"
///   led_to          where a firewall may lead programs to
///   extensions      ids of those that browsers may have
///   account         as which the agent runs
///   certificate     PEM, of the laptop's authority; "" without one
/// asker   as the kernel told it: nobody can ask for another.
void answer_self_check(net::Services& services, const std::filesystem::path& state, const Entrances& entrances,
                       platform::UserId asker, std::function<void(nlohmann::json)> done);

}  // namespace fairlead::agent::command
