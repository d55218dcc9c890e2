#include "agent/cover/browser_settings.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace fairlead::agent::cover {
namespace {

using nlohmann::json;

constexpr std::string_view kChromiumId = "cjpalhdlnbpafiamejdnhcphjbkeiagm";
constexpr std::string_view kFirefoxId = "uBlock0@raymondhill.net";
constexpr std::string_view kFirefoxNumber = "{446900e4-71c2-419f-a6a7-df9c091e268b}";

WantedSettings with_extensions() {
  return {"127.0.0.1:3128", {std::string(kChromiumId), std::string(kFirefoxId), std::string(kFirefoxNumber)}};
}

TEST_CASE("browser_settings: every row has its own id, a reason, and values that are JSON") {
  std::set<std::string_view> ids;
  for (const BrowserSetting& setting : browser_settings()) {
    INFO(setting.id);
    CHECK(ids.insert(setting.id).second);
    CHECK_FALSE(setting.because.empty());
    CHECK(setting.value.empty() == (setting.chromium.empty() && setting.edge.empty()));
    CHECK(setting.firefox_value.empty() == setting.firefox.empty());
    for (const std::string_view value : {setting.value, setting.firefox_value}) {
      if (!value.empty()) CHECK_FALSE(json::parse(value, nullptr, false).is_discarded());
    }
  }
}

TEST_CASE("browser_settings: the proxy is fixed and has no exceptions, whatever it is") {
  const WantedSettings wanted{"127.0.0.1:4128", {}};
  for (const Browser browser : {Browser::chromium, Browser::chrome, Browser::edge}) {
    const json told = json::parse(policy_document(browser, wanted))["ProxySettings"];
    CHECK(told ==
          json::parse(R"({"ProxyMode": "fixed_servers", "ProxyServer": "127.0.0.1:4128", "ProxyBypassList": ""})"));
  }
  const json told = json::parse(policy_document(Browser::firefox, wanted))["policies"]["Proxy"];
  CHECK(told["HTTPProxy"] == "127.0.0.1:4128");
  CHECK(told["UseHTTPProxyForAllProtocols"] == true);
  CHECK(told["Mode"] == "manual");
  CHECK(told["Locked"] == true);
  CHECK(told["Passthrough"] == "");
}

TEST_CASE("browser_settings: each browser is told of the extensions that are its own") {
  const json chromium = json::parse(policy_document(Browser::chromium, with_extensions()))["ExtensionSettings"];
  CHECK(chromium.size() == 2);
  CHECK(chromium["*"]["installation_mode"] == "blocked");
  CHECK(chromium[std::string(kChromiumId)] == json::parse(R"({"installation_mode": "allowed"})"));
  const json firefox =
      json::parse(policy_document(Browser::firefox, with_extensions()))["policies"]["ExtensionSettings"];
  CHECK(firefox.size() == 3);
  CHECK(firefox["*"]["installation_mode"] == "blocked");
  CHECK(firefox[std::string(kFirefoxId)]["installation_mode"] == "allowed");
  CHECK(firefox[std::string(kFirefoxNumber)]["installation_mode"] == "allowed");
}

TEST_CASE("browser_settings: Edge is told by its own names") {
  const json edge = json::parse(policy_document(Browser::edge, {}));
  CHECK(edge["InPrivateModeAvailability"] == 1);
  CHECK(edge["BrowserAddProfileEnabled"] == false);
  CHECK_FALSE(edge.contains("IncognitoModeAvailability"));
  CHECK_FALSE(edge.contains("BrowserAddPersonEnabled"));
}

TEST_CASE("browser_settings: what is no proxy and no id is refused and named") {
  CHECK(check({}));
  CHECK(check(with_extensions()));
  CHECK(check({"[::1]:3128", {"@testpilot"}}));
  for (const std::string_view proxy : {"", "127.0.0.1", ":3128", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:80x",
                                       "127.0.0.1:3128\nexport A=1", "a\"b:1", "$(x):1", "http://127.0.0.1:3128"}) {
    INFO(proxy);
    CHECK_FALSE(check({std::string(proxy), {}}));
  }
  for (const std::string_view id : {"", "*", "cjpalhdlnbpafiamejdnhcphjbkeiag", "cjpalhdlnbpafiamejdnhcphjbkeiagz",
                                    "{446900e4}", "{446900e4-71c2-419f-a6a7-df9c091e268g}", "name", "name@", "a b@c"}) {
    INFO(id);
    const auto good = check({"127.0.0.1:3128", {std::string(id)}});
    REQUIRE_FALSE(good);
    CHECK(good.error().context.find("'" + std::string(id) + "'") != std::string::npos);
  }
}

}  // namespace
}  // namespace fairlead::agent::cover
