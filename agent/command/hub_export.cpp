#include "agent/command/hub_export.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/log.hpp"
#include "agent/hub/export_queue.hpp"
#include "agent/hub/store.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"
#include "agent/siem/receiver.hpp"

namespace fairlead::agent::command {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kAtOnce = 200;                   // records; more are never in memory
constexpr auto kLook = std::chrono::seconds(1);        // whether something waits
constexpr auto kOtherHolds = std::chrono::seconds(5);  // whether another process exports still
constexpr auto kFirstRetry = std::chrono::seconds(1), kLongestRetry = std::chrono::seconds(60);
constexpr auto kLockFile = "export.lock";

class Exporter {
 public:
  Exporter(std::string place, std::unique_ptr<siem::Receiver> receiver)
      : place_(std::move(place)), receiver_(std::move(receiver)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

 private:
  void run(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      const milliseconds pause = round(stop);
      if (pause > milliseconds(0)) never.wait_for(lock, stop, pause, [] { return false; });
    }
  }

  /// How long there is nothing to do.
  milliseconds round(const std::stop_token& stop) {
    const auto held = hold();
    if (!held) return lose_store(held.error());
    if (!*held) return kOtherHolds;
    hub::ExportQueue queue(store_->connection());
    const auto waiting = queue.next(at_once_);
    if (!waiting) return lose_store(waiting.error());
    if (waiting->numbers.empty()) return kLook;
    if (!waiting->records.empty()) {
      const siem::Given given = receiver_->give(waiting->records, stop);
      // In halves until one stands alone: that one keeps the others back no longer.
      if (given.unwanted && waiting->numbers.size() > 1) {
        at_once_ = waiting->numbers.size() / 2;
        return milliseconds(0);
      }
      if (!given.remark.empty()) log(LogLevel::warning, "export: " + given.remark);
      if (given.unwanted) {
        log(LogLevel::warning, "export: the receiver will not have event " + waiting->records.front().id);
      } else {
        tell(given.trouble);
        if (!given.trouble.empty()) return pause_after_failure(given.retry_after);
      }
    }
    failures_ = 0;
    const bool all = waiting->numbers.size() < at_once_;
    at_once_ = std::min(kAtOnce, at_once_ * 2);
    // Whoever is killed before this sends them again.
    if (auto done = queue.take_out(waiting->numbers); !done) return lose_store(done.error());
    return all ? milliseconds(kLook) : milliseconds(0);
  }

  Result<bool> hold() {
    if (!store_) {
      holds_ = false;
      auto store = hub::Store::open(place_);
      if (!store) return tl::unexpected(std::move(store).error());
      store_ = std::move(*store);
    }
    if (holds_) return true;
    hub::ExportQueue queue(store_->connection());
    auto held = queue.hold();
    if (!held || !*held) return held;
    if (auto begun = queue.begin(); !begun) return tl::unexpected(begun.error());
    holds_ = true;
    log(LogLevel::info, "export: new blocked attempts go to the receiver");
    return true;
  }

  milliseconds lose_store(const Error& error) {
    tell("the store: " + error.context);
    if (error.code != Errc::timed_out) store_.reset();
    return pause_after_failure(std::chrono::seconds(0));
  }

  /// Once for each, and when all is well again.
  void tell(const std::string& trouble) {
    if (std::exchange(trouble_, trouble) == trouble) return;
    if (trouble.empty()) {
      log(LogLevel::info, "export: it goes on");
    } else {
      log(LogLevel::warning, "export: " + trouble + "; what is new waits");
    }
  }

  milliseconds pause_after_failure(std::chrono::seconds wish) {
    const milliseconds most = std::min<milliseconds>(kLongestRetry, kFirstRetry * (1LL << std::min(failures_++, 10)));
    const milliseconds pause(std::uniform_int_distribution<std::int64_t>(most.count() / 2, most.count())(random_));
    return std::max<milliseconds>(pause, std::min<milliseconds>(wish, std::chrono::hours(1)));
  }

  std::string place_, trouble_;
  std::unique_ptr<siem::Receiver> receiver_;
  std::unique_ptr<hub::Store> store_;
  bool holds_ = false;
  int failures_ = 0;
  std::size_t at_once_ = kAtOnce;  // fewer while the receiver will not have so many
  std::mt19937_64 random_{std::random_device{}()};
  std::jthread thread_;  // last: it ends before what it uses
};

/// Tells what is wrong, all of it.
std::optional<rules::catalog::SiemMapping> read_mapping(const std::filesystem::path& file) {
  const auto text = platform::read_small_file(file);
  if (!text || !*text) {
    std::cerr << "fairlead: " << (text ? file.string() + ": there is no such file" : text.error().context) << "\n";
    return std::nullopt;
  }
  auto loaded = rules::catalog::load_siem(**text, file.string());
  for (const auto& problem : loaded.problems) std::cerr << to_string(problem) << "\n";
  if (rules::catalog::has_error(loaded.problems)) return std::nullopt;
  return std::move(loaded.mapping);
}

int forget(const std::string& place) {
  auto store = hub::Store::open(place);
  auto done = store ? hub::ExportQueue((*store)->connection()).end() : Result<void>(tl::unexpected(store.error()));
  if (!done) return could_not(done.error());
  std::cout << "Nothing is kept for an export any more\n";
  return kDone;
}

}  // namespace

int run_export(const HubOptions& hub, const ExportOptions& options) {
  if (options.check) return read_mapping(options.mapping) ? kDone : kNo;
  const auto place = place_that_is_there(hub);
  if (!place) return could_not(place.error());
  if (options.forget) return forget(*place);
  auto mapping = read_mapping(options.mapping);
  if (!mapping) return kNo;
  // Of one machine; of several that share PostgreSQL one holds the queue.
  const auto alone = platform::FileLock::take(hub.state / kLockFile);
  if (!alone) {
    std::cerr << "fairlead: another process exports, or its folder is not ours: " << alone.error().context << "\n";
    return kCouldNot;
  }
  boost::asio::io_context context{1};
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([](const boost::system::error_code&, int) {});
  const Exporter exporter(
      *place, siem::make_receiver({*std::move(mapping), options.mapping.parent_path(), platform::host_name()}));
  platform::ServiceManager service_manager;
  service_manager.tell("READY=1");
  context.run();
  return kDone;
}

}  // namespace fairlead::agent::command
