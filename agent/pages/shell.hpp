#pragma once
// What every page shares: the frame around it, the one style sheet and the policy that forbids it everything else. Used
// by the block and error pages and by the console. Without I/O; usable from any thread.

#include <string>
#include <string_view>

#include "agent/pages/escape.hpp"

namespace fairlead::agent::pages {

inline constexpr std::string_view kHtmlType = "text/html; charset=utf-8";

/// style.css, written into the program at build time.
[[nodiscard]] std::string_view style_sheet();

/// Nothing may be loaded, run, framed or sent elsewhere; the one style sheet is named by its hash.
[[nodiscard]] const std::string& content_security_policy();

/// A whole page.
///
/// title         for the tab, which other people may see: says what happened, never the kind of site.
/// organisation  shown beside the mark; may be empty.
/// main, footer  content of these landmarks; an empty footer is left out.
[[nodiscard]] std::string whole_page(std::string_view title, std::string_view organisation, const Html& main,
                                     const Html& footer);

}  // namespace fairlead::agent::pages
