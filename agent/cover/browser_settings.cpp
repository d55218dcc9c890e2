#include "agent/cover/browser_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace fairlead::agent::cover {
namespace {

using nlohmann::json;

constexpr std::string_view kProxyMark = "{proxy}";

// Sources: Chromium's policy list (chrome://policy, "show policies with no value set"), Edge's browser policy
// reference, Firefox' policies-schema.json. Left alone on purpose: developer tools, chrome://flags (no flag undoes a
// policy), safe browsing, HTTPS upgrades, sync.
constexpr std::array kSettings = {
    // Loopback addresses pass every proxy setting of Chromium and Firefox by. The local pages need that, and so does
    // signing in to programs that listen there for the answer; "<-loopback>" would end both.
    BrowserSetting{"proxy", "ProxySettings", "ProxySettings",
                   R"({"ProxyMode": "fixed_servers", "ProxyServer": "{proxy}", "ProxyBypassList": ""})", "Proxy",
                   R"({"Mode": "manual", "HTTPProxy": "{proxy}", "UseHTTPProxyForAllProtocols": true, )"
                   R"("Passthrough": "", "Locked": true})",
                   "everything goes through the filter; no list of exceptions, and no person can change it"},
    BrowserSetting{"own-requests", "", "", "", "Preferences/network.proxy.allow_bypass",
                   R"({"Value": false, "Status": "locked"})",
                   "what Firefox asks for itself does not go past the filter when that says no"},
    BrowserSetting{"quic", "QuicAllowed", "QuicAllowed", "false", "Preferences/network.http.http3.enable",
                   R"({"Value": false, "Status": "locked"})", "QUIC runs over UDP, which no HTTP proxy sees"},
    BrowserSetting{"secure-dns", "DnsOverHttpsMode", "DnsOverHttpsMode", R"("off")", "DNSOverHTTPS",
                   R"({"Enabled": false, "Locked": true})", "names are looked up as the laptop does"},
    BrowserSetting{"hidden-names", "EncryptedClientHelloEnabled", "EncryptedClientHelloEnabled", "false",
                   "DisableEncryptedClientHello", "true", "the name of the site stays readable to the filter"},
    BrowserSetting{"extensions", "ExtensionSettings/*", "ExtensionSettings/*",
                   R"({"installation_mode": "blocked", "blocked_install_message": )"
                   R"("Only extensions that IT has allowed can be added on this laptop."})",
                   "ExtensionSettings/*",
                   R"({"installation_mode": "blocked", "blocked_install_message": )"
                   R"("Only extensions that IT has allowed can be added on this laptop."})",
                   "extensions can choose another proxy and read every page: only those on the list"},
    BrowserSetting{"private-windows", "IncognitoModeAvailability", "InPrivateModeAvailability", "1",
                   "DisablePrivateBrowsing", "true", "one way of browsing, in which all of this holds"},
    BrowserSetting{"guests", "BrowserGuestModeEnabled", "BrowserGuestModeEnabled", "false", "", "",
                   "a guest's window has none of the person's settings"},
    BrowserSetting{"more-profiles", "BrowserAddPersonEnabled", "BrowserAddProfileEnabled", "false",
                   "BlockAboutProfiles", "true", "one profile for each account of the laptop"},
    BrowserSetting{"profile-picker", "ProfilePickerOnStartupAvailability", "", "1", "", "",
                   "the picker offers guests and new profiles"},
    BrowserSetting{"raw-settings", "", "", "", "BlockAboutConfig", "true",
                   "settings that are not locked above could be turned round there"},
    BrowserSetting{"remote-control", "RemoteDebuggingAllowed", "RemoteDebuggingAllowed", "false", "", "",
                   "a program that steers the browser from outside can give its windows another proxy"},
    BrowserSetting{"policy-trial", "PolicyTestPageEnabled", "", "false", "", "",
                   "chrome://policy/test, which Debian's Chromium has, puts other policies in the place of these"},
    BrowserSetting{"webrtc", "WebRtcIPHandling", "WebRtcLocalhostIpHandling", R"("disable_non_proxied_udp")",
                   "Preferences/media.peerconnection.ice.proxy_only", R"({"Value": true, "Status": "locked"})",
                   "calls between browsers go over TCP through the filter, not beside it over UDP"},
    BrowserSetting{"raw-sockets", "DefaultDirectSocketsSetting", "", "2", "", "",
                   "web apps that speak TCP and UDP themselves heed no proxy"},
    BrowserSetting{"prediction", "NetworkPredictionOptions", "NetworkPredictionOptions", "2", "NetworkPrediction",
                   "false", "no names are looked up, and no connections made, before somebody asks"},
    BrowserSetting{"background", "BackgroundModeEnabled", "BackgroundModeEnabled", "false", "", "",
                   "a browser that was closed is closed"},
    BrowserSetting{"own-vpn", "", "", "", "IPProtectionAvailable", "false", "Firefox' own VPN leads past the filter"},
};

bool is_chromium_id(std::string_view id) {
  constexpr std::size_t kLetters = 32;
  return id.size() == kLetters && std::all_of(id.begin(), id.end(), [](char c) { return c >= 'a' && c <= 'p'; });
}

bool is_firefox_id(std::string_view id) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  };
  if (id.size() > 2 && id.front() == '{' && id.back() == '}') {
    constexpr std::string_view kForm = "{00000000-0000-0000-0000-000000000000}";
    const auto fits = [](char c, char form) {
      const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      return form == '0' ? is_hex : c == form;
    };
    return id.size() == kForm.size() && std::equal(id.begin(), id.end(), kForm.begin(), fits);
  }
  const std::size_t at = id.find('@');
  if (at == std::string_view::npos || at + 1 == id.size()) return false;
  const std::string_view host = id.substr(at + 1);
  return std::all_of(id.begin(), id.begin() + static_cast<std::ptrdiff_t>(at), is_plain) &&
         std::all_of(host.begin(), host.end(), is_plain);
}

