#include "agent/command/cover.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/cover_section.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/folders.hpp"
#include "agent/cover/firewall_plan.hpp"
#include "agent/cover/keeping.hpp"
#include "agent/cover/known_ports.hpp"
#include "agent/net/control.hpp"
#include "agent/platform/firewall.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"
#include "rules/catalog/cover_file.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;
using cover::Firewall;
using nlohmann::json;
using rules::catalog::CoverProfile;
using rules::catalog::PortRange;

constexpr std::string_view kOwnAccount = "fairlead";
constexpr std::string_view kResolvConf = "/etc/resolv.conf";
/// Root's own, and gone with a restart, as the rules are. The agent's account cannot tell root here what was put.
constexpr std::string_view kMemory = "/run/fairlead-cover";

void say(std::string_view words) { std::cerr << "fairlead: " << words << "\n"; }

struct LeftAloneAccount {
  std::string name;
  std::optional<platform::UserId> number;  // nothing: the laptop does not know it
};

std::vector<LeftAloneAccount> left_alone_by(const rules::catalog::Cover& cover) {
  std::vector<LeftAloneAccount> accounts{{std::string(kOwnAccount), platform::account_named(std::string(kOwnAccount))}};
  for (const std::string& name : cover.exempt) accounts.push_back({name, platform::account_named(name)});
  return accounts;
}

std::optional<platform::FirewallPlan> plan_here(const rules::catalog::Cover& cover) {
  cover::Facts facts;
  for (const LeftAloneAccount& account : left_alone_by(cover)) {
    if (account.number) facts.left_alone.push_back(*account.number);
  }
  facts.name_servers = cover::name_servers_of(platform::text_of_small_file(kResolvConf));
  return cover::plan_firewall(cover, facts);
}

std::optional<std::string> rules_of(const std::optional<platform::FirewallPlan>& plan) {
  return plan ? std::optional(platform::firewall_rules(*plan)) : std::nullopt;
}

// ---- what was put last

fs::path memory_of(std::string_view what) { return fs::path(kMemory) / what; }

std::optional<cover::Remembered> remembered() {
  auto rules = platform::read_small_file(memory_of("rules")), listing = platform::read_small_file(memory_of("listing"));
  if (!rules || !*rules || !listing || !*listing) return std::nullopt;
  return cover::Remembered{std::move(**rules), std::move(**listing)};
}

Result<void> remember(const cover::Remembered& put) {
  if (auto done = platform::replace_file(memory_of("listing"), put.listing); !done) return done;
  return platform::replace_file(memory_of("rules"), put.rules);
}

void forget() {
  std::error_code ignored;
  fs::remove(memory_of("rules"), ignored);
  fs::remove(memory_of("listing"), ignored);
}

Result<platform::FileLock> take_lock() {
  std::error_code code;
  fs::create_directory(kMemory, code);
  fs::permissions(kMemory, fs::perms::owner_all, code);
  auto lock = platform::FileLock::take(memory_of("lock"));
  if (!lock) return fail(Errc::denied, Side::local, "another 'fairlead cover' runs, or this one is not root's");
  return lock;
}

// ---- keep

std::optional<std::string> listing_of(const std::optional<platform::FirewallState>& state) {
  return state ? std::optional(state->rules) : std::nullopt;
}

/// Puts the rules and remembers how the system tells them.
Result<void> put(const std::string& rules) {
  if (auto done = platform::put_firewall(rules); !done) return done;
  auto state = platform::look_at_firewall();
  if (!state) return tl::unexpected(state.error());
  if (!*state) return fail(Errc::denied, Side::local, "the rules were put and are not there");
  return remember({rules, (*state)->rules});
}

Result<void> carry_out(Firewall found, const std::optional<std::string>& wanted) {
  switch (found) {
    case Firewall::in_force:
      return {};
    case Firewall::off:
    case Firewall::removed:
      forget();
      return found == Firewall::off ? Result<void>() : platform::remove_firewall();
    case Firewall::was_gone:
      say("the firewall's rules were gone, and are put again");
      break;
    case Firewall::was_changed:
      say("the firewall's rules were changed, and are put again");
      break;
    case Firewall::put:
      break;
  }
  return put(*wanted);
}

json counted(const std::optional<platform::FirewallState>& state) {
  json out = json::object();
  if (!state) return out;
  for (const auto& [kind, packets] : state->refused) {
    if (packets > 0) out[kind] = packets;
  }
  return out;
}

std::string_view state_for_agent(Firewall found) {
  switch (found) {
    case Firewall::was_gone:
    case Firewall::was_changed:
      return "was_gone";
    case Firewall::removed:
      return "off";
    case Firewall::in_force:
    case Firewall::off:
    case Firewall::put:
      break;
  }
  return "in_force";
}

/// Only what changed is told: the agent records what was lost. What it could not be told, because it did not run, is
/// told the next time; a loss is not forgotten over what came after it.
void tell_agent(Firewall found, const fs::path& state) {
  const fs::path kept = memory_of("untold");
  std::string word = platform::text_of_small_file(kept);
  const bool changed = found != Firewall::in_force && found != Firewall::off;
  if (changed && word != state_for_agent(Firewall::was_gone)) word = state_for_agent(found);
  if (word.empty()) return;
  if (net::ask_agent(control_socket(state), {{"do", "cover"}, {"part", "firewall"}, {"state", word}})) {
    std::error_code ignored;
    fs::remove(kept, ignored);
  } else if (const auto done = platform::replace_file(kept, word); !done) {
    say(done.error().context);
  }
}

