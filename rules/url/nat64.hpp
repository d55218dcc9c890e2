#pragma once
// IPv4 inside IPv6, for networks that have no other way to the IPv4 internet (NAT64): prefixes, the addresses that they
// make, and how a network tells its own (RFC 6052, RFC 7050). Pure; usable from any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/url/ip_address.hpp"

namespace fairlead::rules::url {

/// The name whose IPv6 addresses tell the prefix: it has none of its own (RFC 7050 section 8.2).
inline constexpr std::string_view kIpv4OnlyName = "ipv4only.arpa";

/// What stands before, around and behind an IPv4 address.
struct Nat64Prefix {
  Ipv6Pieces pieces{};
  int bits = 96;  // 32, 40, 48, 56, 64 or 96

  /// The address that stands for an IPv4 one. Source: RFC 6052 section 2.2
  [[nodiscard]] Ipv6Pieces embed(std::uint32_t v4) const;
  /// The IPv4 address inside; nothing for an address that this prefix cannot have made.
  [[nodiscard]] std::optional<std::uint32_t> extract(const Ipv6Pieces& address) const;
  bool operator==(const Nat64Prefix&) const = default;
};

/// The prefix of a network, from the addresses that its name server has for kIpv4OnlyName. Nothing where it has no
/// translator.
///
/// addresses   in canonical form; those of IPv4 tell nothing.
/// Source      RFC 7050 section 3
[[nodiscard]] std::optional<Nat64Prefix> prefix_told_by(std::span<const std::string> addresses);

/// "2001:db8::cb00:7107" for "203.0.113.7"; nothing for what is no IPv4 address.
[[nodiscard]] std::optional<std::string> translated(const Nat64Prefix& prefix, std::string_view v4);

/// The IPv4 addresses to which an address may lead that begins with 64:ff9b::/96 (RFC 6052) or 64:ff9b:1::/48 (RFC
/// 8215): one for the former; for the latter, whose prefix may be longer than is known here, each that can be meant.
/// None for every other address.
[[nodiscard]] std::vector<std::uint32_t> carried_ipv4(const Ipv6Pieces& address);

/// The address to which this one leads: behind a translator the IPv4 address that it stands for, where it can be only
/// one; else itself.
[[nodiscard]] std::string leads_to(std::string_view address);

}  // namespace fairlead::rules::url
