#pragma once
// The inside of Store: what is handed in from any thread, and the one thread that takes it over and writes it.
// For store*.cpp alone.

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "agent/events/database.hpp"
#include "agent/events/device.hpp"
#include "agent/events/store.hpp"
#include "agent/events/writer.hpp"

namespace fairlead::agent::events {

using Steady = std::chrono::steady_clock;

inline constexpr std::size_t kMostWaiting = 10'000;
inline constexpr auto kCountersDelay = std::chrono::seconds(5);
inline constexpr auto kFirstRetry = std::chrono::seconds(1);

enum class IfDamaged : std::uint8_t { refuse, set_aside };

struct Store::Impl {
  struct Pending {
    Event event;
    std::function<void(Recorded)> done;
    bool told = false;  // that it waits in memory
  };
  struct PendingReport {
    Report report;
    std::function<void(Result<void>)> done;
  };
  using Task = std::function<Result<void>(Writer&)>;
  /// Both belong to the caller, who waits.
  struct Job {
    const Task* task;
    std::promise<Result<void>>* done;
  };

  /// What the writer thread takes over in one go.
  struct Pass {
    std::vector<PendingReport> reports;
    std::vector<Job> jobs;
    Counters counters;
    std::uint64_t flush = 0;
    bool try_now = false, stop = false;
  };

  explicit Impl(std::filesystem::path where) : folder(std::move(where)) {}

  // Shared; under `mutex`.
  mutable std::mutex mutex;
  std::condition_variable wake, flushed_one;
  std::deque<Pending> queue;
  std::vector<PendingReport> reports;
  std::vector<Job> jobs;
  Counters counters;
  Steady::time_point counters_due, retry_at;
  std::size_t held = 0;  // events that the writer thread has taken over and not finished
  std::uint64_t flush_wanted = 0, flushed = 0;
  bool stop = false, broken = false;
  StoreStatus status;

  std::mutex heard_mutex;  // of `heard`, held while it runs
  std::function<void()> heard;

  // The writer thread's own.
  std::deque<Pending> pending;
  std::optional<Device> device;
  std::unique_ptr<Writer> writer;
  Steady::duration retry = kFirstRetry;
  bool erased = false;  // and the log still holds what was
  IfDamaged if_damaged = IfDamaged::refuse;

  const std::filesystem::path folder;
  std::thread thread;  // none when the store is read only

  Result<void> open_writer();
  Result<void> begin_anew_if_damaged(Result<void> outcome);
  void run();
  void wait(std::unique_lock<std::mutex>& lock);
  Pass take();
  void work(Pass& pass);
  Result<void> append_pending(Counters& more);
  Result<void> drop_already_durable();
  void finish(std::size_t count);
  void keep_waiting();
  void note(const Result<void>& outcome);
  void run_jobs(Pass& pass);
  void run_reports(Pass& pass);
  [[nodiscard]] Result<void> attempt(const Task& task);
  [[nodiscard]] Result<void> in_writer(const Task& task);

  // Erasure, in parts that hold nobody up for long.
  [[nodiscard]] Result<std::vector<std::uint64_t>> found(
      const std::function<Result<std::vector<std::uint64_t>>(const Database&)>& read) const;
  [[nodiscard]] Result<void> erase_events(std::span<const std::uint64_t> sequences);
  [[nodiscard]] Result<void> erase_entries(std::span<const std::uint64_t> sequences);
  /// Has the log emptied, lest old pages stay readable in it, and drops counters that are too old at `now`.
  [[nodiscard]] Result<void> end_erasure(std::optional<TimePoint> now);

  /// Errors   unsupported when it is of another version of this program.
  [[nodiscard]] Result<Database> reading() const;
};

}  // namespace fairlead::agent::events
