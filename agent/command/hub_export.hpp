#pragma once
// `fairlead hub export`: hands new blocked attempts to the organisation's collector of security events, beside the hubs
// and apart from them, so that a collector that is away is nothing to them.

#include <filesystem>

#include "agent/command/running_hub.hpp"

namespace fairlead::agent::command {

struct ExportOptions {
  std::filesystem::path mapping = "/etc/fairlead-hub/siem.yaml";
  bool check = false;   // only reads the mapping
  bool forget = false;  // nothing waits any more, and nothing new is kept for it
};

/// Runs until it is told to end (SIGINT, SIGTERM). The exit code.
[[nodiscard]] int run_export(const HubOptions& hub, const ExportOptions& options);

}  // namespace fairlead::agent::command
