#include "agent/command/running_hub.hpp"

#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <utility>

#include "agent/command/folders.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/command/hub_hands.hpp"
#include "agent/command/hub_keepers.hpp"
#include "agent/command/hub_pages.hpp"
#include "agent/command/log.hpp"
#include "agent/command/pool.hpp"
#include "agent/hub/keeping.hpp"
#include "agent/hub/server.hpp"
#include "agent/hub/shelf.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kDatabaseThreads = 4;

}  // namespace

std::filesystem::path files_folder(const HubOptions& options) { return options.state / "bundles"; }

std::string place_of(const HubOptions& options) {
  return options.store.empty() ? "sqlite:" + (options.state / kStoreFile).string() : options.store;
}

namespace {

/// The pages of the desk, where they are wanted. The policy on them also says how long everything is kept.
Result<std::unique_ptr<HubPages>> open_pages(boost::asio::io_context& context, const HubOptions& options,
                                             const std::string& host) {
  if (options.console.empty()) return nullptr;
  HubPagesOptions wanted{options.console,   host,
                         options.state,     load_or_tell(options.config, options.state),
                         place_of(options), hub_hands(place_of(options), options.state)};
  if (!wanted.rules)
    return fail(Errc::bad_file, Side::local,
                "the desk's pages need the organisation's policy and categories; name their folder with --config");
  const auto store = hub::Store::open(place_of(options));
  if (!store) return tl::unexpected(store.error());
  if (auto kept = hub::keep_for((*store)->connection(), wanted.rules->policy().retention); !kept)
    return tl::unexpected(std::move(kept).error());
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
  const auto shelf_keeper = keep_shelf(shelf, place_of(options));
  hub::Server server(context, wanted, *authority, [&](hub::Request request, hub::Respond respond) {
    if (auto answer = shelf.answer(request, platform::wall_clock())) return respond(*std::move(answer));
    boost::asio::post(workers, [&endpoints, request = std::move(request), respond = std::move(respond)] {
      respond(endpoints.with([&](hub::Endpoints& one) { return one.answer(request); }));
    });
  });
  if (auto started = server.start(); !started) return started;
  auto pages = open_pages(context, options, wanted.host);
  if (!pages) return tl::unexpected(std::move(pages).error());
  const auto store_keeper = keep_store(place_of(options));
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
