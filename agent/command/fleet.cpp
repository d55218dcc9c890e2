#include "agent/command/fleet.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/bundles/in_force.hpp"
#include "agent/bundles/signing.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/folders.hpp"
#include "agent/events/device.hpp"
#include "agent/events/export.hpp"
#include "agent/fleet/hub_client.hpp"
#include "agent/lists/utc_time.hpp"
#include "agent/net/control.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;

struct FleetOptions {
  fs::path state = default_state_folder();
  std::string hub, code, authority, rules_key, name = platform::host_name(), proxy;
  bool through_inspection = false;
};

int fleet_failed(const Error& error) { return could_not(error, {Errc::refused, Errc::untrusted}); }

Result<fleet::Membership> join_now(const FleetOptions& options) {
  const auto device = events::Device::read(events_folder(options.state));
  if (!device) return tl::unexpected(device.error());
  const auto key = device->key().private_key_pem();
  if (!key) return tl::unexpected(key.error());
  fleet::Membership membership{options.hub.substr(0, options.hub.find_last_not_of('/') + 1), {}, {}};
  membership.through_inspection = options.through_inspection;
  fleet::Way way;
  way.proxy = options.proxy;
  auto authority = fleet::fetch_authority(membership.hub, options.authority, way);
  if (!authority) return tl::unexpected(std::move(authority).error());
  membership.authority = std::move(*authority);
  return fleet::enrol(std::move(membership), *key, options.code, options.name, way);
}

int join(const FleetOptions& options) {
  if (!options.rules_key.empty()) {
    if (auto key = bundles::read_public_key(options.rules_key); !key) return fleet_failed(key.error());
  }
  auto membership = join_now(options);
  if (!membership) return fleet_failed(membership.error());
  membership->rules_key = options.rules_key;
  const auto written = platform::act_as_owner_of(options.state);
  if (!written) return fleet_failed(written.error());
  // What another hub was told begins anew with this one.
  if (auto left = fleet::forget_membership(options.state); !left) return fleet_failed(left.error());
  const bundles::BundleStore rules(options.state);
  if (auto begun = options.rules_key.empty() ? rules.forget() : rules.begin_anew(); !begun)
    return fleet_failed(begun.error());
  if (auto kept = fleet::write_membership(options.state, *membership); !kept) return fleet_failed(kept.error());
  std::cout << "This laptop reports to " << membership->hub << " from now on\n";
  static_cast<void>(
      net::ask_agent(control_socket(options.state), {{"do", "fleet"}}));  // else within a quarter of an hour
  return kDone;
}

int leave(const FleetOptions& options) {
  if (const auto written = platform::act_as_owner_of(options.state); !written) return fleet_failed(written.error());
  if (auto done = fleet::forget_membership(options.state); !done) return fleet_failed(done.error());
  if (auto done = bundles::BundleStore(options.state).forget(); !done) return fleet_failed(done.error());
  std::cout << "This laptop reports to no hub any more, and filters by its own rules\n";
  static_cast<void>(net::ask_agent(control_socket(options.state), {{"do", "fleet"}}));
  return kDone;
}

int update(const FleetOptions& options) {
  const auto answer = net::ask_agent(control_socket(options.state), {{"do", "fleet"}});
  if (!answer) return fleet_failed(answer.error());
  std::cout << "The agent asks the hub; 'fairlead status' shows what comes of it\n";
  return kDone;
}

/// What of a bundle is in force, and why not the next.
nlohmann::json bundle_of(const fleet::UpdaterStatus& updater) {
  nlohmann::json out = {{"version", updater.version},
                        {"digest", updater.digest},
                        {"stale", updater.stale},
                        {"refused_version", updater.refused_version},
                        {"refused", updater.refused}};
  out["expires"] = nullptr;
  if (updater.version > 0) out["expires"] = lists::utc_text(updater.expires);
  return out;
}

}  // namespace

void add_fleet(nlohmann::json& status, const fleet::SenderStatus& sender, const fleet::UpdaterStatus& updater,
               const std::vector<std::string>& exceptions) {
  if (!sender.member) return;
  nlohmann::json& out = status["fleet"];
  out = {{"hub", sender.hub}, {"waiting", sender.waiting}, {"parked", sender.parked}, {"trouble", sender.trouble}};
  out["confirmed"] = nullptr;
  if (sender.confirmed != events::TimePoint()) out["confirmed"] = sender.confirmed.time_since_epoch().count();
  if (updater.awaits_rules) out["bundle"] = bundle_of(updater);
  if (updater.stale)
    status["warnings"].push_back("fleet: the rules are stale: they should have been renewed by " +
                                 lists::utc_text(updater.expires) + "; filtering goes on by them");
  if (!updater.refused.empty()) status["warnings"].push_back("fleet: new rules are refused: " + updater.refused);
  if (!updater.trouble.empty() && updater.trouble != sender.trouble)
    status["warnings"].push_back("fleet: no rules can be had: " + updater.trouble);
  for (const std::string& line : exceptions) status["warnings"].push_back(line);
  if (!sender.trouble.empty()) status["warnings"].push_back("fleet: " + sender.trouble);
  if (sender.parked > 0)
    status["warnings"].push_back("fleet: the hub does not take " + std::to_string(sender.parked) +
                                 " of the events here");
}

nlohmann::json health_of(const nlohmann::json& status) {
  nlohmann::json out = {{"started", status.at("started")}, {"cover", status.at("cover")}};
  const nlohmann::json& rules = status.at("rules");
  for (const char* name : {"id", "since", "builtin", "last_load_refused"}) out["rules"][name] = rules.at(name);
  out["blocked"] = status.at("blocked");
  if (const auto fleet = status.find("fleet"); fleet != status.end() && fleet->contains("bundle"))
    out["bundle"] = fleet->at("bundle");
  out["paused"] = !status.at("pause").is_null();
  for (const char* name : {"waiting", "lost"}) out["events"][name] = status.at("events").at(name);
  return out;
}

void add_fleet_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<FleetOptions>();
  CLI::App* command = app.add_subcommand("fleet", "Whether this laptop reports to an organisation's hub (root)");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const FleetOptions&)) {
    CLI::App* part = command->add_subcommand(name, what);
    part->add_option("--state", options->state, "The agent's state folder")->capture_default_str();
    part->callback([options, run, &exit_code] { exit_code = run(*options); });
    return part;
  };
  CLI::App* joining = add("join", "Joins the fleet of a hub", join);
  joining->add_option("HUB", options->hub, "https://HOST:PORT")->required();
  joining->add_option("--code", options->code, "As 'fairlead hub code' printed it")->required();
  joining->add_option("--authority", options->authority, "The fingerprint of the fleet's authority")->required();
  joining->add_option("--rules-key", options->rules_key, "The root key of the rules that come from the hub");
  joining->add_option("--name", options->name, "What the hub calls this laptop")->capture_default_str();
  joining->add_option("--proxy", options->proxy, "The network's own proxy, where there is one");
  joining->add_flag("--through-inspection", options->through_inspection,
                    "Also where the network breaks TLS open: it can read what is sent, and not change it");
  add("update", "Asks the hub for new rules now, and tells it how this laptop is", update);
  add("leave", "Reports to no hub any more", leave);
}

}  // namespace fairlead::agent::command
