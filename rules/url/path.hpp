#pragma once
// Path and query in canonical form, and how others read them. Internal to rules/url; pure.

#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::rules::url {

/// Appends the canonical path: begins with '/', '\' as '/', escapes of unreserved bytes undone, dot segments removed,
/// other escapes in upper case, bytes that no path may hold escaped. Applying it to its own output changes nothing.
/// raw      may be empty ("/" is appended) or begin without '/'.
/// Source   WHATWG URL, "path state"; RFC 3986 section 6.2.2.
void append_canonical_path(std::string_view raw, std::string& out);

/// Appends the canonical query: its bytes, with escapes in upper case and what WHATWG's "query state" escapes escaped.
void append_canonical_query(std::string_view raw, std::string& out);

/// Writes how a lenient origin may read a canonical path: percent-decoded once, '\' as '/', ";parameters" dropped,
/// empty and dot segments removed. A slash at the end stays. Errors   Errc::bad_url when origins differ in what ".."
/// takes away, so that no one reading can be judged.
[[nodiscard]] Result<void> read_as_origin(std::string_view path, std::string& out);

/// Writes what word patterns see: path and query percent-decoded once, '+' in the query as space, case folded.
void read_as_words(std::string_view path_and_query, std::string& out);

}  // namespace fairlead::rules::url
