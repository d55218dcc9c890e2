#pragma once
// The blocked attempts that wait for a collector of security events: each is put in when it is taken, in the same
// transaction, and leaves when the collector has it. An object belongs to one thread. Blocks.

#include <vector>

#include "agent/hub/database.hpp"
#include "agent/siem/record.hpp"

namespace fairlead::agent::hub {

class ExportQueue {
 public:
  /// connection   outlives this.
  explicit ExportQueue(Connection& connection) : connection_(connection) {}

  /// From now on new blocked attempts wait here; those that were taken before do not. Nothing where it is so already.
  [[nodiscard]] Result<void> begin();
  /// Nothing waits any more, and nothing new is put in.
  [[nodiscard]] Result<void> end();
  /// Whether this connection is the one that may take out, as long as it lasts. In SQLite always: one machine has it.
  [[nodiscard]] Result<bool> hold();

  struct Waiting {
    std::vector<siem::Record> records;  // the first that came first
    std::vector<std::int64_t> numbers;  // of them, and of events that are past their time
  };
  [[nodiscard]] Result<Waiting> next(std::size_t most);
  [[nodiscard]] Result<void> take_out(const std::vector<std::int64_t>& numbers);

 private:
  Connection& connection_;
};

}  // namespace fairlead::agent::hub
