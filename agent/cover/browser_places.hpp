#pragma once
// Where the browsers of this laptop read the policies that its administrator gives them. Reads only whether files are
// there. Blocks.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace fairlead::agent::cover {

enum class Browser : std::uint8_t { chromium, chrome, edge, firefox };

struct BrowserPlace {
  Browser browser;
  std::string_view name;                           // for people: "Firefox"
  std::span<const std::string_view> programs;      // any of them there: the browser is installed
  std::string_view policies;                       // Firefox: a file; the others: a folder, of which every file counts
  std::span<const std::string_view> instead = {};  // files that are read when `policies` is not there
};

/// Every browser that Fairlead knows.
[[nodiscard]] std::span<const BrowserPlace> browser_places();

[[nodiscard]] bool is_installed(const BrowserPlace& place);

/// The one file that Firefox reads, or would read if it were there.
[[nodiscard]] std::filesystem::path policy_file(const BrowserPlace& place);

}  // namespace fairlead::agent::cover
