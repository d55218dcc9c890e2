#include "agent/command/user.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/command/running_hub.hpp"
#include "agent/console/accounts.hpp"
#include "agent/events/export.hpp"
#include "agent/hub/desk.hpp"
#include "agent/hub/names.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

struct UserOptions {
  std::filesystem::path state = default_state_folder();
  std::string store;  // of a hub, where it is PostgreSQL
  std::string name, role;
  std::vector<std::string> sites;
};

int tell_error(const Error& error) {
  const int code = could_not(error, {Errc::not_found});
  return error.code == Errc::refused ? kWrongUse : code;
}

/// Twice from a person, so that a slip of a finger locks nobody out; once from a program.
Result<std::string> ask_password() {
  auto password = platform::read_secret_line("Password: ");
  if (!password || !platform::input_is_a_terminal()) return password;
  auto again = platform::read_secret_line("The same again: ");
  if (!again) return again;
  if (*again != *password) return fail(Errc::refused, Side::client, "these were two different passwords");
  return password;
}

/// Nothing where an account sees all sites.
std::string sites_text(const std::vector<std::string>& sites, const char* before) {
  std::string out;
  for (const std::string& site : sites) out.append(out.empty() ? before : ", ").append(printable(site));
  return out;
}

bool is_of_hub(const UserOptions& options) { return holds_hub_authority(options.state); }

HubOptions hub_of(const UserOptions& options) {
  HubOptions out;
  out.state = options.state;
  out.store = options.store;
  return out;
}

/// A file of its own on a laptop. At a hub the store, so that every hub over it knows them.
Result<std::string> store_of(const UserOptions& options) {
  if (is_of_hub(options)) return place_that_is_there(hub_of(options));
  if (!options.store.empty())
    return fail(Errc::refused, Side::client,
                "a hub's store is named (--store or HUB_STORE), but " + options.state.string() +
                    " is no hub's folder; name that with --state");
  return accounts_place(options.state);
}

/// A name typed wrong would show its account no laptop at all.
void tell_of_unknown_sites(const UserOptions& options, const std::string& place) {
  const auto known = hub::Desk(place, {}).sites();
  if (!known) return;
  for (const std::string& site : options.sites) {
    if (std::find(known->begin(), known->end(), site) != known->end()) continue;
    std::cerr << "No laptop stands at '" << printable(site) << "' yet" << sites_text(*known, "; sites so far: ")
              << "\n";
  }
}

int add(const UserOptions& options) {
  if (!options.sites.empty() && !is_of_hub(options))
    return tell_error({Errc::refused, Side::client,
                       options.state.string() +
                           " is no hub's folder: on a laptop everybody who signs in sees that laptop; "
                           "leave --site out, or name the hub's folder with --state"});
  for (const std::string& site : options.sites) {
    if (!hub::is_site_name(site))
      return tell_error({Errc::refused, Side::client, "'" + printable(site) + "' cannot be the name of a site"});
  }
  const auto place = store_of(options);
  if (!place) return tell_error(place.error());
  const auto password = ask_password();
  if (!password) return tell_error(password.error());
  std::error_code failed;
  std::filesystem::create_directories(options.state, failed);
  console::Accounts accounts(*place);
  const auto role = console::account_role(options.role);
  const auto added = accounts.add(options.name, role.value_or(console::Role::viewer), *password, platform::wall_clock(),
                                  options.sites);
  if (!added) return tell_error(added.error());
  tell_of_unknown_sites(options, *place);
  std::cout << options.name << " can sign in as " << options.role << sites_text(options.sites, " and sees laptops of ")
            << "\n";
  return kDone;
}

int list(const UserOptions& options) {
  const auto place = store_of(options);
  if (!place) return tell_error(place.error());
  std::error_code ignored;
  if (!is_of_hub(options) && !std::filesystem::exists(accounts_file(options.state), ignored))
    return kDone;  // looking makes no file
  console::Accounts accounts(*place);
  const auto all = accounts.list();
  if (!all) return tell_error(all.error());
  for (const console::Account& account : *all) {
    std::cout << account.name << "  " << to_string(account.role) << sites_text(account.sites, " at ") << "  since "
              << events::utc_text(account.made);
    if (account.locked_until > platform::wall_clock())
      std::cout << "  locked until " << events::utc_text(account.locked_until);
    std::cout << "\n";
  }
  return kDone;
}

int remove(const UserOptions& options) {
  const auto place = store_of(options);
  if (!place) return tell_error(place.error());
  console::Accounts accounts(*place);
  if (auto removed = accounts.remove(options.name); !removed) return tell_error(removed.error());
  std::cout << options.name << " is removed; whoever was signed in by that name is signed out\n";
  return kDone;
}

int password(const UserOptions& options) {
  const auto given = ask_password();
  if (!given) return tell_error(given.error());
  const auto place = store_of(options);
  if (!place) return tell_error(place.error());
  console::Accounts accounts(*place);
  if (auto set = accounts.set_password(options.name, *given); !set) return tell_error(set.error());
  std::cout << options.name << " has a new password; whoever was signed in by that name is signed out\n";
  return kDone;
}

}  // namespace

void add_user_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<UserOptions>();
  CLI::App* command = app.add_subcommand("user", "Who may sign in to the console");
  command->require_subcommand(1);
  const auto part = [&](const char* name, const char* what, int (*run)(const UserOptions&)) {
    CLI::App* made = command->add_subcommand(name, what);
    made->add_option("--state", options->state, "The agent's state folder, or the hub's")->capture_default_str();
    made->add_option("--store", options->store, "At a hub: where its store is, if that is PostgreSQL")
        ->envname("HUB_STORE");
    made->callback([options, run, &exit_code] {
      platform::prepare_process();
      const auto acts = platform::act_as_owner_of(options->state);
      exit_code = acts ? run(*options) : tell_error(acts.error());
    });
    return made;
  };
  CLI::App* adding = part("add", "A new account; the password is asked for, or read from standard input", add);
  adding->add_option("NAME", options->name)->required();
  adding->add_option("--role", options->role, "lead sees people; it sees rules and health; viewer sees figures")
      ->required()
      ->check(CLI::IsMember({"lead", "it", "viewer"}));
  adding->add_option("--site", options->sites, "At a hub: sees the laptops of this site alone; may be said again");
  part("list", "Every account", list);
  part("remove", "Remove an account and sign it out", remove)->add_option("NAME", options->name)->required();
  part("password", "Give an account a new password, which also unlocks it", password)
      ->add_option("NAME", options->name)
      ->required();
}

}  // namespace fairlead::agent::command
