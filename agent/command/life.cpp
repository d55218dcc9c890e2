#include "agent/command/life.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <date/date.h>
#include <nlohmann/json.hpp>

#include "agent/command/alive_mark.hpp"
#include "agent/command/clocks.hpp"
#include "agent/command/cover_record.hpp"
#include "agent/command/log.hpp"
#include "agent/platform/clock_watch.hpp"
#include "agent/platform/network_watch.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {

namespace asio = boost::asio;
using nlohmann::json;
using platform::Clocks;
using platform::read_clocks;

namespace {

constexpr std::chrono::seconds kBetweenChanges{1};  // of the network; one change is many notices
constexpr std::chrono::minutes kBetweenMarks{5};
constexpr std::chrono::seconds kAsleep{1};  // less is no sleep
constexpr const char* kClockDoubted =
    "The clock is far from where it was last right: nothing is erased until it has agreed with itself for a day.";
constexpr std::size_t kMostUnwritten = 100;
constexpr std::size_t kRecalled = 200;
constexpr std::size_t kMostBecause = 200;

std::string utc(WallTime time) { return date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(time)); }

/// Waits for a descriptor of the platform's, again and again.
class Watching {
 public:
  Watching(asio::io_context& context, std::function<void()> heard) : descriptor_(context), heard_(std::move(heard)) {}
  void begin(int descriptor) {
    if (descriptor < 0) return;
    descriptor_.assign(platform::duplicate(descriptor));
    wait();
  }
  void end() {
    net::ErrorCode ignored;
    descriptor_.close(ignored);
  }

 private:
  void wait() {
    descriptor_.async_wait(asio::posix::descriptor_base::wait_read, [this](net::ErrorCode error) {
      if (error) return;
      heard_();
      wait();
    });
  }
  asio::posix::stream_descriptor descriptor_;
  std::function<void()> heard_;
};

struct Pause {
  WallTime begun{}, until{};
  std::chrono::milliseconds ends{};  // since boot: a sleep does not make it longer
  std::string because;
};

}  // namespace

struct Life::Impl {
  Impl(net::Services& s, std::filesystem::path folder, asio::thread_pool& pool)
      : services(s),
        state(std::move(folder)),
        housework(pool),
        clocks_watched(s.context, [this] { clocks_told(); }),
        network_watched(s.context, [this] { network_told(); }),
        after_change(s.context),
        pause_end(s.context) {}

  void start();
  void clocks_told();
  void network_told();
  void network_changed();
  void forget_network();
  void woke_up();
  void note(events::Entry entry);
  void write_down();
  void recall_cover();
  void look();
  void write_mark(const Clocks& now, bool ended);
  bool may_erase();
  json begin_pause(std::chrono::minutes length, std::string because);
  bool end_pause(const char* how);

  net::Services& services;
  const std::filesystem::path state;
  asio::thread_pool& housework;

  // The event loop's.
  platform::ClockWatch clock_watch;
  platform::NetworkWatch network_watch;
  Watching clocks_watched, network_watched;
  net::Timer after_change, pause_end;
  Clocks in_agreement;                 // since when the wall clock was not set
  std::chrono::milliseconds asleep{};  // since boot, in sum
  bool change_waits = false, resting_after_change = false;
  Cover cover;
  std::optional<Pause> pause;

  // The housework's.
  std::deque<events::Entry> unwritten;
  bool recalled = false;
  std::optional<std::chrono::milliseconds> marked;  // since boot

  std::mutex mutex;
  std::optional<BelievedClock> believed;  // under `mutex`
};

Life::Life(net::Services& services, std::filesystem::path state, asio::thread_pool& housework)
    : impl_(std::make_unique<Impl>(services, std::move(state), housework)) {}
Life::~Life() = default;

void Life::start() { impl_->start(); }
void Life::look() { impl_->look(); }
bool Life::may_erase() { return impl_->may_erase(); }

void Life::Impl::start() {
  const Clocks now = read_clocks();
  in_agreement = now;
  asleep = now.since_boot - now.awake;
  const auto last = read_alive_mark(state);
  {
    const std::lock_guard lock(mutex);
    believed.emplace(last ? last->clock : std::nullopt);
    static_cast<void>(believed->believes(now));
  }
  if (last) note(health_entry("agent_stopped", stopped_between(*last, now), now.wall));
  write_mark(now, false);
  asio::post(housework, [this] { recall_cover(); });
  clocks_watched.begin(clock_watch.descriptor());
  network_watched.begin(network_watch.descriptor());
}

void Life::stop() {
  impl_->end_pause("agent_stopped");
  impl_->clocks_watched.end();
  impl_->network_watched.end();
  impl_->after_change.cancel();
  impl_->pause_end.cancel();
}

void Life::end_orderly() {
  impl_->write_down();
  impl_->write_mark(read_clocks(), true);
}

void Life::Impl::clocks_told() {
  if (!clock_watch.drain()) return;
  const Clocks now = read_clocks();
  const auto asleep_now = now.since_boot - now.awake;
  if (asleep_now - std::exchange(asleep, asleep_now) > kAsleep) woke_up();
  const Between passed = between(in_agreement, now);
  if (std::chrono::abs(passed.set_by) <= kClockJump) return;
  in_agreement = now;
  log(LogLevel::warning, "the clock was set from " + utc(now.wall - passed.set_by) + " to " + utc(now.wall));
  note(health_entry("clock_changed", {{"from", number(now.wall - passed.set_by)}, {"to", number(now.wall)}}, now.wall));
}

