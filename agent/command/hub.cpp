#include "agent/command/hub.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/command/hub_export.hpp"
#include "agent/command/hub_releases.hpp"
#include "agent/command/running_hub.hpp"
#include "agent/events/export.hpp"
#include "agent/hub/endpoints.hpp"
#include "agent/platform/platform.hpp"
#include "agent/tls/request.hpp"

namespace fairlead::agent::command {
namespace {

constexpr const char* kShared = "shared";

struct HubCommandOptions : HubOptions {
  ReleaseOptions release;
  ExportOptions exporting;
  std::string organisation, accounts = "local", group = "learners", site, device, folder;
  std::uint64_t uses = 1;
  std::uint32_t days = 7;
  std::size_t lines = 50;
};

int init(const HubCommandOptions& options) {
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const auto authority = tls::make_fleet_authority(options.organisation, now);
  if (!authority) return hub_failed(authority.error());
  if (auto written = write_hub_authority(options.state, *authority); !written) return hub_failed(written.error());
  auto store = hub::Store::open(place_of(options));
  if (!store) return hub_failed(store.error());
  const auto accounts = options.accounts == kShared ? hub::Accounts::shared : hub::Accounts::local;
  if (auto set = (*store)->set_accounts(accounts); !set) return hub_failed(set.error());
  if (!options.release.rules_key.empty()) {
    if (auto kept = keep_rules_key(options, options.release.rules_key); !kept) return hub_failed(kept.error());
  }
  std::cout << "The authority of the fleet: " << authority->fingerprint() << "\n"
            << "Keep a copy of " << (options.state / "authority.key").string()
            << ": without it every laptop has to join again.\n";
  return kDone;
}

int serve(const HubCommandOptions& options) {
  if (auto ran = run_hub(options); !ran) return hub_failed(ran.error());
  return kDone;
}

int code(const HubCommandOptions& options) {
  const auto authority = read_hub_authority(options.state);
  if (!authority) return hub_failed(authority.error());
  auto store = open_store(options);
  if (!store) return hub_failed(store.error());
  const auto now = platform::wall_clock();
  const std::string made = hub::new_enrolment_code();
  const auto added =
      (*store)->add_code(made, options.group, options.uses, now + std::chrono::days(options.days), now, options.site);
  if (!added) return hub_failed(added.error());
  std::cout << made << "\n";
  std::cerr << "Good for " << options.uses << (options.uses == 1 ? " laptop" : " laptops") << " of group '"
            << options.group << "'" << (options.site.empty() ? "" : " at " + std::string(printable(options.site)))
            << " and " << options.days << " days. On each: fairlead fleet join https://HUB:PORT --code " << made
            << " --authority " << authority->fingerprint();
  if (const auto key = rules_key_of(options)) std::cerr << " --rules-key " << *key;
  std::cerr << "\n";
  return kDone;
}

/// "covered", "open", "unknown", as the laptop told it last.
std::string cover_of(const hub::Device& device) {
  const auto health = nlohmann::json::parse(device.health, nullptr, false);
  const auto cover = health.is_object() ? health.value("cover", nlohmann::json()) : nlohmann::json();
  return cover.is_object() && cover.contains("state") && cover["state"].is_string() ? cover["state"].get<std::string>()
                                                                                    : "never told";
}

int devices(const HubCommandOptions& options) {
  auto store = open_store(options);
  if (!store) return hub_failed(store.error());
  const auto all = (*store)->devices();
  if (!all) return hub_failed(all.error());
  for (const hub::Device& device : *all) {
    std::cout << device.id << "  " << printable(device.name) << "  " << printable(device.group) << "  "
              << (device.site.empty() ? "-" : printable(device.site)) << "  seen " << events::utc_text(device.seen)
              << "  " << printable(cover_of(device)) << (device.revoked ? "  revoked" : "") << "\n";
  }
  return kDone;
}

int publish(const HubCommandOptions& options) { return publish_release(options, options.release); }
int rollout(const HubCommandOptions& options) { return show_rollout(options, options.release); }

int export_events(const HubCommandOptions& options) { return run_export(options, options.exporting); }

int revoke(const HubCommandOptions& options) {
  auto store = open_store(options);
  if (!store) return hub_failed(store.error());
  if (auto done = (*store)->revoke(options.device, platform::wall_clock()); !done) return hub_failed(done.error());
  std::cout << options.device << " is revoked: nothing is taken from it any more\n";
  return kDone;
}

int move(const HubCommandOptions& options) {
  auto store = open_store(options);
  if (!store) return hub_failed(store.error());
  if (auto done = (*store)->move(options.device, options.site); !done) return hub_failed(done.error());
  const std::string where = options.site.empty() ? "to no site" : "to " + options.site;
  if (auto noted = (*store)->note({platform::wall_clock(), options.device, "-", "device moved", where}); !noted)
    return hub_failed(noted.error());
  std::cout << options.device << " is moved " << printable(where)
            << ": what it handed in went with it; figures of days gone by stay where they were counted\n";
  return kDone;
}

int backup(const HubCommandOptions& options) {
  const auto authority = read_hub_authority(options.state);
  if (!authority) return hub_failed(authority.error());
  if (auto written = write_hub_authority(options.folder, *authority); !written) return hub_failed(written.error());
  if (!options.store.empty()) {
    std::cout << options.folder << " holds the fleet's authority; the events are in PostgreSQL: pg_dump saves them\n";
    return kDone;
  }
  const std::filesystem::path file = std::filesystem::path(options.folder) / kStoreFile;
  if (auto copied = database::copy_sqlite((options.state / kStoreFile).string(), file.string()); !copied)
    return hub_failed(copied.error());
  std::cout << options.folder << " holds the fleet's authority and everything that laptops handed in\n";
  return kDone;
}

int audit(const HubCommandOptions& options) {
  auto store = open_store(options);
  if (!store) return hub_failed(store.error());
  const auto notes = (*store)->notes(options.lines);
  if (!notes) return hub_failed(notes.error());
  for (const hub::Note& note : *notes) {
    std::cout << events::utc_text(note.time) << "  " << printable(note.address) << "  "
              << (note.device.empty() ? "-" : printable(note.device)) << "  " << printable(note.what) << "  "
              << printable(note.detail) << "\n";
  }
  return kDone;
}

}  // namespace

void add_hub_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<HubCommandOptions>();
  CLI::App* command = app.add_subcommand("hub", "The desk of a whole organisation, to which laptops report");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const HubCommandOptions&)) {
    CLI::App* part = command->add_subcommand(name, what);
    part->add_option("--state", options->state, "The hub's folder: its authority, and its store where it is SQLite")
        ->capture_default_str();
    part->add_option("--store", options->store, "postgresql://HOST,HOST/NAME; without it SQLite in the hub's folder")
        ->envname("HUB_STORE");
    part->callback([options, run, &exit_code] {
      // What root writes there, the service has to read.
      const auto acts = platform::act_as_owner_of(options->state);
      exit_code = acts ? run(*options) : hub_failed(acts.error());
    });
    return part;
  };
  CLI::App* beginning = add("init", "Makes the fleet's authority and the store", init);
  beginning->add_option("--organisation", options->organisation, "Whose fleet it is")->required();
  beginning
      ->add_option("--accounts", options->accounts,
                   "shared: laptops have accounts of one directory, and the same name is the same person everywhere")
      ->check(CLI::IsMember({"local", kShared}))
      ->capture_default_str();
  beginning->add_option("--rules-key", options->release.rules_key, "The root key of rules that laptops get");
  CLI::App* serving = add("serve", "Listens for laptops", serve);
  serving->add_option("--listen", options->listen, "Address and port")->envname("HUB_LISTEN")->capture_default_str();
  serving->add_option("--host", options->host, "The name or address by which laptops know the hub")
      ->envname("HUB_HOST");
  serving->add_option("--requests", options->requests_a_minute, "How many a laptop may make in a minute")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  serving
      ->add_flag("--accept-signatures", options->accept_signatures,
                 "Takes signed requests of laptops whose network breaks TLS open")
      ->envname("HUB_ACCEPT_SIGNATURES");
  serving
      ->add_option("--console", options->console,
                   "Where the desk's pages are: 127.0.0.1:3130; beyond this machine over TLS")
      ->envname("HUB_CONSOLE");
  serving
      ->add_option("--metrics", options->metrics,
                   "Where Prometheus asks: 127.0.0.1:9464, or an address of a private network")
      ->envname("HUB_METRICS");
  serving->add_option("--config", options->config, "The folder of categories and policy, for the desk's pages")
      ->envname("HUB_CONFIG")
      ->capture_default_str();
  CLI::App* exporting = add("export", "Hands new blocked attempts to a SIEM, until it is told to end", export_events);
  exporting->add_option("--mapping", options->exporting.mapping, "Where they go, and what is told of each")
      ->envname("HUB_SIEM")
      ->capture_default_str();
  auto* checking = exporting->add_flag("--check", options->exporting.check, "Only reads the mapping");
  exporting->add_flag("--forget", options->exporting.forget, "Keeps nothing for an export any more")
      ->excludes(checking);
  CLI::App* coding = add("code", "Prints a code with which laptops join", code);
  coding->add_option("--group", options->group, "Which policy they get")->capture_default_str();
  coding->add_option("--site", options->site, "The training centre where they stand; none: nowhere");
  coding->add_option("--uses", options->uses, "How many laptops")->check(CLI::Range(1, 100'000))->capture_default_str();
  coding->add_option("--days", options->days, "How long it is good for")
      ->check(CLI::Range(1, 365))
      ->capture_default_str();
  CLI::App* publishing = add("publish", "Hands out signed rules, to some laptops first", publish);
  publishing->add_option("MANIFEST", options->release.manifest, "manifest.json of 'fairlead bundle sign'")->required();
  publishing->add_option("--bundles", options->release.bundles, "The folder of the bundles")->required();
  publishing->add_option("--rules-key", options->release.rules_key, "The root key, where the hub was not told it yet");
  publishing->add_option("--stages", options->release.stages, "Percents of the laptops")->capture_default_str();
  publishing->add_option("--wait", options->release.wait, "Hours in each stage")
      ->check(CLI::Range(0.0, 8760.0))
      ->capture_default_str();
  CLI::App* rolling = add("rollout", "How far published rules are, the latest first", rollout);
  auto* stopping = rolling->add_flag("--stop", options->release.stop, "Hands the latest to no more laptops");
  rolling->add_flag("--go-on", options->release.go_on, "Goes on with the latest")->excludes(stopping);
  add("devices", "The laptops of the fleet", devices);
  CLI::App* moving = add("move", "Gives a laptop, with all that it handed in, to another site", move);
  moving->add_option("DEVICE", options->device, "Its id, as 'devices' shows it")->required();
  moving->add_option("--site", options->site, "The training centre; '' for none")->required();
  add("revoke", "Takes nothing of a laptop any more", revoke)
      ->add_option("DEVICE", options->device, "Its id, as 'devices' shows it")
      ->required();
  add("backup", "Copies the fleet's authority, and the store where it is SQLite, into a new folder", backup)
      ->add_option("FOLDER", options->folder, "Made here; nobody else may read it")
      ->required();
  add("audit", "What was enrolled and refused, the latest first", audit)
      ->add_option("--lines", options->lines, "How many")
      ->capture_default_str();
}

}  // namespace fairlead::agent::command
