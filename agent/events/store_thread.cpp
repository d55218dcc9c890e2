#include "agent/events/store_thread.hpp"

#include <algorithm>

#include "agent/events/sql.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::size_t kEventsACommit = 1'000;
constexpr auto kLastRetry = std::chrono::seconds(60);
constexpr std::size_t kErasedACommit = 200;  // some 10 ms: a block in between is not held up for longer
constexpr auto kCountersKept = std::chrono::days(730);

/// Moves a store that cannot be trusted out of the way. The log first: left behind alone, it would be replayed into the
/// next store.
Result<std::string> set_aside(const std::filesystem::path& folder) {
  std::error_code error;
  for (int number = 1; number < 1'000; ++number) {
    const std::string name = "events-set-aside-" + std::to_string(number) + ".db";
    if (std::filesystem::exists(folder / name, error) || std::filesystem::exists(folder / (name + "-wal"), error))
      continue;
    if (std::filesystem::exists(folder / "events.db-wal", error))
      std::filesystem::rename(folder / "events.db-wal", folder / (name + "-wal"), error);
    if (!error) std::filesystem::rename(folder / "events.db", folder / name, error);
    if (error) return fail(Errc::denied, Side::local, "events.db cannot be set aside: " + error.message());
    std::filesystem::remove(folder / "events.db-shm", error);
    return name;
  }
  return fail(Errc::broken_store, Side::local, "too many damaged stores lie in the state folder");
}

}  // namespace

Result<void> Store::Impl::open_writer() {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) return fail(Errc::denied, Side::local, "the state folder cannot be made: " + error.message());
  }
  if (!device) {
    auto held_device = Device::hold(folder);
    if (!held_device) return tl::unexpected(std::move(held_device).error());
    device.emplace(std::move(*held_device));
  }
  auto opened = Writer::open(folder, *device);
  if (!opened) return tl::unexpected(std::move(opened).error());
  writer = std::move(*opened);
  // A process that died after erasing leaves old pages in the log. Where a reader holds it up, it is tried again.
  erased = !writer->checkpoint(true);
  return {};
}

/// Where `outcome` says that the store is damaged: sets it aside as evidence and opens a new one.
Result<void> Store::Impl::begin_anew_if_damaged(Result<void> outcome) {
  if (outcome || outcome.error().code != Errc::broken_store || if_damaged == IfDamaged::refuse || !device)
    return outcome;
  writer.reset();
  const auto name = set_aside(folder);
  if (!name) return tl::unexpected(name.error());
  {
    const std::lock_guard lock(mutex);
    status.notice = outcome.error().context + "; it was set aside as " + *name + " and a new store was begun";
  }
  return open_writer();
}

void Store::Impl::run() {
  std::unique_lock lock(mutex);
  for (bool stopped = false; !stopped;) {
    wait(lock);
    Pass pass = take();
    lock.unlock();
    work(pass);
    lock.lock();
    flushed = pass.flush;
    stopped = pass.stop;
    flushed_one.notify_all();
  }
}

/// Sleeps without a deadline unless counters or waiting events have one.
void Store::Impl::wait(std::unique_lock<std::mutex>& lock) {
  const auto ready = [this] {
    return stop || flush_wanted != flushed || !queue.empty() || !reports.empty() || !jobs.empty();
  };
  while (!ready()) {
    std::optional<Steady::time_point> deadline;
    if (broken) deadline = retry_at;
    if (!broken && !counters.empty()) deadline = counters_due;
    if (!deadline) {
      wake.wait(lock);
    } else if (wake.wait_until(lock, *deadline) == std::cv_status::timeout) {
      return;
    }
  }
}

Store::Impl::Pass Store::Impl::take() {
  Pass pass;
  held += queue.size();
  std::move(queue.begin(), queue.end(), std::back_inserter(pending));
  queue.clear();
  pass.reports.swap(reports);
  pass.jobs.swap(jobs);
  pass.counters.swap(counters);
  pass.flush = flush_wanted;
  pass.stop = stop;
  pass.try_now = !broken || stop || flush_wanted != flushed || Steady::now() >= retry_at;
  return pass;
}

void Store::Impl::work(Pass& pass) {
  if (pass.try_now) {
    Result<void> outcome;
    if (!writer) {
      outcome = begin_anew_if_damaged(open_writer());
      if (outcome) outcome = drop_already_durable();
    }
    if (outcome) {
      outcome = append_pending(pass.counters);
      // Damage may show only when a page is touched.
      const bool damaged = !outcome && outcome.error().code == Errc::broken_store;
      outcome = begin_anew_if_damaged(std::move(outcome));
      if (outcome && damaged) outcome = append_pending(pass.counters);
    }
    note(outcome);
  }
  keep_waiting();
  run_reports(pass);
  run_jobs(pass);
  if (writer && writer->checkpoint(erased)) erased = false;
  if (pass.stop) {
    if (writer) (void)writer->leave();
    writer.reset();
    device.reset();
  }
  // Counters that did not get through are tried with the next commit.
  const std::lock_guard lock(mutex);
  for (const auto& [key, count] : pass.counters) counters[key] += count;
  if (!pass.counters.empty()) counters_due = Steady::now() + kCountersDelay;
  if (pass.stop) status.lost += held;
}

