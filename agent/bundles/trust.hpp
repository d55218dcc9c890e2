#pragma once
// Why a manifest is believed: a bundle key signed it, and the root key, which every laptop got when it joined, vouches
// for that bundle key until a day. Pure; any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agent/bundles/manifest.hpp"
#include "agent/bundles/signing.hpp"

namespace fairlead::agent::bundles {

/// A manifest as it lies in files and as the hub hands it on, each text byte by byte.
struct SignedManifest {
  std::string manifest, signature;  // manifest.json, manifest.json.minisig
  std::string key, key_signature;   // bundle.pub, bundle.pub.minisig
};

/// The answer of GET /v1/manifest.
/// time     the hub's clock; nothing where it is not told.
struct Handed {
  SignedManifest manifest;
  std::optional<std::chrono::sys_seconds> time;
};
/// Errors   bad_message
[[nodiscard]] Result<Handed> read_handed(std::string_view text);
[[nodiscard]] std::string write_handed(const SignedManifest& manifest, std::chrono::sys_seconds time);

/// What the root key signs beside a bundle key: "fairlead bundle key until 2027-01-31T00:00:00Z".
[[nodiscard]] std::string vouching_comment(std::chrono::sys_seconds until);

/// Errors   refused, with a sentence: which of the two signatures is none, or that the bundle key is out of date;
///          bad_file: what was signed is no manifest.
[[nodiscard]] Result<Manifest> check(const SignedManifest& handed, const minisign::PublicKey& root,
                                     std::chrono::sys_seconds now);

/// What a laptop knows when a manifest comes.
struct Standing {
  std::string organisation, group;
  std::uint64_t version = 0;  // in force; 0: none yet
  std::string digest;
};

/// Is a manifest that was checked the next one of this laptop? Gives its bundle; null: it is the one in force.
/// Errors   refused (another organisation, a lower version, another manifest of the same version, no such group);
///          timed_out: not yet.
[[nodiscard]] Result<const Bundle*> next_bundle(const Manifest& manifest, const Standing& standing,
                                                std::chrono::sys_seconds now);

}  // namespace fairlead::agent::bundles
