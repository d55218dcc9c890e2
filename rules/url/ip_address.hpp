#pragma once
// IPv4 and IPv6 addresses as browsers read them, and their one canonical text. Internal to rules/url; pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlead::rules::url {

using Ipv6Pieces = std::array<std::uint16_t, 8>;

/// True when a browser reads this name as an IPv4 address or refuses it: its last label is a number.
/// `name` has no trailing dot.  Source: WHATWG URL, "ends-in-a-number checker".
[[nodiscard]] bool ends_in_number(std::string_view name);

/// Decimal, octal (leading 0), hexadecimal (0x), one to four parts.  Source: WHATWG URL, "IPv4 parser".
[[nodiscard]] std::optional<std::uint32_t> parse_ipv4(std::string_view name);

/// The text between the brackets.  Source: WHATWG URL, "IPv6 parser".
[[nodiscard]] std::optional<Ipv6Pieces> parse_ipv6(std::string_view text);

/// The IPv4 address inside ::ffff:0:0/96 (RFC 4291 section 2.5.5.2): the operating system connects to exactly that one.
[[nodiscard]] std::optional<std::uint32_t> mapped_ipv4(const Ipv6Pieces& pieces);

void append_ipv4(std::uint32_t address, std::string& out);

/// RFC 5952: lower case, the first longest run of two or more zero pieces as "::".
void append_ipv6(const Ipv6Pieces& pieces, std::string& out);

}  // namespace fairlead::rules::url
