#include "agent/command/hub_keepers.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "agent/command/clocks.hpp"
#include "agent/command/log.hpp"
#include "agent/hub/fleet_counts.hpp"
#include "agent/hub/keeping.hpp"
#include "agent/hub/releases.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenLooks{2}, kBetweenRewrites{20};
constexpr std::chrono::hours kBetweenDrops{1};
constexpr std::uint64_t kLooksToCount = 5;  // counting reads all laptops

/// What is past its time goes once an hour, by a clock that is believed.
class StoreKeeper {
 public:
  explicit StoreKeeper(std::optional<rules::catalog::Retention> retention) : retention_(retention) {}

  Result<void> operator()(hub::Store& store) {
    database::Connection& connection = store.connection();
    if (retention_) {
      if (auto kept = hub::keep_for(connection, *retention_); !kept) return kept;
      retention_.reset();
    }
    if (!clock_) {
      const auto kept = hub::read_clock(connection);
      if (!kept) return tl::unexpected(kept.error());
      const bool first = kept->believed == hub::Now{};
      clock_.emplace(first ? std::nullopt : std::optional(BelievedClock::Kept{kept->believed, kept->doubted_for}));
    }
    const platform::Clocks now = platform::read_clocks();
    const bool believed = clock_->believes(now);
    if (const auto steady = steady_clock::now(); !dropped_ || steady - *dropped_ >= kBetweenDrops) {
      if (auto done = drop(connection, now.wall, believed); !done) return done;
      dropped_ = steady;
    }
    const auto rewritten = hub::rewrite_files(connection);
    if (!rewritten) return tl::unexpected(rewritten.error());
    if (*rewritten > 0) log(LogLevel::info, "files were written anew after an erasure");
    return {};
  }

 private:
  Result<void> drop(database::Connection& connection, hub::Now now, bool believed) {
    if (clock_->kept()) {
      const auto& kept = *clock_->kept();
      if (auto written = hub::write_clock(connection, {kept.believed, kept.doubted_for}); !written) return written;
    }
    const auto agrees = hub::agrees_with_database(connection, now);
    if (!agrees) return tl::unexpected(agrees.error());
    if (!believed || !*agrees) {
      log(LogLevel::warning,
          !*agrees ? "the hub's clock and the database's differ: nothing is dropped until they agree"
                   : "the clock is far from where it was last right: nothing is dropped until it has agreed with "
                     "itself for a day");
      return {};
    }
    const auto dropped = hub::drop_expired(connection, now);
    if (!dropped) return tl::unexpected(dropped.error());
    if (*dropped > 0) log(LogLevel::info, "days of events past their time were dropped: " + std::to_string(*dropped));
    return {};
  }

  std::optional<rules::catalog::Retention> retention_;  // not told to the store yet
  std::optional<BelievedClock> clock_;
  std::optional<steady_clock::time_point> dropped_;
};

}  // namespace

HubTask::HubTask(std::string place, std::string what, std::chrono::seconds between,
                 std::function<Result<void>(hub::Store&)> task, std::function<void(bool)> after)
    : place_(std::move(place)),
      what_(std::move(what)),
      between_(between),
      task_(std::move(task)),
      after_(std::move(after)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void HubTask::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    const auto done = once();
    if (!done) store_.reset();
    if (after_) after_(done.has_value());
    if (!done && trouble_ != done.error().context)
      log(LogLevel::warning, what_ + " does not work: " + done.error().context);
    if (done && !trouble_.empty()) log(LogLevel::info, what_ + " works again");
    trouble_ = done ? "" : done.error().context;
    never.wait_for(lock, stop, between_, [] { return false; });
  }
}

Result<void> HubTask::once() {
  if (!store_) {
    auto store = hub::Store::open(place_);
    if (!store) return tl::unexpected(std::move(store).error());
    store_ = std::move(*store);
  }
  return task_(*store_);
}

std::unique_ptr<HubTask> keep_shelf(hub::Shelf& shelf, const std::string& place, hub::Metrics* metrics) {
  const auto look = [&shelf, metrics, looks = std::uint64_t{0}](hub::Store& store) mutable -> Result<void> {
    hub::Releases releases(store.connection());
    if (auto looked = releases.look(platform::wall_clock()); !looked) return looked;
    if (auto filled = shelf.fill(releases); !filled || metrics == nullptr || looks++ % kLooksToCount != 0)
      return filled;
    const auto fleet = hub::count_fleet(store.connection(), platform::wall_clock());
    if (!fleet) return tl::unexpected(fleet.error());
    metrics->count(*fleet);
    return {};
  };
  return std::make_unique<HubTask>(place, "reading what is handed out", kBetweenLooks, look, [metrics](bool well) {
    if (metrics != nullptr) metrics->store_is(well);
  });
}

std::unique_ptr<HubTask> keep_store(const std::string& place, std::optional<rules::catalog::Retention> retention) {
  return std::make_unique<HubTask>(place, "dropping what is past its time", kBetweenRewrites, StoreKeeper(retention));
}

}  // namespace fairlead::agent::command
