#pragma once
// What the pages of the console share: the frame with the menu of the visitor's role, and the hidden field of its
// forms. Pure; usable from any thread.

#include <string_view>

#include "agent/console/visit.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console {

inline constexpr std::string_view kCsrfField = "csrf";

/// A page of the console.
///
/// title   for the tab, which other people may see: never a person, a site or a kind of site.
/// styles  of these pages alone, beside the console's own: trusted text of this program.
[[nodiscard]] pages::Answer page(const Visit& visit, int status, std::string_view title, const pages::Html& main,
                                 std::string_view styles = {});

/// A short page with one thing to say. back: where it leads.
[[nodiscard]] pages::Answer say(const Visit& visit, int status, std::string_view heading, std::string_view says,
                                std::string_view back);

/// "<form method=post action=...>" with the field that every form of a signed-in account sends along.
[[nodiscard]] pages::Html form_begin(const Visit& visit, std::string_view action);

/// A file to be saved. `name`: letters, digits, '.', '-' and '_'; anything else becomes '-'.
[[nodiscard]] pages::Answer download(std::string_view name, std::string_view content_type, std::string body);

/// The console's own styles, beside those of every page.
[[nodiscard]] std::string_view style_sheet();

}  // namespace fairlead::agent::console
