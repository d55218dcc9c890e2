#pragma once
// Hosts in canonical form: names by UTS 46, every spelling of an IPv4 address to dotted quad, IPv6 compressed.
// Pure; usable from any thread.

#include <string>
#include <string_view>

#include "rules/base/result.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::url {

/// Folds a host into the single form that rules are keyed by.
///
/// raw      1-1024 bytes, any case, UTF-8, percent-encoded or A-labels, at most one trailing dot; IPv6 in brackets.
/// out      receives lower-case A-labels without trailing dot, dotted quad, or IPv6 without brackets; its memory is
/// reused. Returns  what kind of host it is. Errors   Errc::bad_host; the context names the byte or the rule that is
/// broken. Cost     O(bytes); no allocation for ASCII names that fit `out`. Source   WHATWG URL, "host parser"; UTS 46,
/// non-transitional. Stricter than a browser: no empty labels, labels of at
///          most 63 bytes and names of at most 253, as DNS has it. IPv4-mapped IPv6 becomes IPv4.
[[nodiscard]] Result<HostKind> canonical_host(std::string_view raw, std::string& out);

/// The same, appended to `out`; on error `out` is as it was.
[[nodiscard]] Result<HostKind> append_canonical_host(std::string_view raw, std::string& out);

}  // namespace fairlead::rules::url
