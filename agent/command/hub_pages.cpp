#include "agent/command/hub_pages.hpp"

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "agent/command/far_console.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/console/site/site.hpp"
#include "agent/hub/desk.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kThreads = 4;  // two may hash passwords, and pages still answer

bool is_of_this_machine(std::string_view endpoint) {
  return endpoint.starts_with("127.") || endpoint.starts_with("[::1]:");
}

}  // namespace

struct HubPages::Impl {
  Impl(boost::asio::io_context& loop, HubPagesOptions given)
      : context(loop),
        options(std::move(given)),
        accounts(accounts_file(options.state)),
        router(console::desk_routes()),
        threads(kThreads) {}
  ~Impl() { threads.join(); }

  Result<void> start();
  pages::Answer answer(const console::Request& request);
  /// One for each page that is being made; lent, and made where none is free.
  std::unique_ptr<hub::Desk> take();
  void give_back(std::unique_ptr<hub::Desk> store);

  boost::asio::io_context& context;
  HubPagesOptions options;
  console::Accounts accounts;
  console::Sessions sessions;
  console::Router router;
  std::optional<tls::LeafCache> leaves;
  tls::ServerContext to_browsers;
  std::optional<console::Server> server;
  std::mutex mutex;
  std::vector<std::unique_ptr<hub::Desk>> free;
  boost::asio::thread_pool threads;  // ends first: what runs on it uses all of the above
};

Result<void> HubPages::Impl::start() {
  console::Far far;
  if (!is_of_this_machine(options.listen)) {
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

std::unique_ptr<hub::Desk> HubPages::Impl::take() {
  const std::lock_guard lock(mutex);
  if (free.empty()) return std::make_unique<hub::Desk>(options.place);
  auto out = std::move(free.back());
  free.pop_back();
  return out;
}

void HubPages::Impl::give_back(std::unique_ptr<hub::Desk> store) {
  const std::lock_guard lock(mutex);
  free.push_back(std::move(store));
}

pages::Answer HubPages::Impl::answer(const console::Request& request) {
  auto store = take();
  console::Desk desk{*store, options.rules, accounts, sessions, platform::wall_clock(), false, options.hands};
  auto page = router.answer(request, desk, {});
  give_back(std::move(store));
  return page;
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