int keep(const fs::path& config, const fs::path& state_folder) {
  const auto lock = take_lock();
  if (!lock) return could_not(lock.error());
  const auto last = remembered();
  const auto policy = read_cover(config);
  std::optional<std::string> wanted;
  if (policy) {
    wanted = rules_of(plan_here(*policy));
  } else if (last) {
    say("policy.yaml cannot be used: the firewall's rules stay as they are");
    wanted = last->rules;
  } else {
    say("policy.yaml cannot be used: the firewall's rules are those of the profile 'strict'");
    wanted = rules_of(plan_here({.profile = CoverProfile::strict, .exempt = {}, .open = {}, .extensions = {}}));
  }
  const auto state = platform::look_at_firewall();
  if (!state) return could_not(state.error());
  const Firewall found = cover::judge_firewall(wanted, last, listing_of(*state));
  if (const auto done = carry_out(found, wanted); !done) return could_not(done.error());
  tell_agent(found, state_folder);
  const json result = {
      {"firewall", cover::to_string(found)}, {"policy", policy.has_value()}, {"refused", counted(*state)}};
  std::cout << result.dump() << "\n";
  return policy ? 0 : kNo;
}

int remove_cover() {
  const auto lock = take_lock();
  if (!lock) return could_not(lock.error());
  forget();
  std::error_code ignored;
  fs::remove(memory_of("untold"), ignored);
  if (const auto done = platform::remove_firewall(); !done) return could_not(done.error());
  return 0;
}

// ---- show

std::string text_of(const PortRange& ports) {
  return std::to_string(ports.first) + (ports.last == ports.first ? "" : "-" + std::to_string(ports.last));
}

std::string text_of(platform::Transport transport) { return transport == platform::Transport::tcp ? "tcp" : "udp"; }

void show_line(std::string name, const std::string& text) {
  constexpr std::size_t kColumn = 15;
  name.resize(std::max(kColumn, name.size() + 1), ' ');
  std::cout << name << text << "\n";
}

void show_opening(const rules::catalog::Opening& opening) {
  std::string text;
  for (const auto& range : opening.to) text.append(to_string(range)).append(" ");
  for (const PortRange& ports : opening.tcp) text.append("tcp ").append(text_of(ports)).append(" ");
  for (const PortRange& ports : opening.udp) text.append("udp ").append(text_of(ports)).append(" ");
  show_line("opened", text + "(" + opening.because + ")");
}

void show_plan(const platform::FirewallPlan& plan) {
  for (const auto& people : plan.people)
    show_line("people", "accounts " + std::to_string(people.first) + " to " + std::to_string(people.last));
  std::string web;
  for (const std::uint16_t port : plan.web_ports) web.append(std::to_string(port)).append(" ");
  show_line("to the filter", "tcp " + web + "lead to port " + std::to_string(plan.filter_port) + " here");
  show_line("refused", "udp " + web + "(quic)");
  for (const cover::KnownPort& known : cover::kKnownPorts) {
    show_line("refused", text_of(known.refused.transport) + " " + text_of(known.refused.ports) + " (" +
                             std::string(to_string(known.refused.kind)) + ": " + std::string(known.because) + ")");
  }
  show_line("refused", "what is neither TCP nor UDP nor ICMP, and what is forwarded");
  for (const auto& opening : plan.openings) show_opening(opening);
  if (!plan.only_web) return;
  for (const auto& server : plan.name_servers) show_line("name server", to_string(server));
  show_line("refused", "everything else of people");
}

void show_what_is_in_force() {
  if (!platform::is_administrator()) {
    show_line("in force", "only root is told");
    return;
  }
  const auto state = platform::look_at_firewall();
  if (!state) {
    show_line("in force", "not known: " + state.error().context);
    return;
  }
  const auto last = remembered();
  const bool as_put = *state && last && (*state)->rules == last->listing;
  show_line("in force", !*state  ? "no"
                        : as_put ? "yes"
                                 : "not as they were put; 'fairlead cover keep' puts them again");
  const json refused = counted(*state);
  for (const auto& [kind, packets] : refused.items()) show_line("packets", packets.dump() + " refused (" + kind + ")");
}

int show_cover(const fs::path& config) {
  const auto policy = read_cover(config);
  if (!policy) return kCouldNot;
  show_line("profile", std::string(rules::catalog::to_string(policy->profile)));
  for (const LeftAloneAccount& account : left_alone_by(*policy)) {
    show_line("left alone",
              account.name + (account.number ? " (" + std::to_string(static_cast<std::uint32_t>(*account.number)) + ")"
                                             : " (this laptop knows no such account)"));
  }
  const auto plan = plan_here(*policy);
  if (plan) show_plan(*plan);
  show_what_is_in_force();
  if (plan) std::cout << "\n" << platform::firewall_rules(*plan);
  return 0;
}

}  // namespace

void add_cover_command(CLI::App& app, int& exit_code) {
  auto config = std::make_shared<fs::path>(default_config_folder());
  auto state = std::make_shared<fs::path>(default_state_folder());
  CLI::App* command = app.add_subcommand("cover", "What keeps this laptop's traffic on the filter");
  command->require_subcommand(1);
  CLI::App* keeping = command->add_subcommand(
      "keep", "Puts the firewall's rules into force, and again when they are gone or changed (root)");
  CLI::App* showing = command->add_subcommand("show", "The plan, the rules made of it, and whether they are in force");
  for (CLI::App* one : {keeping, showing}) one->add_option("--config", *config, "The folder of policy.yaml");
  keeping->add_option("--state", *state, "The agent's state folder");
  CLI::App* removing = command->add_subcommand("remove", "Takes the firewall's rules away (root)");
  keeping->callback([config, state, &exit_code] { exit_code = keep(*config, *state); });
  showing->callback([config, &exit_code] { exit_code = show_cover(*config); });
  removing->callback([&exit_code] { exit_code = remove_cover(); });
}

}  // namespace fairlead::agent::command
