#include "agent/command/self_check.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/as_and_at.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/findings.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/judged_ways.hpp"
#include "agent/command/tried_ways.hpp"
#include "agent/net/control.hpp"
#include "agent/platform/apart.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::seconds kReportLimit{60};

struct SelfCheckOptions {
  std::string as;
  bool as_json = false, report = false;
  fs::path config;  // empty: the rules in force are asked
  fs::path state = default_state_folder();
};

struct Checked {
  std::string group;
  Findings findings;
};

void tell_findings(const Findings& findings) {
  for (const Finding& finding : findings) {
    std::string line(to_string(finding.state));
    line.append(13 - line.size(), ' ').append(finding.way);
    line.append(finding.way.size() < 19 ? 19 - finding.way.size() : 1, ' ');
    std::cout << line << printable(finding.what) << "\n" << std::string(32, ' ') << printable(finding.because) << "\n";
  }
}

/// What the files say, for whomever.
Result<Checked> judge_files(const SelfCheckOptions& options) {
  const auto rules = load_or_tell(options.config.empty() ? default_config_folder() : options.config, options.state);
  if (!rules) return fail(Errc::bad_file, Side::local, "no rules to be asked");
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const Asked asked{*rules, group_named(*rules, options.as), now};
  const std::string host = blocked_host(asked);
  if (host.empty()) {
    return fail(Errc::not_found, Side::local,
                "nothing serious is blocked for this group, so that no way round could be tried");
  }
  return Checked{rules->policy().groups[asked.group].id, judge_ways(asked, host)};
}

void append(Findings& to, Findings more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Everything, for the account of this process; what the rules say comes from `files` where they were asked.
Checked try_every_way(const fs::path& state, std::optional<Checked> files) {
  const auto answer = net::ask_agent(control_socket(state), {{"do", "self_check"}});
  const json& said = answer && answer->contains("own") ? *answer : json::object();
  Checked checked = files ? *std::move(files)
                          : Checked{said.value("group", std::string()), findings_from(said.value("by_rules", json()))};
  Findings& findings = checked.findings;
  if (said.empty()) {
    findings.push_back(
        told(false, "agent", "the filter does not run, or without its rules", "",
             answer ? answer->value("error", std::string("it did not answer")) : answer.error().context));
  }
  append(findings, findings_from(said.value("own", json())));
  try_proxy(said.value("proxy", std::string()), said.value("probe", std::string()), findings);
  try_exits({said.value("led_to", std::uint16_t{0}), platform::UserId{said.value("account", std::uint32_t{0})}},
            findings);
  look_at_browsers(said.value("extensions", std::vector<std::string>()), findings);
  look_at_page(said.value("certificate", std::string()), findings);
  findings.push_back({Finding::State::not_covered, "other-device", "a phone or a laptop of one's own",
                      "no filter on this laptop sees it; supervision does"});
  return checked;
}

int self_check(const SelfCheckOptions& options) {
  std::optional<Checked> files;
  if (!options.as.empty() || !options.config.empty()) {
    auto judged = judge_files(options);
    if (!judged) return could_not(judged.error());
    files = *std::move(judged);
  }
  const Checked checked = try_every_way(options.state, std::move(files));
  const auto open = std::count_if(checked.findings.begin(), checked.findings.end(),
                                  [](const Finding& finding) { return finding.state == Finding::State::open; });
  if (options.as_json) {
    std::cout << to_json(checked.findings).dump(2) << "\n";
  } else {
    tell_findings(checked.findings);
    std::cout << checked.findings.size() << " ways looked at" << (checked.group.empty() ? "" : " for " + checked.group)
              << ": " << open << " open\n";
  }
  return open == 0 ? kDone : kNo;
}

/// Tries everything as an account without rights, and tells the agent what came of it.
int report_findings(const SelfCheckOptions& options) {
  const auto tried = platform::run_apart(platform::kNobodyInParticular, kReportLimit, [&options] {
    return to_json(try_every_way(options.state, std::nullopt).findings)
        .dump(-1, ' ', false, json::error_handler_t::replace);
  });
  if (!tried) return could_not(tried.error());
  Findings findings = findings_from(json::parse(*tried, nullptr, false));
  // The agent tells of a pause itself, and it is no hole.
  std::erase_if(findings, [](const Finding& finding) { return finding.way == "paused"; });
  const auto open = open_ways(findings);
  const auto taken = net::ask_agent(
      control_socket(options.state),
      {{"do", "cover"}, {"part", "ways"}, {"state", open.empty() ? "in_force" : "open"}, {"what", open}});
  for (const std::string& way : open) std::cout << "open: " << printable(way) << "\n";
  if (!taken || taken->contains("error"))
    return could_not(taken ? taken->value("error", std::string()) : taken.error().context);
  return open.empty() ? kDone : kNo;
}

}  // namespace

void add_self_check_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SelfCheckOptions>();
  CLI::App* command = app.add_subcommand(
      "self-check", "Which known ways round the filter this laptop is open to, for the account that runs this");
  command->add_option("--as", options->as, "Judge the files, for an account or a group");
  command->add_option("--config", options->config, "Judge the files of this folder");
  command->add_option("--state", options->state, "The agent's state folder");
  auto* as_json = command->add_flag("--json", options->as_json, "For programs");
  command->add_flag("--report", options->report, "As root: try as an account without rights, and tell the agent")
      ->excludes(as_json, "--as", "--config");
  command->callback(
      [options, &exit_code] { exit_code = options->report ? report_findings(*options) : self_check(*options); });
}

}  // namespace fairlead::agent::command
