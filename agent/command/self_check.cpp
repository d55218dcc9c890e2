#include "agent/command/self_check.hpp"

#include <array>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/as_and_at.hpp"
#include "agent/command/authority_files.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/trust_stores.hpp"
#include "agent/command/ways.hpp"
#include "agent/cover/settings.hpp"
#include "agent/net/control.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"
#include "rules/url/as_typed.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using rules::policy::Rules;
using rules::policy::Verdict;

struct Options {
  std::string as;
  bool as_json = false;
  fs::path config = default_config_folder();
  fs::path state = default_state_folder();
};

enum class State : std::uint8_t { closed, open, not_covered };
std::string_view to_string(State state) {
  constexpr std::array<std::string_view, 3> kNames{"closed", "open", "not covered"};
  return kNames[static_cast<std::size_t>(state)];
}

struct Finding {
  State state;
  std::string id, what, because;
};

/// For whom the rules are asked, and a host that they block, to be hidden in other addresses.
struct Asked {
  const Rules& rules;
  std::uint16_t group;
  std::chrono::sys_seconds now;
  std::string host;

  [[nodiscard]] bool stops(const rules::url::CanonicalUrl& url) const {
    return rules.decide(url, group, now).verdict == Verdict::block;
  }
};

/// A host of a category that is serious and blocked, so that no schedule and no small weight lets it through.
std::string blocked_host(const Asked& asked) {
  rules::url::CanonicalUrl url;
  for (const auto& category : asked.rules.catalog().categories) {
    if (category.severity < rules::catalog::Severity::high || category.quiet) continue;
    for (const auto& rule : category.block.hosts) {
      const bool is_plain = rule.host.find('-') == std::string::npos && !text::is_host_or_below(rule.host, "example");
      if (is_plain && url.assign("https://" + rule.host + "/") && asked.stops(url)) return rule.host;
    }
  }
  return {};
}

std::string escaped(std::string_view host) {
  std::string out;
  for (const char& c : host) {
    const auto byte = static_cast<unsigned char>(c);
    out += "%" + text::hex({&byte, 1});
  }
  return out;
}