bool is_host_and_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), port);
  const auto may_stand = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  };
  return error == std::errc() && end == digits.end() && port != 0 && std::all_of(host.begin(), host.end(), may_stand);
}

std::string filled_in(std::string_view value, const std::string& proxy) {
  std::string text(value);
  if (const std::size_t at = text.find(kProxyMark); at != std::string::npos) {
    text.replace(at, kProxyMark.size(), proxy);
  }
  return text;
}

std::vector<std::string> keys_of(Browser browser, std::string_view way) {
  std::vector<std::string> keys;
  if (browser == Browser::firefox) keys.emplace_back("policies");
  const std::size_t slash = way.find('/');
  keys.emplace_back(way.substr(0, slash));
  if (slash != std::string_view::npos) keys.emplace_back(way.substr(slash + 1));
  return keys;
}

/// The settings whose row asks for an entry for each extension that may be added.
constexpr std::string_view kExtensions = "extensions";

void add_extensions(Browser browser, const WantedSettings& wanted, std::vector<BrowserPolicy>& policies) {
  for (const std::string& id : wanted.extensions) {
    if (is_chromium_id(id) == (browser == Browser::firefox)) continue;
    std::vector<std::string> keys = keys_of(browser, "ExtensionSettings");
    keys.push_back(id);
    policies.push_back(
        {kExtensions, {Edit::Kind::value, std::move(keys), json({{"installation_mode", "allowed"}}).dump()}});
  }
}

}  // namespace

std::span<const BrowserSetting> browser_settings() { return kSettings; }

Result<void> check(const WantedSettings& wanted) {
  if (!is_host_and_port(wanted.proxy)) {
    return fail(Errc::bad_file, Side::local, "'" + wanted.proxy + "' is no proxy: write it like 127.0.0.1:3128");
  }
  for (const std::string& id : wanted.extensions) {
    if (is_chromium_id(id) || is_firefox_id(id)) continue;
    return fail(Errc::bad_file, Side::local,
                "'" + id +
                    "' is no id of an extension: Chromium's have 32 letters from a to p, Firefox' are like "
                    "name@host or {00000000-0000-0000-0000-000000000000}");
  }
  return {};
}

std::vector<BrowserPolicy> policies_for(Browser browser, const WantedSettings& wanted) {
  std::vector<BrowserPolicy> policies;
  for (const BrowserSetting& setting : kSettings) {
    const bool is_firefox = browser == Browser::firefox;
    const std::string_view way = is_firefox                 ? setting.firefox
                                 : browser == Browser::edge ? setting.edge
                                                            : setting.chromium;
    if (way.empty()) continue;
    const std::string value = filled_in(is_firefox ? setting.firefox_value : setting.value, wanted.proxy);
    policies.push_back({setting.id, {Edit::Kind::value, keys_of(browser, way), value}});
    if (setting.id == kExtensions) add_extensions(browser, wanted, policies);
  }
  return policies;
}

std::string policy_document(Browser browser, const WantedSettings& wanted) {
  std::vector<Edit> edits;
  for (BrowserPolicy& policy : policies_for(browser, wanted)) edits.push_back(std::move(policy.edit));
  return with_edits(std::nullopt, edits).value_or(std::string());  // an empty object takes every value
}

}  // namespace fairlead::agent::cover
