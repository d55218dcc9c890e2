#pragma once
// Which ASCII names a host in other letters can be mistaken for: "аррӏе.com" in Cyrillic reads like apple.com. Pure;
// usable from any thread.

#include <string>
#include <string_view>
#include <vector>

namespace fairlead::rules::url {

/// The names that a reader may take a host for, each in canonical form; none for a host without A-labels ("xn--"), and
/// none when one of its letters looks like no ASCII letter: a name that is really written in Greek, Cyrillic or Welsh.
///
/// host     canonical.
/// Returns  nothing, one name, or two where a letter looks like two of them.
/// Source   Unicode UTS 39, section 4 (skeletons), a character at a time.
[[nodiscard]] std::vector<std::string> look_alikes(std::string_view host);

}  // namespace fairlead::rules::url