/// Commits what is pending, in order; the counters go with the first commit. Empties `more` when they are on disk.
Result<void> Store::Impl::append_pending(Counters& more) {
  while (!pending.empty() || !more.empty()) {
    std::vector<const Event*> batch;
    for (const Pending& one : pending) {
      if (batch.size() == kEventsACommit) break;
      batch.push_back(&one.event);
    }
    if (auto appended = writer->append(batch, more); !appended) return appended;
    std::uint64_t counted = 0;
    for (const auto& [_, count] : more) counted += count;
    more.clear();
    {
      const std::lock_guard lock(mutex);
      status.quiet += counted;
    }
    finish(batch.size());
  }
  return {};
}

/// A commit whose sync failed may be found on disk after all when the file is opened again.
Result<void> Store::Impl::drop_already_durable() {
  while (!pending.empty()) {
    const auto there = writer->has(pending.front().event);
    if (!there) return tl::unexpected(there.error());
    if (!*there) break;
    finish(1);
  }
  return {};
}

/// The first `count` of the pending events are on disk.
void Store::Impl::finish(std::size_t count) {
  {
    const std::lock_guard lock(mutex);
    held -= count;
    status.recorded += count;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Pending one = std::move(pending.front());
    pending.pop_front();
    if (one.done && !one.told) one.done(Recorded::durable);
  }
  const std::lock_guard lock(heard_mutex);
  if (heard && count > 0) heard();
}

/// Whoever waits for what is still pending is told that it is kept in memory, once.
void Store::Impl::keep_waiting() {
  // Those told already stand in front: look from the back.
  auto first = pending.end();
  while (first != pending.begin() && !std::prev(first)->told) --first;
  for (; first != pending.end(); ++first) {
    first->told = true;
    if (first->done) first->done(Recorded::waiting);
  }
}

void Store::Impl::note(const Result<void>& outcome) {
  // A full disk leaves the connection good. Anything else may have left it in doubt: open it again.
  if (!outcome && outcome.error().code != Errc::disk_full) writer.reset();
  const std::lock_guard lock(mutex);
  retry = broken && !outcome ? std::min<Steady::duration>(retry * 2, kLastRetry) : kFirstRetry;
  retry_at = Steady::now() + retry;
  broken = !outcome;
  status.trouble = outcome ? "" : outcome.error().context;
}

void Store::Impl::run_reports(Pass& pass) {
  for (PendingReport& one : pass.reports) {
    // Behind events that wait, a report would not find its own: the person is told that it could not be kept.
    Result<void> outcome;
    if (!writer || !pending.empty()) {
      outcome = fail(Errc::broken_store, Side::local, "the event store cannot be written at the moment");
    } else {
      outcome = attempt([&](Writer& to) { return to.append(one.report); });
    }
    if (one.done) one.done(std::move(outcome));
  }
}

void Store::Impl::run_jobs(Pass& pass) {
  for (const Job& job : pass.jobs) job.done->set_value(attempt(*job.task));
}

/// Something besides events. What is not the caller's fault is noted: the connection may be in doubt after it.
Result<void> Store::Impl::attempt(const Task& task) {
  if (!writer) return fail(Errc::broken_store, Side::local, "the event store cannot be written at the moment");
  auto outcome = task(*writer);
  if (!outcome && outcome.error().side == Side::local) note(outcome);
  return outcome;
}

/// Has the writer thread do something between two commits, and waits for it.
Result<void> Store::Impl::in_writer(const Task& task) {
  std::promise<Result<void>> promise;
  {
    const std::lock_guard lock(mutex);
    jobs.push_back({&task, &promise});
  }
  wake.notify_one();
  return promise.get_future().get();
}

Result<std::vector<std::uint64_t>> Store::Impl::found(
    const std::function<Result<std::vector<std::uint64_t>>(const Database&)>& read) const {
  const auto database = reading();
  if (!database) return tl::unexpected(database.error());
  return read(*database);
}

Result<void> Store::Impl::erase_events(std::span<const std::uint64_t> sequences) {
  for (; !sequences.empty(); sequences = sequences.subspan(std::min(kErasedACommit, sequences.size()))) {
    const auto some = sequences.first(std::min(kErasedACommit, sequences.size()));
    if (auto done = in_writer([&](Writer& to) { return to.erase_events(some); }); !done) return done;
  }
  return {};
}

Result<void> Store::Impl::erase_entries(std::span<const std::uint64_t> sequences) {
  for (; !sequences.empty(); sequences = sequences.subspan(std::min(kErasedACommit, sequences.size()))) {
    const auto some = sequences.first(std::min(kErasedACommit, sequences.size()));
    if (auto done = in_writer([&](Writer& to) { return to.erase_entries(some); }); !done) return done;
  }
  return {};
}

Result<void> Store::Impl::end_erasure(std::optional<TimePoint> now) {
  return in_writer([&](Writer& to) -> Result<void> {
    erased = true;  // on the writer thread, which empties the log after this job
    return now ? to.drop_counters_before(day_of(*now - kCountersKept)) : Result<void>{};
  });
}

Result<Database> Store::Impl::reading() const {
  auto database = Database::open_to_read(folder / "events.db");
  if (!database) return database;
  const auto version = database->number(sql::kVersion);
  if (!version) return tl::unexpected(version.error());
  if (*version == sql::kCurrentVersion) return database;
  return fail(
      Errc::unsupported, Side::local,
      *version < sql::kCurrentVersion
          ? "events.db is of an older version of this program: start the agent once, and it is brought up to date"
          : "events.db was made by a newer version of this program");
}

}  // namespace fairlead::agent::events
