#pragma once
// A disk that can be told to fail: SQLite's default file layer, with its writes and syncs put through a switch.
// One per process; the switch is read by whichever thread writes.

#include <atomic>
#include <functional>

namespace fairlead::agent::events {

struct FaultyDisk {
  std::atomic<int> write_answer{0};         // SQLITE_OK, SQLITE_FULL, SQLITE_IOERR_WRITE
  std::atomic<int> good_writes{1'000'000};  // that many writes pass before write_answer counts
  std::atomic<int> sync_answer{0};          // SQLITE_OK, SQLITE_IOERR_FSYNC
  std::atomic<int> log_syncs{0};            // syncs of write-ahead logs so far
  std::function<void()> before_sync;        // set while nothing is open
};

/// Installs it for every connection that is opened from now on.
FaultyDisk& faulty_disk();

}  // namespace fairlead::agent::events
