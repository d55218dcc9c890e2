#pragma once
// The bundles of this laptop, below STATE/bundles:
//   <digest>/        an unpacked one; never changed once it has its name
//   <digest>.tar     the same as it was packed, for the next delta
//   in_force.json    which one is in force, of which version, and until when it is fresh
//   incoming*        one that is being fetched
// At every moment, also after a loss of power, in_force.json names a whole one. All of it blocks. One process writes.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "rules/base/result.hpp"

namespace fairlead::agent::bundles {

struct InForce {
  std::uint64_t version = 0;  // of its manifest; 0: of a fleet to which the laptop belonged before
  std::string digest;
  std::chrono::sys_seconds not_before{}, expires{};  // as its manifest has them
  std::string previous;                              // the digest of the one before it; empty: none
};

class BundleStore {
 public:
  /// state    the agent's state folder.
  explicit BundleStore(const std::filesystem::path& state) : folder_(state / "bundles") {}

  [[nodiscard]] std::filesystem::path folder_of(const std::string& digest) const { return folder_ / digest; }
  [[nodiscard]] std::filesystem::path archive_of(const std::string& digest) const {
    return folder_ / (digest + ".tar");
  }

  /// Nothing when there is none.
  /// Errors   bad_file, denied.
  [[nodiscard]] Result<std::optional<InForce>> in_force() const;

  /// Where the next one is fetched and unpacked; what an earlier try left there is gone.
  struct Incoming {
    std::filesystem::path packed, archive, folder;
  };
  /// Errors   denied, disk_full.
  [[nodiscard]] Result<Incoming> prepare() const;
  /// Gives what was unpacked its name; it is not in force yet.
  [[nodiscard]] Result<void> keep(const Incoming& incoming, const std::string& digest) const;
  /// The one step after which another bundle is in force; what is neither it nor the one before goes.
  [[nodiscard]] Result<void> switch_to(const InForce& next) const;
  /// The laptop joined a fleet: what is in force stays so until that fleet's own comes, whatever its version.
  [[nodiscard]] Result<void> begin_anew() const;
  /// None is in force any more.
  [[nodiscard]] Result<void> forget() const;

 private:
  std::filesystem::path folder_;
};

/// The configuration folder that holds now: that of the bundle in force, else `local`. Where in_force.json cannot be
/// read it is one that holds no rules, so that what was in force before stays.
[[nodiscard]] std::filesystem::path config_in_force(const std::filesystem::path& local,
                                                    const std::filesystem::path& state);

}  // namespace fairlead::agent::bundles
