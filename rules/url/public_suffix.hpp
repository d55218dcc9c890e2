#pragma once
// Which part of a host one owner can register (publicsuffix.org, by libpsl). Pure; safe from any thread.

#include <string_view>

namespace fairlead::rules::url {

/// The public suffix and the one label in front of it: "example.co.uk" of "www.example.co.uk".
///
/// canonical_host  as canonical_host() gives it.
/// Returns         a view into the argument; the whole argument for an address, a single label or a public suffix
///                 itself, so that comparing two results says whether two hosts belong together.
/// Cost            O(labels) look-ups in a table that is built in.
[[nodiscard]] std::string_view registrable_domain(std::string_view canonical_host);

/// True for "com", "co.uk" and "github.io": strangers register names below it. False for what no list knows.
[[nodiscard]] bool is_public_suffix(std::string_view canonical_host);

}  // namespace fairlead::rules::url
