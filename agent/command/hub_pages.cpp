#include "agent/command/hub_pages.hpp"

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "agent/command/far_console.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/command/pool.hpp"
#include "agent/console/site/site.hpp"
#include "agent/hub/desk.hpp"
#include "agent/net/listener.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kThreads = 4;  // two may hash passwords, and pages still answer

}  // namespace

struct HubPages::Impl {
  Impl(boost::asio::io_context& loop, HubPagesOptions given)
      : context(loop),
        options(std::move(given)),
        accounts(accounts_file(options.state)),
        router(console::desk_routes()),
        stores([this] { return std::make_unique<hub::Desk>(options.place); }),
        threads(kThreads) {}
  ~Impl() { threads.join(); }

  Result<void> start();
  pages::Answer answer(const console::Request& request);

  boost::asio::io_context& context;
  HubPagesOptions options;
  console::Accounts accounts;
  console::Sessions sessions;
  console::Router router;
  std::optional<tls::LeafCache> leaves;
  tls::ServerContext to_browsers;
  std::optional<console::Server> server;
  Pool<hub::Desk> stores;
  boost::asio::thread_pool threads;  // ends first: what runs on it uses all of the above
};

Result<void> HubPages::Impl::start() {
  const auto endpoint = net::parse_endpoint(options.listen);
  if (!endpoint) return tl::unexpected(endpoint.error());
  console::Far far;
  if (!endpoint->address().is_loopback()) {
    auto authority = read_hub_authority(options.state);
    if (!authority) return tl::unexpected(std::move(authority).error());
    leaves.emplace(std::move(*authority));
    far = far_console({text::lower(options.host)}, [this]() -> Shown { return {&*leaves, &to_browsers}; });
  }
  server.emplace(
      context, options.listen,
      [this](console::Request request, console::Respond respond) {
        boost::asio::post(
            threads, [this, request = std::move(request), respond = std::move(respond)] { respond(answer(request)); });
      },
      [this](std::string_view method, std::string_view path) { return router.most_body(method, path); },
      std::move(far));
  return server->start();
}

pages::Answer HubPages::Impl::answer(const console::Request& request) {
  return stores.with([&](hub::Desk& store) {
    console::Desk desk{store, options.rules, accounts, sessions, platform::wall_clock(), false, options.hands};
    return router.answer(request, desk, {});
  });
}

HubPages::HubPages(boost::asio::io_context& context, HubPagesOptions options)
    : impl_(std::make_unique<Impl>(context, std::move(options))) {}
HubPages::~HubPages() = default;

Result<void> HubPages::start() { return impl_->start(); }
void HubPages::stop() {
  if (impl_->server) impl_->server->stop();
}
std::uint16_t HubPages::port() const { return impl_->server ? impl_->server->port() : std::uint16_t{0}; }

}  // namespace fairlead::agent::command
