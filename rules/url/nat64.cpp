#include "rules/url/nat64.hpp"

#include <algorithm>
#include <array>

namespace fairlead::rules::url {
namespace {

constexpr std::size_t kBytes = 16;
constexpr std::size_t kReserved = 8;  // bits 64 to 71 are zero (RFC 6052 section 2.2)
using Bytes = std::array<std::uint8_t, kBytes>;

constexpr std::array kLengths = {32, 40, 48, 56, 64, 96};
constexpr std::uint32_t kFirstIpv4Only = 0xC00000AA, kSecondIpv4Only = 0xC00000AB;  // RFC 7050 section 8.2

constexpr Nat64Prefix kWellKnown{{0x64, 0xFF9B}, 96};

Bytes bytes_of(const Ipv6Pieces& pieces) {
  Bytes bytes{};
  for (std::size_t i = 0; i < kBytes; ++i) {
    const unsigned piece = pieces[i / 2];
    bytes[i] = static_cast<std::uint8_t>(i % 2 == 0 ? piece >> 8U : piece & 0xFFU);
  }
  return bytes;
}

Ipv6Pieces pieces_of(const Bytes& bytes) {
  Ipv6Pieces pieces{};
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i] = static_cast<std::uint16_t>((unsigned{bytes[2 * i]} << 8U) | bytes[2 * i + 1]);
  }
  return pieces;
}

/// Where the four bytes stand.
std::array<std::size_t, 4> places_behind(int bits) {
  std::array<std::size_t, 4> places{};
  std::size_t at = static_cast<std::size_t>(bits) / 8;
  for (std::size_t& place : places) {
    if (at == kReserved) ++at;
    place = at++;
  }
  return places;
}

/// The address with everything gone that stands behind its first bits.
Ipv6Pieces first_bits(const Ipv6Pieces& address, int bits) {
  Bytes bytes = bytes_of(address);
  std::fill(bytes.begin() + bits / 8, bytes.end(), std::uint8_t{0});
  return pieces_of(bytes);
}

bool is_local_use(const Ipv6Pieces& address) { return address[0] == 0x64 && address[1] == 0xFF9B && address[2] == 1; }

}  // namespace

Ipv6Pieces Nat64Prefix::embed(std::uint32_t v4) const {
  Bytes bytes = bytes_of(first_bits(pieces, bits));
  unsigned shift = 24;
  for (const std::size_t place : places_behind(bits)) {
    bytes[place] = static_cast<std::uint8_t>(v4 >> shift);
    shift -= 8;
  }
  return pieces_of(bytes);
}

std::optional<std::uint32_t> Nat64Prefix::extract(const Ipv6Pieces& address) const {
  const Bytes bytes = bytes_of(address);
  std::uint32_t v4 = 0;
  for (const std::size_t place : places_behind(bits)) v4 = v4 << 8U | bytes[place];
  return embed(v4) == address ? std::optional(v4) : std::nullopt;
}

std::optional<Nat64Prefix> prefix_told_by(std::span<const std::string> addresses) {
  for (const std::string& text : addresses) {
    const auto address = parse_ipv6(text);
    if (!address) continue;
    for (const int bits : kLengths) {
      const Nat64Prefix prefix{first_bits(*address, bits), bits};
      const auto v4 = prefix.extract(*address);
      if (v4 == kFirstIpv4Only || v4 == kSecondIpv4Only) return prefix;
    }
  }
  return std::nullopt;
}

std::optional<std::string> translated(const Nat64Prefix& prefix, std::string_view v4) {
  const auto address = ends_in_number(v4) ? parse_ipv4(v4) : std::nullopt;
  if (!address) return std::nullopt;
  std::string out;
  append_ipv6(prefix.embed(*address), out);
  return out;
}

std::vector<std::uint32_t> carried_ipv4(const Ipv6Pieces& address) {
  if (const auto v4 = kWellKnown.extract(address)) return {*v4};
  std::vector<std::uint32_t> all;
  if (!is_local_use(address)) return all;
  for (const int bits : {48, 56, 64, 96}) {
    const auto v4 = Nat64Prefix{first_bits(address, bits), bits}.extract(address);
    // Zeros behind a shorter prefix are the end of what it made, and no address of a longer one's; nor is 0.0.0.0/8.
    const bool is_left_over = bits == 96 || (v4 && *v4 >> 24U == 0);
    if (v4 && (!is_left_over || all.empty())) all.push_back(*v4);
  }
  return all;
}

std::string leads_to(std::string_view address) {
  const auto pieces = address.find(':') == std::string_view::npos ? std::nullopt : parse_ipv6(address);
  const auto carried = pieces ? carried_ipv4(*pieces) : std::vector<std::uint32_t>();
  if (carried.size() != 1) return std::string(address);
  std::string out;
  append_ipv4(carried.front(), out);
  return out;
}

}  // namespace fairlead::rules::url
