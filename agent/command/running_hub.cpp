#include "agent/command/running_hub.hpp"

#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "agent/command/folders.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/command/hub_hands.hpp"
#include "agent/command/hub_pages.hpp"
#include "agent/command/log.hpp"
#include "agent/command/pool.hpp"
#include "agent/hub/server.hpp"
#include "agent/hub/shelf.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kDatabaseThreads = 4;
constexpr std::chrono::seconds kBetweenLooks{2};

/// Reads what is to be handed out, and looks whether the roll-out goes on. A thread of its own: a store that is away,
/// or busy with events, keeps no laptop waiting for its rules.
class ShelfKeeper {
 public:
  ShelfKeeper(hub::Shelf& shelf, std::string place) : shelf_(shelf), place_(std::move(place)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

 private:
  void run(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      const auto done = look();
      if (!done) store_.reset();
      if (!done && trouble_ != done.error().context)
        log(LogLevel::warning, "the rules cannot be read from the store: " + done.error().context);
      trouble_ = done ? "" : done.error().context;
      never.wait_for(lock, stop, kBetweenLooks, [] { return false; });
    }
  }
  Result<void> look() {
    if (!store_) {
      auto store = hub::Store::open(place_);
      if (!store) return tl::unexpected(std::move(store).error());
      store_ = std::move(*store);
    }
    hub::Releases releases(store_->connection());
    if (auto looked = releases.look(platform::wall_clock()); !looked) return looked;
    return shelf_.fill(releases);
  }

  hub::Shelf& shelf_;
  std::string place_, trouble_;
  std::unique_ptr<hub::Store> store_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace

std::filesystem::path files_folder(const HubOptions& options) { return options.state / "bundles"; }

std::string place_of(const HubOptions& options) {
  return options.store.empty() ? "sqlite:" + (options.state / kStoreFile).string() : options.store;
}

namespace {

/// The pages of the desk, where they are wanted.
Result<std::unique_ptr<HubPages>> open_pages(boost::asio::io_context& context, const HubOptions& options,
                                             const std::string& host) {
  if (options.console.empty()) return nullptr;
  HubPagesOptions wanted{options.console,   host,
                         options.state,     load_or_tell(options.config, options.state),
                         place_of(options), hub_hands(place_of(options), options.state)};
  if (!wanted.rules)
    return fail(Errc::bad_file, Side::local,
                "the desk's pages need the organisation's policy and categories; name their folder with --config");
  auto pages = std::make_unique<HubPages>(context, std::move(wanted));
  if (auto started = pages->start(); !started) return tl::unexpected(std::move(started).error());
  log(LogLevel::info, "the desk's pages are on port " + std::to_string(pages->port()));
  return pages;
}

}  // namespace

Result<void> run_hub(const HubOptions& options) {
  const auto authority = read_hub_authority(options.state);
  if (!authority) return tl::unexpected(authority.error());
  // What cannot work is said at the start; later the database may come and go.
  if (auto store = hub::Store::open(place_of(options)); !store) return tl::unexpected(std::move(store).error());
  const std::size_t threads = options.store.empty() ? 1 : kDatabaseThreads;  // SQLite has one writer
  Pool<hub::Endpoints> endpoints([&authority, place = place_of(options)] {
    return std::make_unique<hub::Endpoints>(
        *authority, [place] { return hub::Store::open(place); }, platform::wall_clock);
  });
  boost::asio::io_context context{1};
  boost::asio::thread_pool workers{threads};
  hub::ServerOptions wanted;
  wanted.endpoint = options.listen;
  wanted.host = options.host.empty() ? platform::host_name() : options.host;
  wanted.requests_a_minute = options.requests_a_minute;
  hub::Shelf shelf(files_folder(options));
  const ShelfKeeper keeper(shelf, place_of(options));
  hub::Server server(context, wanted, *authority, [&](hub::Request request, hub::Respond respond) {
    if (auto answer = shelf.answer(request, platform::wall_clock())) return respond(*std::move(answer));
    boost::asio::post(workers, [&endpoints, request = std::move(request), respond = std::move(respond)] {
      respond(endpoints.with([&](hub::Endpoints& one) { return one.answer(request); }));
    });
  });
  if (auto started = server.start(); !started) return started;
  auto pages = open_pages(context, options, wanted.host);
  if (!pages) return tl::unexpected(std::move(pages).error());
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    server.stop();
    if (*pages) (*pages)->stop();
    context.stop();
  });
  platform::ServiceManager service_manager;
  service_manager.tell("READY=1");
  log(LogLevel::info, "the hub listens on port " + std::to_string(server.port()) + " as " + wanted.host);
  context.run();
  workers.join();
  log(LogLevel::info, "stopped");
  return {};
}

}  // namespace fairlead::agent::command
