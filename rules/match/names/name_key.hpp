#pragma once
// The form in which names are sorted and kept: labels from the last to the first, so that a parent stands right before
// everything below it. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlead::rules::match {

/// Stands between labels: lower than any byte of a label, so that "org.example" and all below it are neighbours.
inline constexpr char kLabelEnd = '\x01';
/// Stands before an address, which has no labels.
inline constexpr char kAddress = '\x02';
/// Stand between a host and a path: of a block rule, in lower case; of an allow rule, letter by letter.
inline constexpr char kBlockedPath = '\x03';
inline constexpr char kAllowedPath = '\x04';
/// Stands for the '?' between path and query.
inline constexpr char kQueryBegin = '\x05';

/// Appends the key of a host: "www.example.org" → org example www; an address after kAddress.
void append_host_key(std::string_view host, std::string& out);
/// Where the host's part of a key ends: before the mark of a path, or at its end.
[[nodiscard]] std::size_t end_of_host(std::string_view key);
/// "www.example.org" again, and the path behind it.
[[nodiscard]] std::string name_of_key(std::string_view key);

/// The first ten bytes of a key, six bits each, in an order that agrees with the order of keys: what sorts before may
/// be equal here, never greater.
[[nodiscard]] std::uint64_t prefix_of_key(std::string_view key);

}  // namespace fairlead::rules::match
