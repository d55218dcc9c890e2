#include "agent/cover/browser_places.hpp"

#include <algorithm>
#include <array>
#include <system_error>

namespace fairlead::agent::cover {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 1> kChromium = {"/usr/bin/chromium"};
constexpr std::array<std::string_view, 2> kChrome = {"/usr/bin/google-chrome-stable", "/usr/bin/google-chrome-beta"};
constexpr std::array<std::string_view, 2> kEdge = {"/usr/bin/microsoft-edge-stable", "/usr/bin/microsoft-edge-beta"};
constexpr std::array<std::string_view, 2> kFirefox = {"/usr/bin/firefox-esr", "/usr/bin/firefox"};
// A policies.json below /etc takes the place of the one beside the program.
constexpr std::array<std::string_view, 2> kFirefoxInstead = {"/usr/lib/firefox-esr/distribution/policies.json",
                                                             "/usr/lib/firefox/distribution/policies.json"};
constexpr std::array kPlaces = {
    BrowserPlace{Browser::chromium, "Chromium", kChromium, "/etc/chromium/policies/managed"},
    BrowserPlace{Browser::chrome, "Google Chrome", kChrome, "/etc/opt/chrome/policies/managed"},
    BrowserPlace{Browser::edge, "Microsoft Edge", kEdge, "/etc/opt/edge/policies/managed"},
    BrowserPlace{Browser::firefox, "Firefox", kFirefox, "/etc/firefox/policies/policies.json", kFirefoxInstead},
};

bool is_there(std::string_view path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

std::span<const BrowserPlace> browser_places() { return kPlaces; }

bool is_installed(const BrowserPlace& place) {
  return std::any_of(place.programs.begin(), place.programs.end(), is_there);
}

fs::path policy_file(const BrowserPlace& place) {
  if (is_there(place.policies)) return place.policies;
  const auto other = std::find_if(place.instead.begin(), place.instead.end(), is_there);
  return other == place.instead.end() ? place.policies : *other;
}

}  // namespace fairlead::agent::cover