/// Names may lead elsewhere, and another network may want people to sign in.
void Life::Impl::forget_network() {
  services.resolver.forget();
  services.nat64.forget();
  services.portal.forget();
  services.portal.look();
}

/// What was connected is dead.
void Life::Impl::woke_up() {
  ++services.wakes;
  forget_network();
  services.safe_hosts.ask_again();
  cover.make_stale();
  if (pause && read_clocks().since_boot >= pause->ends) end_pause("time");
}

/// The first notice counts at once, what follows it within a second counts as one more.
void Life::Impl::network_told() {
  if (!network_watch.drain()) return;
  change_waits = true;
  if (!resting_after_change) network_changed();
}

void Life::Impl::network_changed() {
  resting_after_change = std::exchange(change_waits, false);
  if (!resting_after_change) return;
  forget_network();
  after_change.expires_after(kBetweenChanges);
  after_change.async_wait([this](net::ErrorCode error) {
    if (!error) network_changed();
  });
}

void Life::Impl::note(events::Entry entry) {
  asio::post(housework, [this, entry = std::move(entry)]() mutable {
    if (unwritten.size() >= kMostUnwritten) unwritten.pop_front();
    unwritten.push_back(std::move(entry));
    write_down();
  });
}

void Life::Impl::write_down() {
  while (!unwritten.empty()) {
    if (auto added = services.store.add(unwritten.front()); !added) {
      log(LogLevel::warning, "'" + unwritten.front().subject + "' could not be noted yet: " + added.error().context);
      return;
    }
    unwritten.pop_front();
  }
}

void Life::Impl::recall_cover() {
  events::EntryFilter filter;
  filter.kind = "health";
  filter.newest_first = true;
  filter.limit = kRecalled;
  auto entries = services.store.entries(filter);
  recalled = entries.has_value();
  if (!recalled) return;
  asio::post(services.context, [this, entries = std::move(*entries)] { cover.recall(entries); });
}

void Life::Impl::look() {
  write_down();
  if (!recalled) recall_cover();
  const Clocks now = read_clocks();
  if (!marked || now.since_boot - *marked >= kBetweenMarks) write_mark(now, false);
}

void Life::Impl::write_mark(const Clocks& now, bool ended) {
  AliveMark mark{now.wall, now.since_boot, ended, std::nullopt};
  {
    const std::lock_guard lock(mutex);
    static_cast<void>(believed->believes(now));
    mark.clock = believed->kept();
  }
  marked = now.since_boot;
  if (auto written = write_alive_mark(state, mark); !written) {
    log(LogLevel::warning, "that the agent is alive could not be written down: " + written.error().context);
  }
}

bool Life::Impl::may_erase() {
  const std::lock_guard lock(mutex);
  return believed && believed->believes(read_clocks());
}

json Life::take_cover(const json& request) {
  const auto report = read_cover_report(request);
  if (!report) return {{"error", report.error().context}};
  for (events::Entry& entry : impl_->cover.take(*report, read_clocks())) {
    log(LogLevel::warning, entry.subject + ": " + report->part);
    impl_->note(std::move(entry));
  }
  return {{"taken", true}};
}

json Life::pause(const json& request) {
  if (request.value("end", json(false)) == json(true)) return {{"rested", impl_->end_pause("ended")}};
  const auto minutes = request.find("minutes"), because = request.find("because");
  const bool good = minutes != request.end() && minutes->is_number_unsigned() && *minutes >= 1U && *minutes <= 60U &&
                    because != request.end() && because->is_string() && !because->get<std::string>().empty();
  if (!good) return {{"error", "a pause needs minutes (1 to 60) and because"}};
  return impl_->begin_pause(std::chrono::minutes(minutes->get<unsigned>()),
                            because->get<std::string>().substr(0, kMostBecause));
}

json Life::Impl::begin_pause(std::chrono::minutes length, std::string because) {
  end_pause("another");
  const Clocks now = read_clocks();
  pause = Pause{now.wall, now.wall + length, now.since_boot + length, std::move(because)};
  services.paused = true;
  pause_end.expires_after(length);
  pause_end.async_wait([this](net::ErrorCode error) {
    const bool over = !error && pause && read_clocks().since_boot >= pause->ends;
    if (over) end_pause("time");
  });
  note(health_entry("pause_begun", {{"until", number(pause->until)}, {"because", pause->because}}, now.wall));
  log(LogLevel::warning, "filtering rests until " + utc(pause->until) + ", but for statutory lists");
  return {{"until", utc(pause->until)}};
}

/// False when there was none.
bool Life::Impl::end_pause(const char* how) {
  services.paused = false;
  if (!pause) return false;
  pause_end.cancel();
  const Pause ended = *std::exchange(pause, std::nullopt);
  const auto now = read_clocks().wall;
  note(health_entry(
      "pause_ended",
      {{"begun", number(ended.begun)}, {"until", number(ended.until)}, {"because", ended.because}, {"how", how}}, now));
  log(LogLevel::info, "filtering goes on");
  return true;
}

void Life::tell(json& status) const {
  const json cover = impl_->cover.told(read_clocks());
  json& warnings = status["warnings"];
  for (const json& open : cover["open"]) warnings.push_back("Not covered: " + open.get<std::string>());
  if (impl_->pause) {
    warnings.push_back("Filtering rests until " + utc(impl_->pause->until) + ": " + impl_->pause->because);
  }
  if (!impl_->may_erase()) warnings.push_back(kClockDoubted);
  status["cover"] = cover;
  status["pause"] = nullptr;
  if (!impl_->pause) return;
  status["pause"] = {{"until", number(impl_->pause->until)}, {"because", impl_->pause->because}};
}

}  // namespace fairlead::agent::command
