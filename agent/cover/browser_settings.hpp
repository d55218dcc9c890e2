#pragma once
// The settings that lead browsers through the filter: one table, rendered for each browser. Pure; from any thread.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/cover/browser_places.hpp"
#include "agent/cover/changed_files.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::cover {

/// What the settings depend on.
struct WantedSettings {
  std::string proxy = "127.0.0.1:3128";  // HOST:PORT
  std::vector<std::string> extensions;   // that may be added to browsers: ids of Chromium, ids of Firefox
};

/// One row of the table. A browser's own name and value; no name: it has no such setting.
struct BrowserSetting {
  std::string_view id;             // for people and programs: "proxy"
  std::string_view chromium;       // the policy's name in Chromium and Chrome; '/' leads to a key inside it
  std::string_view edge;           // the same in Edge
  std::string_view value;          // JSON, for these three; {proxy} stands for HOST:PORT
  std::string_view firefox;        // the way below "policies", with '/'
  std::string_view firefox_value;  // JSON
  std::string_view because;
};
[[nodiscard]] std::span<const BrowserSetting> browser_settings();

/// Errors   Errc::bad_file: the proxy is no HOST:PORT, or an extension's id is neither Chromium's (32 letters from a
///          to p) nor Firefox' (name@host or {uuid}).
[[nodiscard]] Result<void> check(const WantedSettings& wanted);

/// One setting as one browser is told it.
struct BrowserPolicy {
  std::string_view setting;  // the row's id
  Edit edit;                 // of kind value
};

/// All that this browser is told, in the order of the table.
///
/// wanted   passed check().
[[nodiscard]] std::vector<BrowserPolicy> policies_for(Browser browser, const WantedSettings& wanted);

/// The same as a file that holds nothing else.
[[nodiscard]] std::string policy_document(Browser browser, const WantedSettings& wanted);

}  // namespace fairlead::agent::cover
