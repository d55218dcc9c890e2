#pragma once
// IP addresses in canonical form: ranges of them, and which lead to this machine or a private network. Pure; usable
// from any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlead::rules::url {

/// An address, or all that begin with the same bits. IPv4 stands in ::ffff:0:0/96.
struct AddressRange {
  std::array<std::uint16_t, 8> pieces{};
  int bits = 128;  // how many of the first bits count

  /// address  in canonical form, as CanonicalUrl::host() gives it; false for everything that is no address.
  [[nodiscard]] bool holds(std::string_view address) const;
  /// Of IPv4 addresses alone.
  [[nodiscard]] bool is_ipv4() const;
  /// How many bits count of an address of its own kind: 24 of 203.0.113.0/24.
  [[nodiscard]] int own_bits() const;
};

/// Reads "203.0.113.7", "203.0.113.0/24", "2001:db8::1" or "2001:db8::/32"; brackets may be left out.
[[nodiscard]] std::optional<AddressRange> parse_address_range(std::string_view text);

/// "203.0.113.0/24", "2001:db8::/32": canonical, with nought behind the bits that count.
[[nodiscard]] std::string to_string(const AddressRange& range);

/// Whether an address leads to this machine, to a private network or to no single host (RFC 6890; RFC 4193; multicast).
/// What is no address counts as local: it must not be connected to by mistake. An address of a translator (nat64.hpp)
/// is judged as the IPv4 address that it stands for; where that can be more than one, by the worst.
[[nodiscard]] bool is_local_address(std::string_view address);

/// Whether an address belongs to a private network (RFC 1918; RFC 6598; RFC 4193) and not to this machine or its link.
[[nodiscard]] bool is_private_network(std::string_view address);

}  // namespace fairlead::rules::url
