#pragma once
// The ways round the filter that can only be tried: by the process that asks, as the account under which it runs.
// Blocks for seconds; for sub-commands.

#include <cstdint>
#include <string>
#include <vector>

#include "agent/command/findings.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {

/// Where this laptop's firewall may lead what programs send past the proxy: a port of the agent, and its account.
struct FilterAt {
  std::uint16_t led_to = 0;
  platform::UserId account{};
};
/// Can a program of this account leave the laptop past the proxy? What is led into the filter is closed.
void try_exits(const FilterAt& filter, Findings& findings);

/// Does the proxy stop what it has to?
/// proxy   "127.0.0.1:3128"
/// probe   a name that is blocked; empty: none could be given, and it is not tried.
void try_proxy(const std::string& proxy, const std::string& probe, Findings& findings);

/// Do the browsers of this laptop have the policies that keep them on the proxy?
/// extensions   ids of those that they may have.
void look_at_browsers(std::vector<std::string> extensions, Findings& findings);

/// Do programs trust the laptop's certificate, so that a blocked HTTPS site shows its page? PEM; empty without one.
void look_at_page(const std::string& certificate, Findings& findings);

}  // namespace fairlead::agent::command
