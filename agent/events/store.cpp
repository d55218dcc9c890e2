#include "agent/events/store.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "agent/events/database.hpp"
#include "agent/events/device.hpp"
#include "agent/events/reader.hpp"
#include "agent/events/verify.hpp"
#include "agent/events/writer.hpp"

namespace fairlead::agent::events {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostWaiting = 10'000;
constexpr std::size_t kMostReports = 1'000;
constexpr std::size_t kMostCounters = 10'000;
constexpr std::size_t kEventsACommit = 1'000;
constexpr std::size_t kErasedACommit = 200;  // some 10 ms: a block in between is not held up for longer
constexpr auto kCountersDelay = 5s;
constexpr auto kFirstRetry = 1s;
constexpr auto kLastRetry = 60s;
constexpr std::size_t kReportWords = 500;  // characters
constexpr auto kCountersKept = std::chrono::days(730);

/// Cuts at a character, not inside one.
void cut_to_characters(std::string& text, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (starts && characters++ == most) {
      text.resize(i);
      return;
    }
  }
}

std::int64_t day_of(TimePoint time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

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

enum class IfDamaged : std::uint8_t { refuse, set_aside };

}  // namespace

std::string_view to_string(ReportKind kind) {
  switch (kind) {
    case ReportKind::accident:
      return "accident";
    case ReportKind::wrong:
      return "wrong";
    case ReportKind::concern:
      return "concern";
  }
  return "concern";
}

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
  using Job = std::function<void(Result<Writer*>)>;

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

  // The writer thread's own.
  std::deque<Pending> pending;
  std::optional<Device> device;
  std::optional<Writer> writer;
  Steady::duration retry = kFirstRetry;
  bool erased = false;
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
  [[nodiscard]] Result<void> in_writer(const std::function<Result<void>(Writer&)>& task);
  [[nodiscard]] Result<Database> reading() const { return Database::open_to_read(folder / "events.db"); }
};

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
  writer.emplace(std::move(*opened));
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
      outcome = writer->append(one.report);
      if (!outcome && outcome.error().side == Side::local) note(outcome);
    }
    if (one.done) one.done(std::move(outcome));
  }
}

void Store::Impl::run_jobs(Pass& pass) {
  for (const Job& job : pass.jobs) {
    if (writer) {
      job(&*writer);
    } else {
      job(fail(Errc::broken_store, Side::local, "the event store cannot be written at the moment"));
    }
  }
}

/// Has the writer thread do something between two commits, and waits for it.
Result<void> Store::Impl::in_writer(const std::function<Result<void>(Writer&)>& task) {
  std::promise<Result<void>> promise;
  {
    const std::lock_guard lock(mutex);
    jobs.emplace_back([&](Result<Writer*> open) {
      promise.set_value(open ? task(**open) : Result<void>(tl::unexpected(open.error())));
    });
  }
  wake.notify_one();
  return promise.get_future().get();
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::~Store() {
  if (!impl_->thread.joinable()) return;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stop = true;
  }
  impl_->wake.notify_one();
  impl_->thread.join();
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder) {
  auto impl = std::make_unique<Impl>(folder);
  if (auto opened = impl->open_writer(); !opened) return tl::unexpected(std::move(opened).error());
  impl->thread = std::thread([raw = impl.get()] { raw->run(); });
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

std::unique_ptr<Store> Store::open_or_waiting(const std::filesystem::path& folder) {
  auto impl = std::make_unique<Impl>(folder);
  impl->if_damaged = IfDamaged::set_aside;
  impl->note(impl->begin_anew_if_damaged(impl->open_writer()));
  impl->thread = std::thread([raw = impl.get()] { raw->run(); });
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Result<std::unique_ptr<Store>> Store::open_read_only(const std::filesystem::path& folder) {
  auto impl = std::make_unique<Impl>(folder);
  if (auto database = impl->reading(); !database) return tl::unexpected(std::move(database).error());
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

void Store::record(Event event, std::function<void(Recorded)> done) {
  cut_to_limits(event);
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->thread.joinable() && impl_->queue.size() + impl_->held < kMostWaiting) {
      impl_->queue.push_back({std::move(event), std::move(done)});
      impl_->wake.notify_one();
      return;
    }
    ++impl_->status.lost;
  }
  if (done) done(Recorded::lost);
}

void Store::count(std::string_view category, std::string_view group, TimePoint time) {
  const std::lock_guard lock(impl_->mutex);
  const bool first = impl_->counters.empty();
  if (impl_->counters.size() >= kMostCounters) return;
  ++impl_->counters[{day_of(time), std::string(category), std::string(group)}];
  if (!first) return;
  impl_->counters_due = Steady::now() + kCountersDelay;
  impl_->wake.notify_one();
}

void Store::report(Report report, std::function<void(Result<void>)> done) {
  cut_to_characters(report.words, kReportWords);
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->thread.joinable() && impl_->reports.size() < kMostReports) {
      impl_->reports.push_back({std::move(report), std::move(done)});
      impl_->wake.notify_one();
      return;
    }
  }
  if (done) done(fail(Errc::refused, Side::local, "too many reports wait to be written"));
}

