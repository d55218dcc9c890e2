#include "agent/command/status.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <date/date.h>
#include <nlohmann/json.hpp>

#include "agent/command/alerts_status.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/trust_stores.hpp"
#include "agent/net/control.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

using nlohmann::json;

constexpr std::chrono::days kReviewWarning{30}, kAuthorityWarning{30};

std::string utc(std::chrono::sys_seconds time) { return date::format("%FT%TZ", time); }

/// Null when this laptop has no authority, or none that can be used.
json authority_of(const net::Services& services) {
  if (!services.own_tls) return nullptr;
  const tls::Credential& authority = services.own_tls->leaves.authority();
  return {{"certificate", authority.certificate_pem()},
          {"fingerprint", authority.fingerprint()},
          {"good_until", utc(authority.not_after())}};
}

/// What IT has to look after, in sentences, the most serious first.
json warnings_of(const net::Services& services) {
  json out = json::array();
  const auto& rules = *services.keeper.current();
  const auto store = services.store.status();
  if (rules.is_builtin()) out.push_back("Only the built-in minimum is in force: no category file could be loaded.");
  if (rules.is_damaged()) {
    out.push_back("The compiled ruleset is damaged: what it cannot clear is blocked. Run 'fairlead rules build'.");
  }
  if (services.keeper.last_load_refused() && !rules.is_builtin()) {
    out.push_back("The last reload was refused; the rules from before are in force.");
  }
  if (!store.trouble.empty()) out.push_back("Events cannot be written: " + store.trouble);
  if (!store.notice.empty()) out.push_back(store.notice);
  if (store.lost > 0) out.push_back(std::to_string(store.lost) + " events were lost since the start.");
  for (const auto& slot : rules.empty_statutory_slots()) {
    out.push_back("Statutory slot '" + slot + "' is empty: no list of a member body is installed.");
  }
  const auto& policy = rules.policy();
  if ((policy.inspect.search || !policy.inspect.hosts.empty()) && !services.own_tls) {
    out.push_back("The policy asks for inspection, and there is no certificate authority: nothing is inspected.");
  }
  if (const std::string trouble = services.upstream_proxy.trouble(); !trouble.empty()) {
    out.push_back("Requests do not get out of this network: " + trouble);
  }
  if (const std::string& sign_in = services.portal.hosts().sign_in(); !sign_in.empty()) {
    out.push_back("This network asks people to sign in before it lets them through: " + sign_in);
  }
  // What the network's own proxy looks up is not ours to miss.
  const bool looked_up_here = !policy.network.upstream_proxy.is_set();
  for (const std::string& host : looked_up_here ? services.safe_hosts.missing() : std::set<std::string>()) {
    out.push_back("Safe search: " + host +
                  " was not found when it was last looked up; searches that need it are refused.");
  }
  if (policy.review_date) {
    const auto today = std::chrono::floor<std::chrono::days>(platform::wall_clock());
    const auto left = (*policy.review_date - today).count();
    if (left < 0)
      out.push_back("The policy's review is overdue since " + date::format("%F", *policy.review_date) + ".");
    if (left >= 0 && *policy.review_date - today <= kReviewWarning) {
      out.push_back("The policy is due for review on " + date::format("%F", *policy.review_date) + ".");
    }
  }
  if (services.own_tls) {
    const auto end = services.own_tls->leaves.authority().not_after();
    if (end - platform::wall_clock() <= kAuthorityWarning) {
      out.push_back(
          "The laptop's certificate authority is good until " + date::format("%F", end) +
          ": 'fairlead ca remove', 'fairlead ca create' and 'fairlead ca install' put a new one in its place.");
    }
  }
  for (const auto& placeholder : policy.placeholders) out.push_back("Not filled in yet: " + placeholder);
  return out;
}

/// The stores are looked at here, where waiting for the disk keeps nobody waiting.
void add_stores(json& authority) {
  authority["stores"] = json::object();
  for (const StoreState& store : look_at_stores(authority["certificate"])) {
    authority["stores"][std::string(store.name)] = store.trust == Trust::present;
  }
}

std::string text_of_authority(const json& authority) {
  if (authority.is_null()) return "none: a blocked HTTPS site shows the browser's own error ('fairlead ca create')";
  const json& stores = authority["stores"];
  const auto trusting = std::count(stores.begin(), stores.end(), json(true));
  return "good until " + authority["good_until"].get<std::string>().substr(0, 10) + ", installed in " +
         std::to_string(trusting) + " of " + std::to_string(stores.size()) + " places" +
         (trusting < std::ssize(stores) ? " ('fairlead ca install')" : "");
}

/// Of milliseconds since 1970.
std::string told_moment(const json& time) {
  return utc(std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time.get<std::int64_t>()))));
}

std::string text_of_cover(const json& cover) {
  const std::string last = cover["reported"].is_null() ? "" : ", as reported " + told_moment(cover["reported"]);
  const std::string state = cover["state"].get<std::string>();
  if (state == "covered") return "nothing known leads round the filter" + last;
  if (state == "unknown") return "not known: no report of 'fairlead self-check --report' for a while" + last;
  std::string open;
  for (const json& one : cover["open"]) open.append(open.empty() ? "" : "; ").append(one.get<std::string>());
  return "open since " + told_moment(cover["lost"]) + last + ": " + open;
}

