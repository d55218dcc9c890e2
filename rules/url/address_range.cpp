#include "rules/url/address_range.hpp"

#include <algorithm>
#include <charconv>

#include "rules/url/ip_address.hpp"
#include "rules/url/nat64.hpp"

namespace fairlead::rules::url {
namespace {

constexpr int kPieceBits = 16;
constexpr int kBits = 128;
constexpr int kMappedBits = 96;  // in front of an IPv4 address

constexpr AddressRange v4(std::uint32_t address, int bits) {
  return {{0, 0, 0, 0, 0, 0xFFFF, static_cast<std::uint16_t>(address >> 16U), static_cast<std::uint16_t>(address)},
          kMappedBits + bits};
}
constexpr AddressRange v6(std::uint16_t first, int bits) { return {{first}, bits}; }

constexpr std::array kLocal = {v4(0x00000000, 8),       v4(0x0A000000, 8),
                               v4(0x64400000, 10),      v4(0x7F000000, 8),
                               v4(0xA9FE0000, 16),      v4(0xAC100000, 12),
                               v4(0xC0A80000, 16),      v4(0xE0000000, 3),  // multicast, reserved, broadcast
                               AddressRange{{}, kBits}, AddressRange{{0, 0, 0, 0, 0, 0, 0, 1}, kBits},
                               v6(0xFE80, 10),          v6(0xFEC0, 10),
                               v6(0xFF00, 8),           v6(0xFC00, 7)};

constexpr std::array kPrivate = {v4(0x0A000000, 8), v4(0x64400000, 10), v4(0xAC100000, 12), v4(0xC0A80000, 16),
                                 v6(0xFC00, 7)};

std::optional<Ipv6Pieces> pieces_of(std::string_view address) {
  if (address.find(':') != std::string_view::npos) return parse_ipv6(address);
  if (!ends_in_number(address)) return std::nullopt;
  const auto v4_address = parse_ipv4(address);
  if (!v4_address) return std::nullopt;
  return v4(*v4_address, 0).pieces;
}

bool holds_pieces(const AddressRange& range, const Ipv6Pieces& pieces) {
  int left = range.bits;
  for (std::size_t i = 0; i < pieces.size() && left > 0; ++i, left -= kPieceBits) {
    const int unused = kPieceBits - std::min(left, kPieceBits);
    if ((pieces[i] >> unused) != (range.pieces[i] >> unused)) return false;
  }
  return true;
}

template <std::size_t size>
bool is_among(const std::array<AddressRange, size>& ranges, const Ipv6Pieces& pieces) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const AddressRange& range) { return holds_pieces(range, pieces); });
}

}  // namespace

bool AddressRange::holds(std::string_view address) const {
  const auto other = pieces_of(address);
  return other && holds_pieces(*this, *other);
}

bool AddressRange::is_ipv4() const { return bits >= kMappedBits && mapped_ipv4(pieces); }

int AddressRange::own_bits() const { return is_ipv4() ? bits - kMappedBits : bits; }

std::string to_string(const AddressRange& range) {
  Ipv6Pieces pieces = range.pieces;
  int left = range.bits;
  for (std::uint16_t& piece : pieces) {
    const int unused = kPieceBits - std::clamp(left, 0, kPieceBits);
    piece = static_cast<std::uint16_t>(piece >> unused << unused);
    left -= kPieceBits;
  }
  std::string text;
  if (range.is_ipv4()) {
    append_ipv4(*mapped_ipv4(pieces), text);
  } else {
    append_ipv6(pieces, text);
  }
  return text + "/" + std::to_string(range.own_bits());
}

std::optional<AddressRange> parse_address_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  std::string_view address = text.substr(0, slash);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const auto pieces = pieces_of(address);
  if (!pieces) return std::nullopt;
  AddressRange range{*pieces, kBits};
  if (slash == std::string_view::npos) return range;
  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const int before = address.find(':') == std::string_view::npos ? kMappedBits : 0;
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || bits < 0 || bits > kBits - before)
    return std::nullopt;
  range.bits = before + bits;
  return range;
}

bool is_local_address(std::string_view address) {
  const auto pieces = pieces_of(address);
  if (!pieces) return true;
  const auto carried = carried_ipv4(*pieces);
  if (carried.empty()) return is_among(kLocal, *pieces);
  return std::any_of(carried.begin(), carried.end(),
                     [](std::uint32_t one) { return is_among(kLocal, v4(one, 0).pieces); });
}

bool is_private_network(std::string_view address) {
  const auto pieces = pieces_of(address);
  if (!pieces) return false;
  const auto carried = carried_ipv4(*pieces);
  if (carried.empty()) return is_among(kPrivate, *pieces);
  return std::all_of(carried.begin(), carried.end(),
                     [](std::uint32_t one) { return is_among(kPrivate, v4(one, 0).pieces); });
}

}  // namespace fairlead::rules::url
