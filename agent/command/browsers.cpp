#include "agent/command/browsers.hpp"

#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/cover_section.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/folders.hpp"
#include "agent/cover/settings.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

using cover::SettingState;
using nlohmann::json;

struct BrowsersOptions {
  std::filesystem::path config = default_config_folder(), state = default_state_folder();
  cover::WantedSettings wanted;  // the extensions are those of policy.yaml
  bool as_json = false;
  bool rendered = false;
};

std::string_view state_word(SettingState state) {
  constexpr std::array<std::string_view, 3> kNames{"in place", "missing", "changed"};
  return kNames[static_cast<std::size_t>(state)];
}

/// With the extensions of policy.yaml; nothing, and it is said why, where that cannot be read or the proxy is none.
std::optional<cover::WantedSettings> wanted_by(const BrowsersOptions& options) {
  auto policy = read_cover(options.config);
  if (!policy) return std::nullopt;
  cover::WantedSettings wanted = options.wanted;
  wanted.extensions = std::move(policy->extensions);
  if (const auto good = cover::check(wanted); !good) {
    std::cerr << "fairlead: " << good.error().context << "\n";
    return std::nullopt;
  }
  return wanted;
}

bool is_no_administrator() {
  if (platform::is_administrator()) return false;
  std::cerr << "fairlead: the settings of this laptop's browsers can only be changed as root\n";
  return true;
}

/// 0 when no problem was met, else each is said.
int tell(const std::vector<Error>& problems) {
  for (const Error& problem : problems) std::cerr << "fairlead: " << problem.context << "\n";
  return problems.empty() ? kDone : kCouldNot;
}

/// 0 when all is in place that a program of this laptop reads.
int tell(const std::vector<cover::SettingItem>& items, bool as_json) {
  json all = json::array();
  bool is_whole = true;
  for (const cover::SettingItem& item : items) {
    is_whole = is_whole && (item.state == SettingState::in_place || !item.is_installed);
    all.push_back({{"place", item.place},
                   {"setting", item.setting},
                   {"key", item.key},
                   {"file", item.file},
                   {"state", state_word(item.state)},
                   {"says", item.says},
                   {"installed", item.is_installed}});
    if (as_json) continue;
    std::string place(item.place);
    if (!item.is_installed) place += " (not installed)";
    std::cout << state_word(item.state) << "\t" << place << "\t" << item.setting << "\t"
              << (item.key.empty() ? item.file : item.key) << "\n";
    if (item.state == SettingState::changed) std::cout << "\t" << item.file << ": " << item.says << "\n";
  }
  if (as_json) std::cout << all.dump(2) << "\n";
  return is_whole ? kDone : kNo;
}

int show_rendered(const cover::WantedSettings& wanted) {
  for (const cover::BrowserPlace& place : cover::browser_places()) {
    std::cout << place.name << ": " << place.policies << "\n" << cover::policy_document(place.browser, wanted);
  }
  return kDone;
}

int install(const BrowsersOptions& options) {
  const auto wanted = wanted_by(options);
  if (!wanted || is_no_administrator()) return kCouldNot;
  const int done = tell(cover::put_settings(*wanted, options.state));
  const int whole = tell(cover::look_at_settings(*wanted), options.as_json);
  std::cerr << "Browsers and sessions that are open learn of it when they are started again.\n";
  return done == kDone && whole != kDone ? kCouldNot : done;
}

int show(const BrowsersOptions& options) {
  const auto wanted = wanted_by(options);
  if (!wanted) return kCouldNot;
  return options.rendered ? show_rendered(*wanted) : tell(cover::look_at_settings(*wanted), options.as_json);
}

int uninstall(const BrowsersOptions& options) {
  if (is_no_administrator()) return kCouldNot;
  return tell(cover::take_settings_away(options.state));
}

}  // namespace

void add_browsers_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<BrowsersOptions>();
  CLI::App* browsers =
      app.add_subcommand("browsers", "The settings that lead this laptop's browsers and desktops through the filter");
  browsers->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*run)(const BrowsersOptions&)) {
    CLI::App* command = browsers->add_subcommand(name, help);
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
    return command;
  };
  const auto add_wanted = [&](CLI::App* command) {
    command->add_option("--proxy", options->wanted.proxy, "Where the filter listens")->capture_default_str();
    command->add_option("--config", options->config, "The folder of policy.yaml, which lists the extensions")
        ->capture_default_str();
    command->add_flag("--json", options->as_json, "For programs");
  };
  const auto add_state = [&](CLI::App* command) {
    command->add_option("--state", options->state, "Folder with what the agent writes")->capture_default_str();
  };
  CLI::App* put = add("install", "Put them in place (as root)", install);
  add_wanted(put);
  add_state(put);
  CLI::App* look = add("show", "How each of them stands", show);
  add_wanted(look);
  look->add_flag("--rendered", options->rendered, "What each browser would be told");
  add_state(add("uninstall", "Take them away again (as root)", uninstall));
}

}  // namespace fairlead::agent::command
