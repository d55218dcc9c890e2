#include "agent/command/hub_pages.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "agent/command/desk_pool.hpp"
#include "agent/command/far_console.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/command/hub_hands.hpp"
#include "agent/console/site/site.hpp"
#include "agent/net/listener.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kThreads = 4;  // two may hash passwords, and pages still answer

/// What an answer is of.
struct SeenBy {
  hub::Scope scope;
  std::string chosen;  // the one site that it was asked for; empty: all that the visitor sees
};

/// The sites of the visitor, or the one of those that a lead's address names. Others see figures in which small counts
/// are hidden; they could be told from those of all sites and of each. Who is not signed in is shown nothing recorded.
SeenBy seen_by(const console::Visitor& visitor, const console::Request& request) {
  SeenBy out{visitor.sites.empty() ? hub::Scope() : hub::Scope(visitor.sites), {}};
  console::Form query;
  if (visitor.role != console::Role::lead || !query.add(request.query)) return out;
  out.chosen = query.line(console::kSiteField, console::kLongestSite);
  if (out.chosen.empty()) return out;
  const bool theirs = !out.scope || std::find(out.scope->begin(), out.scope->end(), out.chosen) != out.scope->end();
  out.scope = theirs ? std::vector<std::string>{out.chosen} : std::vector<std::string>{};
  return out;
}

}  // namespace

struct HubPages::Impl {
  Impl(boost::asio::io_context& loop, HubPagesOptions given)
      : context(loop),
        options(std::move(given)),
        accounts(options.place),
        sessions(options.place),
        router(console::desk_routes()),
        desks(options.place),
        threads(kThreads) {}
  ~Impl() { threads.join(); }

  Result<void> start();
  pages::Answer answer(const console::Request& request);
  std::vector<std::string> choices_of(const console::Visitor& visitor, const hub::Desk& store);

  boost::asio::io_context& context;
  HubPagesOptions options;
  console::Accounts accounts;
  console::Sessions sessions;
  console::Router router;
  std::optional<tls::LeafCache> leaves;
  tls::ServerContext to_browsers;
  std::optional<console::Server> server;
  DeskPool desks;
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

std::vector<std::string> HubPages::Impl::choices_of(const console::Visitor& visitor, const hub::Desk& store) {
  if (visitor.role != console::Role::lead) return {};
  if (!visitor.sites.empty()) return visitor.sites;
  const auto sites = [](const hub::Desk& desk) { return desk.sites(); };
  const auto all = store.scope() ? desks.with(hub::Scope(), sites) : sites(store);
  return all.value_or(std::vector<std::string>());
}

pages::Answer HubPages::Impl::answer(const console::Request& request) {
  const auto now = platform::wall_clock();
  console::Visitor visitor = console::visitor_of(request, accounts, sessions, now, {});
  SeenBy seen = seen_by(visitor, request);
  return desks.with(seen.scope, [&](hub::Desk& store) {
    console::Desk desk{store, options.rules, accounts, sessions, now, false, hub_hands(store, options.state)};
    desk.hands.site = std::move(seen.chosen);
    desk.hands.sites = [this, &store, visitor] { return choices_of(visitor, store); };
    return router.answer(request, desk, std::move(visitor));
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