Result<std::uint64_t> Store::erase_expired(const rules::catalog::Retention& retention, TimePoint now) {
  if (!impl_->thread.joinable()) return fail(Errc::denied, Side::local, "this store was opened to be read");
  std::vector<std::uint64_t> expired;
  {
    const auto database = impl_->reading();
    if (!database) return tl::unexpected(database.error());
    auto found = read_expired(*database, retention, now);
    if (!found) return tl::unexpected(std::move(found).error());
    expired = std::move(*found);
  }
  for (std::size_t begin = 0; begin < expired.size(); begin += kErasedACommit) {
    const std::span part = std::span(expired).subspan(begin, std::min(kErasedACommit, expired.size() - begin));
    if (auto done = impl_->in_writer([&](Writer& writer) { return writer.erase(part); }); !done)
      return tl::unexpected(std::move(done).error());
  }
  const auto last = impl_->in_writer([&](Writer& writer) {
    impl_->erased = true;  // on the writer thread: the log is emptied after this, lest old pages stay readable in it
    return writer.drop_counters_before(day_of(now - kCountersKept));
  });
  if (!last) return tl::unexpected(last.error());
  return expired.size();
}

Result<void> Store::for_each(const Filter& filter, const std::function<void(const Stored&)>& row) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return read_events(*database, device->key().id(), filter, row);
}

Result<std::vector<Stored>> Store::list(const Filter& filter) const {
  std::vector<Stored> out;
  if (auto read = for_each(filter, [&](const Stored& stored) { out.push_back(stored); }); !read)
    return tl::unexpected(std::move(read).error());
  return out;
}

Result<Stored> Store::show(std::string_view id) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return read_event(*database, device->key().id(), id);
}

Result<Verified> Store::verify() const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return verify_store(*database, *device);
}

StoreStatus Store::status() const {
  const std::lock_guard lock(impl_->mutex);
  StoreStatus status = impl_->status;
  status.waiting = impl_->broken ? impl_->queue.size() + impl_->held : 0;
  return status;
}

void Store::flush() {
  if (!impl_->thread.joinable()) return;
  std::unique_lock lock(impl_->mutex);
  const std::uint64_t wanted = ++impl_->flush_wanted;
  impl_->wake.notify_one();
  impl_->flushed_one.wait(lock, [&] { return impl_->flushed >= wanted; });
}

Result<std::uint64_t> Store::add(Entry) { return fail(Errc::unsupported, Side::local, "entries are not written yet"); }
Result<std::uint64_t> Store::erase_person(std::string_view) { return 0; }
Result<std::vector<Entry>> Store::entries(const EntryFilter&) const { return std::vector<Entry>(); }
Result<std::vector<Incident>> Store::incidents(const IncidentFilter&) const { return std::vector<Incident>(); }
Result<std::uint64_t> Store::count_incidents(const IncidentFilter&) const { return 0; }
Result<Incident> Store::incident(std::uint64_t) const {
  return fail(Errc::not_found, Side::local, "there is no such incident");
}
Result<std::vector<Stored>> Store::events_of(std::uint64_t, std::size_t, std::size_t) const {
  return std::vector<Stored>();
}
Result<Totals> Store::totals(TimePoint, TimePoint) const { return Totals(); }

}  // namespace fairlead::agent::events
