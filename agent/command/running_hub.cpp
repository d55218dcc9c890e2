#include "agent/command/running_hub.hpp"

#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "agent/command/folders.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/command/hub_keepers.hpp"
#include "agent/command/hub_pages.hpp"
#include "agent/command/log.hpp"
#include "agent/command/pool.hpp"
#include "agent/hub/metrics.hpp"
#include "agent/hub/metrics_server.hpp"
#include "agent/hub/server.hpp"
#include "agent/hub/shelf.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kDatabaseThreads = 4;
constexpr std::size_t kMostConnections = 4096;
constexpr std::size_t kOwnDescriptors = 64;  // the store, the desk's pages, the log

}  // namespace

std::filesystem::path files_folder(const HubOptions& options) { return options.state / "bundles"; }

std::string place_of(const HubOptions& options) {
  return options.store.empty() ? "sqlite:" + (options.state / kStoreFile).string() : options.store;
}

Result<std::string> place_that_is_there(const HubOptions& options) {
  std::error_code unreadable;
  if (options.store.empty() && !std::filesystem::exists(options.state / kStoreFile, unreadable))
    return fail(Errc::bad_file, Side::local,
                options.state.string() +
                    " holds no store of a hub. 'fairlead hub init' makes one; one in PostgreSQL is "
                    "named by --store, or by: set -a; . /etc/fairlead-hub.conf");
  return place_of(options);
}

Result<std::unique_ptr<hub::Store>> open_store(const HubOptions& options) {
  auto place = place_that_is_there(options);
  if (!place) return tl::unexpected(std::move(place).error());
  return hub::Store::open(*place);
}

namespace {

using SharedRules = std::shared_ptr<const rules::policy::Rules>;

/// For the desk's pages, where those are wanted; they also say how long everything is kept.
Result<SharedRules> rules_for(const HubOptions& options) {
  if (options.console.empty()) return nullptr;
  SharedRules rules = load_or_tell(options.config, options.state);
  if (!rules)
    return fail(Errc::bad_file, Side::local,
                "the desk's pages need the organisation's policy and categories; name their folder with --config");
  return rules;
}

/// The pages of the desk, where there are rules for them.
Result<std::unique_ptr<HubPages>> open_pages(boost::asio::io_context& context, const HubOptions& options,
                                             const std::string& host, SharedRules rules) {
  if (!rules) return nullptr;
  HubPagesOptions wanted{options.console, host, options.state, std::move(rules), place_of(options)};
  auto pages = std::make_unique<HubPages>(context, std::move(wanted));
  if (auto started = pages->start(); !started) return tl::unexpected(std::move(started).error());
  log(LogLevel::info, "the desk's pages are on port " + std::to_string(pages->port()));
  return pages;
}

/// What goes by without anybody's doing: a database that begins, is taken over by its standby, or has no place left.
bool goes_by(const Error& error) {
  return error.code == Errc::closed || error.code == Errc::timed_out || error.code == Errc::disk_full;
}

/// Laptops must not take the descriptors with which the hub reaches its store: each has a socket, and may be sent a
/// file.
std::size_t most_connections(std::size_t descriptors) {
  const std::size_t left = descriptors > 2 * kOwnDescriptors ? descriptors - kOwnDescriptors : kOwnDescriptors;
  return std::min(left / 2, kMostConnections);
}

Result<std::unique_ptr<hub::MetricsServer>> open_metrics(boost::asio::io_context& context, const std::string& endpoint,
                                                         const hub::Metrics& metrics) {
  if (endpoint.empty()) return nullptr;
  auto server = std::make_unique<hub::MetricsServer>(context, endpoint, [&metrics] { return metrics.text(); });
  if (auto started = server->start(); !started) return tl::unexpected(std::move(started).error());
  log(LogLevel::info, "metrics are on port " + std::to_string(server->port()));
  return server;
}

}  // namespace

Result<void> run_hub(const HubOptions& options) {
  const auto authority = read_hub_authority(options.state);
  if (!authority) return tl::unexpected(authority.error());
  platform::prepare_process();
  const auto rules = rules_for(options);  // takes seconds, in which no laptop is to wait for an answer
  if (!rules) return tl::unexpected(rules.error());
  // What cannot work is said at the start; a database may come and go, at the start as later.
  if (auto store = hub::Store::open(place_of(options)); !store) {
    if (!goes_by(store.error())) return tl::unexpected(std::move(store).error());
    log(LogLevel::warning, "laptops have to wait for the store: " + store.error().context);
  }
  const std::size_t threads = options.store.empty() ? 1 : kDatabaseThreads;  // SQLite has one writer
  Pool<hub::Endpoints> endpoints([&authority, place = place_of(options)] {
    return std::make_unique<hub::Endpoints>(
        *authority, [place] { return hub::Store::open(place); }, platform::wall_clock);
  });
  boost::asio::io_context context{1};
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&context](const boost::system::error_code& error, int) {
    if (!error) context.stop();
  });
  boost::asio::thread_pool workers{threads};
  hub::ServerOptions wanted;
  wanted.endpoint = options.listen;
  wanted.host = options.host.empty() ? platform::host_name() : options.host;
  wanted.most_connections = most_connections(platform::raise_descriptor_limit());
  wanted.requests_a_minute = options.requests_a_minute;
  wanted.accept_signatures = options.accept_signatures;
  hub::Metrics metrics;
  wanted.answered = [&metrics](std::string_view path, const hub::Answer& answer, auto took) {
    metrics.answered(path, answer, took);
  };
  hub::Shelf shelf(files_folder(options));
  const auto shelf_keeper = keep_shelf(shelf, place_of(options), options.metrics.empty() ? nullptr : &metrics);
  hub::Server server(context, wanted, *authority, [&](hub::Request request, hub::Respond respond) {
    if (auto answer = shelf.answer(request, platform::wall_clock())) return respond(*std::move(answer));
    boost::asio::post(workers, [&endpoints, request = std::move(request), respond = std::move(respond)] {
      respond(endpoints.with([&](hub::Endpoints& one) { return one.answer(request); }));
    });
  });
  if (auto started = server.start(); !started) return started;
  auto pages = open_pages(context, options, wanted.host, *rules);
  if (!pages) return tl::unexpected(std::move(pages).error());
  const auto store_keeper =
      keep_store(place_of(options), *rules ? std::optional((*rules)->policy().retention) : std::nullopt);
  const auto told = open_metrics(context, options.metrics, metrics);
  if (!told) return tl::unexpected(told.error());
  platform::ServiceManager service_manager;
  service_manager.tell("READY=1");
  log(LogLevel::info, "the hub listens on port " + std::to_string(server.port()) + " as " + wanted.host);
  context.run();
  server.stop();
  if (*pages) (*pages)->stop();
  if (*told) (*told)->stop();
  workers.join();
  log(LogLevel::info, "stopped");
  return {};
}

}  // namespace fairlead::agent::command
