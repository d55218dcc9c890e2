#include "agent/command/ca.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <date/date.h>

#include "agent/command/authority_files.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/status.hpp"
#include "agent/command/trust_stores.hpp"
#include "agent/platform/platform.hpp"
#include "agent/tls/signing.hpp"
#include "rules/catalog/load.hpp"

namespace fairlead::agent::command {
namespace {

struct CaOptions {
  std::filesystem::path config = default_config_folder(), state = default_state_folder();
  std::string device = platform::host_name();
  bool pem = false;
};

int no_authority() {
  std::cerr << "fairlead: this laptop has no certificate authority; 'fairlead ca create' makes one\n";
  return kNo;
}

std::string_view said_of(Trust trust) {
  switch (trust) {
    case Trust::present:
      return "installed";
    case Trust::other:
      return "not this one, but one from before";
    case Trust::none:
      return "not installed";
  }
  return {};
}

void show_store(const StoreState& store) {
  constexpr std::size_t kColumn = 18;
  std::string name(store.name);
  name.resize(kColumn, ' ');
  std::cout << name << said_of(store.trust) << " (" << store.where << ")\n";
  if (!store.done) std::cerr << "fairlead: " << store.name << ": " << store.done.error().context << "\n";
}

void show_authority(const CaOptions& options, const tls::Credential& authority) {
  std::cout << "authority         " << authority.subject() << "\n"
            << "fingerprint       " << authority.fingerprint() << " (SHA-256)\n"
            << "good until        " << date::format("%F", authority.not_after()) << "\n"
            << "certificate       " << authority_certificate(options.state).string() << "\n";
  for (const StoreState& store : look_at_stores(authority.certificate_pem())) show_store(store);
}

int create(const CaOptions& options) {
  if (auto acts = platform::act_as_owner_of(options.state); !acts) return could_not(acts.error());
  auto there = read_authority(options.state);
  if (!there) return could_not(there.error());
  if (*there) {
    std::cerr << "fairlead: this laptop has a certificate authority already; 'fairlead ca show' tells which. To make "
                 "another one, "
                 "'fairlead ca remove' first\n";
    return kNo;
  }
  auto loaded = rules::catalog::load_folder(options.config);
  if (!loaded.usable()) {
    for (const auto& problem : loaded.problems) {
      if (problem.kind == rules::catalog::Problem::Kind::error) std::cerr << to_string(problem) << "\n";
    }
    std::cerr << "fairlead: the organisation's name could not be read from " << options.config.string() << "\n";
    return kCouldNot;
  }
  auto made = tls::make_authority({loaded.catalog.policy.organisation, options.device},
                                  std::chrono::floor<std::chrono::seconds>(platform::wall_clock()));
  if (!made) return could_not(made.error());
  if (auto written = write_authority(options.state, *made); !written) return could_not(written.error());
  show_authority(options, *made);
  std::cout << "Programs do not trust it yet: 'fairlead ca install' tells them to.\n";
  return reload_running_agent(options.state);
}

int install(const CaOptions& options) {
  const auto authority = read_authority(options.state);
  if (!authority) return could_not(authority.error());
  if (!*authority) return no_authority();
  if (!platform::is_administrator())
    return could_not("what the programs of this laptop trust can only be changed as root");
  bool good = true;
  for (const StoreState& store : install_certificate((*authority)->certificate_pem(), options.state)) {
    show_store(store);
    good = good && store.done && store.trust == Trust::present;
  }
  std::cout << "Browsers that are open learn of it when they are started again.\n";
  return good ? kDone : kCouldNot;
}

int show_ca(const CaOptions& options) {
  const auto authority = read_authority(options.state);
  if (!authority) return could_not(authority.error());
  if (!*authority) return no_authority();
  options.pem ? void(std::cout << (*authority)->certificate_pem()) : show_authority(options, **authority);
  return kDone;
}

int uninstall(const CaOptions& options) {
  if (auto out = uninstall_certificate(options.state); !out) return could_not(out.error());
  std::cout
      << "No program of this laptop trusts its certificate authority any more; 'fairlead ca install' lets them.\n";
  return kDone;
}

int remove_ca(const CaOptions& options) {
  const auto there = read_authority(options.state);
  if (auto out = uninstall_certificate(options.state); !out) return could_not(out.error());
  if (auto acts = platform::act_as_owner_of(options.state); !acts) return could_not(acts.error());
  if (auto removed = remove_authority(options.state); !removed) return could_not(removed.error());
  std::cout << (there && !*there ? "This laptop has no certificate authority; nothing of one is installed any more.\n"
                                 : "The certificate authority of this laptop is gone, and its certificate is taken out "
                                   "of where it was installed.\n");
  return reload_running_agent(options.state);
}

}  // namespace

void add_ca_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CaOptions>();
  CLI::App* ca = app.add_subcommand(
      "ca", "The certificate authority of this laptop: it lets people see why an HTTPS site is blocked");
  ca->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*run)(const CaOptions&)) {
    CLI::App* command = ca->add_subcommand(name, help);
    command->add_option("--state", options->state, "Folder with what the agent writes")->capture_default_str();
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
    return command;
  };
  CLI::App* make = add("create", "Make it: its key is made here and never leaves this laptop", create);
  make->add_option("--config", options->config, "Folder with policy.yaml, which names the organisation")
      ->capture_default_str();
  make->add_option("--device", options->device, "The name of this laptop in the certificate")->capture_default_str();
  add("show", "Who it is, where its certificate lies, and which programs trust it", show_ca)
      ->add_flag("--pem", options->pem, "The certificate itself");
  add("install", "Let the system and the browsers trust it (as root)", install);
  add("uninstall", "Take its certificate out of where it was installed; the authority itself stays", uninstall);
  add("remove",
      "Take it away, and out of where it was installed: blocked HTTPS sites show the browser's own error again",
      remove_ca);
}

}  // namespace fairlead::agent::command
