#pragma once
// `fairlead hub publish` and `fairlead hub rollout`: rules on their way to the fleet's laptops.

#include <filesystem>
#include <optional>
#include <string>

#include "agent/command/running_hub.hpp"

namespace fairlead::agent::command {

struct ReleaseOptions {
  std::filesystem::path manifest, bundles;
  std::string rules_key, stages = "5,50,100";
  double wait = 24;  // hours
  bool stop = false, go_on = false;
};

/// Says what stands in the way; of a hub, what is not there or is refused is an answer "no".
/// Returns  an exit code.
[[nodiscard]] int hub_failed(const Error& error);

/// Checks a manifest as a laptop will, puts its files where they are handed out, and begins with the first stage.
/// Returns  an exit code.
[[nodiscard]] int publish_release(const HubOptions& hub, const ReleaseOptions& options);
/// Shows how far releases are; stops the latest, or lets it go on.
[[nodiscard]] int show_rollout(const HubOptions& hub, const ReleaseOptions& options);

/// The root key that laptops get when they join. Nothing when the hub was told none.
[[nodiscard]] std::optional<std::string> rules_key_of(const HubOptions& hub);
/// Errors   refused: it was told another; bad_file.
[[nodiscard]] Result<void> keep_rules_key(const HubOptions& hub, const std::string& key);

}  // namespace fairlead::agent::command
