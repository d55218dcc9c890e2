#pragma once
// The rules that the fleet's laptops are handed, version by version, and what laptops tell of them. Over a
// store's connection. One thread at a time. Blocks.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "agent/bundles/trust.hpp"
#include "agent/hub/database.hpp"
#include "agent/hub/rollout.hpp"

namespace fairlead::agent::hub {

struct Release {
  std::uint64_t version = 0;
  bundles::SignedManifest manifest;
  Now published{};
  Rollout rollout;
};

/// What a laptop tells of its rules.
struct RulesTold {
  std::uint64_t version = 0;  // in force; 0: none of the fleet's
  std::string failing;        // why a version is not in force, or does not load; empty: all is well
  std::uint64_t failing_version = 0;
  std::string started;        // since when it counts
  std::uint64_t blocked = 0;  // so many
};

class Releases {
 public:
  /// connection   outlives this object.
  explicit Releases(Connection& connection) : connection_(connection) {}

  /// Errors   refused: there is one of that version, or of a later one.
  [[nodiscard]] Result<void> publish(const Release& release);
  /// The latest first, as many as may still be handed out.
  [[nodiscard]] Result<std::vector<Release>> latest();
  /// Errors   not_found: it is stopped (or none is), or there is no such version.
  [[nodiscard]] Result<void> stop(std::uint64_t version, const std::string& why, Now now);
  [[nodiscard]] Result<void> go_on(std::uint64_t version, Now now);

  /// device   an id.
  /// Returns  whether what it says of failing is new.
  [[nodiscard]] Result<bool> tell(const std::string& device, const RulesTold& told, Now now);
  /// What laptops have told of a version since its stage began.
  [[nodiscard]] Result<Heard> heard(const Release& release);
  /// Moves the latest release on, or stops it, when it is time.
  [[nodiscard]] Result<void> look(Now now);

  /// Ids of devices that are handed nothing.
  [[nodiscard]] Result<std::set<std::string, std::less<>>> revoked();

 private:
  /// A line of the audit.
  [[nodiscard]] Result<void> note(const std::string& what, const std::string& detail, Now now);
  Connection& connection_;
};

}  // namespace fairlead::agent::hub
