#pragma once
// Makes the certificates of this laptop: its authority, and from it the short-lived ones with which the agent answers
// for a name that it blocks. Without I/O. From any thread.

#include <chrono>
#include <string>
#include <string_view>

#include "agent/tls/credential.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::tls {

struct AuthorityNames {
  std::string organisation;  // as in policy.yaml
  std::string device;        // the name of the laptop
};

/// A P-256 key, and a certificate for it that signs itself: for servers only, with nothing below but what make_leaf()
/// makes, good for five years.
///
/// Errors   Errc::internal; bad_file when a name does not fit into a certificate (64 characters; the device's stands
/// behind
///          "Fairlead on ").
/// Source   RFC 5280 sections 4.1, 4.2; CA/Browser Forum Baseline Requirements 7.1 for what browsers expect
[[nodiscard]] Result<Credential> make_authority(const AuthorityNames& names, std::chrono::sys_seconds now);

/// How long a leaf is good for, from a day before it is made: clocks of laptops are wrong. Seven days in all.
inline constexpr std::chrono::days kLeafBegins{1}, kLeafLasts{6};

/// A certificate for one host, with a key that all leaves of a process share.
///
/// host     canonical.
/// key_of   a leaf made before, whose key is used again; null: a new key.
/// Errors   Errc::internal; bad_host when the name has a star in it.
[[nodiscard]] Result<Credential> make_leaf(const Credential& authority, std::string_view host,
                                           rules::url::HostKind kind, const Credential* key_of,
                                           std::chrono::sys_seconds now);

}  // namespace fairlead::agent::tls
