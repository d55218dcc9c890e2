#pragma once
// What a running hub does by itself, beside its answers: it reads what is to be handed out and looks whether the
// roll-out goes on, lets go of what is past its time, and writes files anew from which somebody was erased. Each on a
// thread and a connection of its own: a store that is away, or busy, keeps no laptop waiting.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "agent/hub/metrics.hpp"
#include "agent/hub/shelf.hpp"
#include "agent/hub/store.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::command {

/// Does one thing again and again, until it is destroyed.
class HubTask {
 public:
  /// place   the store, as database::connect() reads it; opened again after it went away.
  /// what    for the log, once for each kind of trouble: "reading what is handed out".
  /// after   is told each time whether it went well; may be none.
  HubTask(std::string place, std::string what, std::chrono::seconds between,
          std::function<Result<void>(hub::Store&)> task, std::function<void(bool)> after = {});

 private:
  void run(const std::stop_token& stop);
  [[nodiscard]] Result<void> once();

  std::string place_, what_, trouble_;
  std::chrono::seconds between_;
  std::function<Result<void>(hub::Store&)> task_;
  std::function<void(bool)> after_;
  std::unique_ptr<hub::Store> store_;  // null while the database is away
  std::jthread thread_;                // last: it ends before what it uses
};

/// shelf    outlives what is returned.
/// metrics  told whether the store is there, and what it holds; outlives it too; null: nobody asks for them.
[[nodiscard]] std::unique_ptr<HubTask> keep_shelf(hub::Shelf& shelf, const std::string& place, hub::Metrics* metrics);
/// Retention, and the files of whoever was erased.
/// retention  for every hub of this store from now on; nothing: as it was.
[[nodiscard]] std::unique_ptr<HubTask> keep_store(const std::string& place,
                                                  std::optional<rules::catalog::Retention> retention);

}  // namespace fairlead::agent::command
