#pragma once
// What an organisation's laptops shall filter by: for each group the bundle, and how it travels. README.md has the
// format. Pure; any thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::bundles {

inline constexpr std::size_t kMostManifest = std::size_t{256} * 1024;

/// A file that is fetched by its SHA-256.
struct Packed {
  std::string digest;  // 64 lower-case hex digits
  std::uint64_t size = 0;
  std::string from;  // the bundle that one needs to unpack it; empty: none

  bool operator==(const Packed&) const = default;
};

struct Bundle {
  std::string digest;  // of the archive: its name
  std::uint64_t size = 0;
  Packed whole;
  std::vector<Packed> deltas;

  bool operator==(const Bundle&) const = default;
};

struct Manifest {
  std::string organisation;
  std::uint64_t version = 0;  // grows with every one that is signed
  std::chrono::sys_seconds not_before{}, expires{};
  std::string base;                      // "https://cdn.example/rules/": where the files lie too; empty: at the hub
  std::map<std::string, Bundle> groups;  // by the group's name
};

/// Errors   bad_file; the context says what is wrong.
[[nodiscard]] Result<Manifest> read_manifest(std::string_view text);
[[nodiscard]] std::string write_manifest(const Manifest& manifest);

/// One group's part alone, as `bundle make` leaves it for `bundle sign`.
[[nodiscard]] Result<Bundle> read_bundle(std::string_view text);
[[nodiscard]] std::string write_bundle(const Bundle& bundle);

/// 64 lower-case hex digits?
[[nodiscard]] bool is_digest(std::string_view text);
/// What people call a group: letters, digits, '-' and '_', up to 64.
[[nodiscard]] bool is_group_name(std::string_view text);

}  // namespace fairlead::agent::bundles
