#include "agent/events/store.hpp"

#include <algorithm>
#include <utility>

#include "agent/events/entries_reader.hpp"
#include "agent/events/entry_check.hpp"
#include "agent/events/reader.hpp"
#include "agent/events/store_thread.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::size_t kMostReports = 1'000;
constexpr std::size_t kMostCounters = 10'000;
constexpr std::size_t kReportWords = 500;  // characters

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

void Store::when_recorded(std::function<void()> heard) {
  const std::lock_guard lock(impl_->heard_mutex);
  impl_->heard = std::move(heard);
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

Result<std::uint64_t> Store::add(Entry entry) {
  if (!impl_->thread.joinable()) return fail(Errc::denied, Side::local, "this store was opened to be read");
  if (auto fits = check_entry(entry); !fits) return tl::unexpected(std::move(fits).error());
  std::uint64_t sequence = 0;
  auto added = impl_->in_writer([&](Writer& writer) -> Result<void> {
    const auto appended = writer.append(entry);
    if (!appended) return tl::unexpected(appended.error());
    sequence = *appended;
    return {};
  });
  if (!added) return tl::unexpected(std::move(added).error());
  return sequence;
}

Result<std::uint64_t> Store::erase_expired(const rules::catalog::Retention& retention, TimePoint now) {
  if (!impl_->thread.joinable()) return fail(Errc::denied, Side::local, "this store was opened to be read");
  std::uint64_t rows = 0;
  auto done = [&]() -> Result<void> {
    const auto events = impl_->found([&](const Database& database) { return read_expired(database, retention, now); });
    if (!events) return tl::unexpected(events.error());
    if (auto erased = impl_->erase_events(*events); !erased) return erased;
    // Those whose incident has just lost its last event are among them.
    const auto entries = impl_->found([&](const Database& database) { return read_expired_entries(database, now); });
    if (!entries) return tl::unexpected(entries.error());
    rows = events->size() + entries->size();
    return impl_->erase_entries(*entries);
  }();
  // However far it came: what was erased may still stand in the log.
  if (auto last = impl_->end_erasure(now); done) done = std::move(last);
  flush();  // the log is empty when this returns, unless a reader holds it up
  if (!done) return tl::unexpected(std::move(done).error());
  return rows;
}

Result<std::uint64_t> Store::erase_person(std::string_view person,
                                          const std::function<Entry(std::uint64_t rows)>& record) {
  if (!impl_->thread.joinable()) return fail(Errc::denied, Side::local, "this store was opened to be read");
  if (person.empty()) return 0;
  flush();
  const auto entries = impl_->found([&](const Database& database) { return read_entries_about(database, person); });
  if (!entries) return tl::unexpected(entries.error());
  const auto events = impl_->found([&](const Database& database) { return read_events_about(database, person); });
  if (!events) return tl::unexpected(events.error());
  const std::uint64_t rows = events->size() + entries->size();
  // First, so that no erasure goes untold when the process dies in the middle.
  Entry told = record(rows);
  told.kind = "erasure";
  told.person.clear();
  if (auto added = add(std::move(told)); !added) return added;
  auto done = impl_->erase_events(*events);
  if (done) done = impl_->erase_entries(*entries);
  if (auto last = impl_->end_erasure({}); done) done = std::move(last);
  flush();
  if (!done) return tl::unexpected(std::move(done).error());
  return rows;
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

}  // namespace fairlead::agent::events