std::string replace_all(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string fill_in(std::string_view address, const std::string& host) {
  std::string upper = host;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string out = replace_all(std::string(address), "{host}", host);
  out = replace_all(std::move(out), "{dashed}", replace_all(host, ".", "-"));
  out = replace_all(std::move(out), "{upper}", upper);
  return replace_all(std::move(out), "{escaped}", escaped(host));
}

Finding judge(const Way& way, const Asked& asked) {
  Finding finding{State::closed, std::string(way.id), std::string(way.what), {}};
  for (const std::string_view pattern : way.addresses) {
    const std::string address = rules::url::with_scheme(fill_in(pattern, asked.host));
    rules::url::CanonicalUrl url;
    // What is not read as a browser reads it is refused before anything else.
    if (!url.assign(address) || asked.stops(url)) continue;
    finding.state = State::open;
    finding.because = "goes through: " + address;
    return finding;
  }
  const std::size_t tried = way.addresses.size();
  finding.because =
      tried == 1 ? "an address tried, it is stopped" : std::to_string(tried) + " addresses tried, all are stopped";
  return finding;
}

Finding told(bool closed, std::string id, std::string what, std::string_view if_closed, std::string_view if_open) {
  return {closed ? State::closed : State::open, std::move(id), std::move(what),
          std::string(closed ? if_closed : if_open)};
}

void judge_policy(const Asked& asked, std::vector<Finding>& findings) {
  const auto& network = asked.rules.policy().network;
  const auto& safe = asked.rules.policy().groups[asked.group].safe_search;
  findings.push_back(told(network.judge_aliases, "cname", "an innocent name that stands for a blocked one",
                          "the name that a host stands for is judged too",
                          "policy.yaml: network: judge_aliases: false"));
  findings.push_back(told(!network.local_targets, "dns-rebinding", "a public name that leads into this laptop",
                          "private addresses are refused", "policy.yaml: network: local_targets: allow"));
  findings.push_back(told(network.plain_connect_ports.empty(), "plain-in-connect",
                          "something else than TLS in a tunnel", "tunnels must begin with TLS",
                          "policy.yaml: network: plain_connect_ports names a port"));
  findings.push_back(told(safe.engines && safe.youtube != rules::catalog::Restriction::off, "safe-search",
                          "search engines and YouTube without their safe mode",
                          "the engines are connected to at their safe hosts", "the group's safe_search lets it go"));
}

void look_at_agent(const Options& options, std::vector<Finding>& findings) {
  const auto answer = net::ask_agent(options.state / "control.sock", {{"do", "status"}});
  const bool runs = answer.has_value();
  const bool whole = runs && !(*answer)["rules"]["builtin"].get<bool>();
  findings.push_back(told(whole, "agent", "the filter does not run, or without its rules", "it runs with its rules",
                          runs ? "only the built-in minimum is in force" : "it does not run: fairlead status"));
}

void look_at_way_out(std::vector<Finding>& findings) {
  struct Exit {
    std::string_view id, what;
    platform::Transport transport;
    std::uint16_t port;
  };
  constexpr std::array kExits{
      Exit{"other-program", "a program that does not use the proxy", platform::Transport::tcp, 443},
      Exit{"quic", "HTTP/3, which no proxy sees", platform::Transport::udp, 443},
      Exit{"vpn-ports", "VPN programs", platform::Transport::udp, 51820},
      Exit{"dns-over-tls", "a name server of one's own", platform::Transport::tcp, 853},
  };
  for (const Exit& exit : kExits) {
    const platform::WayOut out = platform::way_out(exit.transport, exit.port);
    const std::string port =
        (exit.transport == platform::Transport::tcp ? "TCP " : "UDP ") + std::to_string(exit.port) + " ";
    const std::string because = port + (out == platform::WayOut::open      ? "leaves this laptop past the filter"
                                        : out == platform::WayOut::refused ? "is refused by this laptop"
                                                                           : "cannot be tried: there is no network");
    const State state = out == platform::WayOut::refused ? State::closed
                        : out == platform::WayOut::open  ? State::open
                                                         : State::not_covered;
    findings.push_back({state, std::string(exit.id), std::string(exit.what), because});
  }
}

void look_at_browsers(std::vector<Finding>& findings) {
  for (const cover::SettingItem& item : cover::look_at_settings({})) {
    const bool is_browser = !item.key.empty();
    if (!is_browser || !item.is_installed) continue;
    std::string what(item.place);
    what.append(" without the policy ").append(item.key);
    findings.push_back({item.state == cover::SettingState::in_place ? State::closed : State::open, "browser-policy",
                        std::move(what), item.file + ": " + item.says});
  }
}

void look_at_page(const Options& options, std::vector<Finding>& findings) {
  const std::string certificate = authority_pem(options.state);
  std::size_t present = 0;
  const auto stores = look_at_stores(certificate);
  for (const StoreState& store : stores) present += store.trust == Trust::present ? 1 : 0;
  const bool all = !certificate.empty() && present == stores.size();
  findings.push_back({all ? State::closed : State::not_covered, "page-over-https",
                      "blocked HTTPS sites that look like a broken network",
                      all ? "every store trusts this laptop's certificate"
                          : std::to_string(present) + " of " + std::to_string(stores.size()) +
                                " stores trust it: fairlead ca create, fairlead ca install"});
}

void tell(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    std::string line(to_string(finding.state));
    line.append(13 - line.size(), ' ').append(finding.id);
    line.append(finding.id.size() < 19 ? 19 - finding.id.size() : 1, ' ');
    std::cout << line << printable(finding.what) << "\n" << std::string(32, ' ') << printable(finding.because) << "\n";
  }
}

int self_check(const Options& options) {
  const auto rules = load_or_tell(options.config, options.state);
  if (!rules) return 3;
  Asked asked{
      *rules, group_named(*rules, options.as), std::chrono::floor<std::chrono::seconds>(platform::wall_clock()), {}};
  asked.host = blocked_host(asked);
  if (asked.host.empty()) {
    std::cerr << "fairlead: nothing serious is blocked for this group, so that no way round could be tried\n";
    return 3;
  }
  std::vector<Finding> findings;
  for (const Way& way : ways_by_address()) findings.push_back(judge(way, asked));
  judge_policy(asked, findings);
  look_at_agent(options, findings);
  look_at_way_out(findings);
  look_at_browsers(findings);
  look_at_page(options, findings);
  findings.push_back({State::not_covered, "other-device", "a phone or a laptop of one's own",
                      "no filter on this laptop sees it; supervision does"});
  std::size_t open = 0;
  json all = json::array();
  for (const Finding& finding : findings) {
    open += finding.state == State::open ? 1 : 0;
    all.push_back({{"way", finding.id},
                   {"state", to_string(finding.state)},
                   {"what", finding.what},
                   {"because", finding.because}});
  }
  if (options.as_json) {
    std::cout << all.dump(2) << "\n";
  } else {
    tell(findings);
    std::cout << findings.size() << " ways looked at for " << rules->policy().groups[asked.group].id << ": " << open
              << " open\n";
  }
  return open == 0 ? 0 : 1;
}

}  // namespace

void add_self_check_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "self-check", "Which known ways round the filter this laptop is open to, for the account that runs this");
  command->add_option("--as", options->as, "An account or a group; without it, somebody unknown");
  command->add_option("--config", options->config, "The folder of the category files");
  command->add_option("--state", options->state, "The agent's state folder");
  command->add_flag("--json", options->as_json, "For programs");
  command->callback([options, &exit_code] { exit_code = self_check(*options); });
}

}  // namespace fairlead::agent::command
