#pragma once
// The hub as it runs: its server and the threads that wait for the database. Built in order, ended by a signal.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "agent/hub/store.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::command {

struct HubOptions {
  std::filesystem::path state = "/var/lib/fairlead-hub";  // the authority's key; the store, where it is SQLite
  std::string store;                                      // "postgresql://…"; empty: SQLite in the state folder
  std::string listen = "0.0.0.0:8443";
  std::string host;  // by which laptops know the hub
  std::uint32_t requests_a_minute = 240;
  bool accept_signatures = false;                      // of devices behind a network that breaks TLS open
  std::string console;                                 // where the desk's pages are; empty: nowhere
  std::string metrics;                                 // where Prometheus asks; empty: nowhere
  std::filesystem::path config = "/etc/fairlead-hub";  // categories and policy, for the words on those pages
};

/// In the hub's folder, where the store is SQLite.
inline constexpr auto kStoreFile = "hub.db";

/// Where the hub keeps everything, as database::connect() reads it.
[[nodiscard]] std::string place_of(const HubOptions& options);

/// The same for whoever works with what is there already.
/// Errors   bad_file: no place was named, and the folder has no store.
[[nodiscard]] Result<std::string> place_that_is_there(const HubOptions& options);
/// Errors   those above, and those of hub::Store::open()
[[nodiscard]] Result<std::unique_ptr<hub::Store>> open_store(const HubOptions& options);

/// Where the files of bundles lie, each named by its SHA-256.
[[nodiscard]] std::filesystem::path files_folder(const HubOptions& options);

/// Returns when it was told to end (SIGINT, SIGTERM).
/// Errors   bad_file (no authority: 'fairlead hub init' makes one), and those of hub::Server::start().
[[nodiscard]] Result<void> run_hub(const HubOptions& options);

}  // namespace fairlead::agent::command
