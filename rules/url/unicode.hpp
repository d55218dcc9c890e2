#pragma once
// What rules/url needs of Unicode; the only file pair that knows ICU. Not for other rooms: they use host.hpp and
// words.hpp. Safe from any thread; ICU's tables are opened at the first use.

#include <string>
#include <string_view>

namespace fairlead::rules::url {

/// True when every byte is well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text);

/// Replaces each ill-formed byte by U+FFFD.
void mend_utf8(std::string& text);

/// WHATWG "domain to ASCII" with beStrict false: UTS 46, non-transitional, CheckBidi, CheckJoiners, no STD3 rules.
/// Appends to `out`; false when the name is refused. `name` is well-formed UTF-8.
[[nodiscard]] bool append_domain_to_ascii(std::string_view name, std::string& out);

/// UTS 46 "to Unicode" of a name in A-labels: how a browser may show it. Appends to `out`, UTF-8; false when a label is
/// not valid.
[[nodiscard]] bool append_domain_to_unicode(std::string_view name, std::string& out);

/// The skeleton (UTS 39 section 4) of a text: two texts with one skeleton are easily taken for each other. Appends to
/// `out`, nothing when it cannot be made. `text` is well-formed UTF-8.
void append_skeleton(std::string_view text, std::string& out);

/// NFKC_Casefold (Unicode 3.13, toNFKC_Casefold): case, width, ligatures and invisible characters no longer matter.
/// `text` is well-formed UTF-8.
void fold_case(std::string& text);

}  // namespace fairlead::rules::url
