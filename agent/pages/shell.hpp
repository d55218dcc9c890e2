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
/// The same for a page with a second sheet.
[[nodiscard]] std::string content_security_policy_with(std::string_view second_sheet);

/// A whole page.
struct Frame {
  std::string_view title;         // for the tab, which other people may see: says what happened, never the kind of site
  std::string_view organisation;  // shown beside the mark; may be empty
  std::string_view second_sheet;  // styles beside style.css: trusted text of this program; may be empty
  Html navigation;                // stands between the head and the content; left out when empty
  Html main, footer;              // content of these landmarks; an empty footer is left out
};
[[nodiscard]] std::string framed(const Frame& frame);

/// The same without navigation, with the one sheet.
[[nodiscard]] std::string whole_page(std::string_view title, std::string_view organisation, const Html& main,
                                     const Html& footer);

}  // namespace fairlead::agent::pages