int show_status(const std::filesystem::path& state, bool as_json) {
  auto answer = net::ask_agent(control_socket(state), {{"do", "status"}});
  if (!answer) return could_not(answer.error());
  if (!(*answer)["authority"].is_null()) add_stores((*answer)["authority"]);
  if (as_json) {
    std::cout << answer->dump(2) << "\n";
    return 0;
  }
  const json& s = *answer;
  std::cout << "running since     " << s["started"].get<std::string>() << "\n"
            << "rules in force    " << s["rules"]["id"].get<std::string>().substr(0, 16)
            << (s["rules"]["builtin"].get<bool>() ? " (built-in minimum)" : "") << "\n"
            << "  since           " << s["rules"]["since"].get<std::string>() << "\n"
            << "  categories      " << s["rules"]["categories"] << "\n"
            << "requests          " << s["requests"] << " (" << s["blocked"] << " blocked, " << s["malformed"]
            << " malformed, " << s["without_safe_search"] << " refused because safe search was not available)\n"
            << "open connections  " << s["open"] << "\n"
            << "events            " << s["events"]["recorded"] << " recorded, " << s["events"]["waiting"]
            << " waiting, " << s["events"]["lost"] << " lost\n"
            << "authority         " << text_of_authority(s["authority"]) << "\n"
            << "cover             " << text_of_cover(s["cover"]) << "\n";
  if (s["pause"].is_object()) std::cout << "filtering rests   until " << told_moment(s["pause"]["until"]) << "\n";
  if (!s.contains("warnings")) return 0;  // the rest is not for everyone
  std::cout << "alerts            " << text_of_alerts(s["alerts"]) << "\n";
  for (const auto& warning : s["warnings"]) std::cout << "warning           " << warning.get<std::string>() << "\n";
  for (const auto& problem : s["rules"]["problems"])
    std::cout << "last load         " << problem.get<std::string>() << "\n";
  return 0;
}

int ask_for_reload(const std::filesystem::path& state, bool accept_loss) {
  const auto answer = net::ask_agent(control_socket(state), {{"do", "reload"}, {"accept_loss", accept_loss}});
  if (!answer || answer->contains("error"))
    return could_not(answer ? (*answer)["error"].get<std::string>() : answer.error().context);
  for (const auto& problem : (*answer)["problems"]) std::cerr << problem.get<std::string>() << "\n";
  if (!(*answer)["reloaded"].get<bool>()) {
    std::cerr << "refused: the rules from before stay in force\n";
    return kNo;
  }
  std::cout << "reloaded: rules " << (*answer)["ruleset"].get<std::string>().substr(0, 16) << " in force\n";
  return 0;
}

}  // namespace

int reload_running_agent(const std::filesystem::path& state) {
  std::error_code ignored;
  const bool runs = std::filesystem::exists(control_socket(state), ignored) &&
                    net::ask_agent(control_socket(state), {{"do", "status"}}).has_value();
  return runs ? ask_for_reload(state, false) : 0;
}

json problems_of(const lists::RulesKeeper& keeper) {
  json out = json::array();
  for (const auto& problem : keeper.last_problems()) out.push_back(to_string(problem));
  return out;
}

json status_of(const net::Services& services, std::chrono::sys_seconds started) {
  const auto& rules = *services.keeper.current();
  const auto& counters = services.counters;
  const auto store = services.store.status();
  json out = {{"started", utc(started)},
              {"connections", counters.connections},
              {"open", counters.open},
              {"requests", counters.requests},
              {"blocked", counters.blocked},
              {"malformed", counters.malformed},
              {"without_safe_search", counters.without_safe_search},
              {"refused_peers", counters.refused_peers},
              {"tunnels", counters.tunnels}};
  out["rules"] = {{"id", rules.ruleset_id()},
                  {"builtin", rules.is_builtin()},
                  {"since", utc(services.keeper.in_force_since())},
                  {"categories", rules.catalog().categories.size()},
                  {"last_load_refused", services.keeper.last_load_refused()},
                  {"empty_statutory_slots", rules.empty_statutory_slots()},
                  {"problems", problems_of(services.keeper)}};
  out["events"] = {{"recorded", store.recorded}, {"waiting", store.waiting}, {"lost", store.lost},
                   {"quiet", store.quiet},       {"trouble", store.trouble}, {"notice", store.notice}};
  const std::string& sign_in = services.portal.hosts().sign_in();
  out["portal"] = sign_in.empty() ? json() : json(sign_in);
  out["authority"] = authority_of(services);
  out["warnings"] = warnings_of(services);
  return out;
}

json status_for_everyone(json status) {
  status.erase("alerts");             // addresses of people
  status["rules"].erase("problems");  // they quote what stands in files that are not for everyone
  status["pause"] = status["pause"].is_null() ? json() : json{{"until", status["pause"]["until"]}};
  status.erase("warnings");  // of both
  return status;
}

void add_status_command(CLI::App& app, int& exit_code) {
  auto state = std::make_shared<std::filesystem::path>(default_state_folder());
  auto as_json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("status", "What the running agent says of itself");
  command->add_option("--state", *state, "The agent's state folder")->capture_default_str();
  command->add_flag("--json", *as_json, "As JSON");
  command->callback([state, as_json, &exit_code] { exit_code = show_status(*state, *as_json); });
}

void add_reload_command(CLI::App& app, int& exit_code) {
  auto state = std::make_shared<std::filesystem::path>(default_state_folder());
  CLI::App* command = app.add_subcommand("reload", "Read the category and policy files again");
  command->add_option("--state", *state, "The agent's state folder")->capture_default_str();
  auto accept_loss = std::make_shared<bool>(false);
  command->add_flag("--accept-loss", *accept_loss, "Also when a list has lost a fifth of its lines, or is gone");
  command->callback([state, accept_loss, &exit_code] { exit_code = ask_for_reload(*state, *accept_loss); });
}

}  // namespace fairlead::agent::command
