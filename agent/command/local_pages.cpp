#include "agent/command/local_pages.hpp"

#include "agent/command/folders.hpp"
#include "agent/console/site/site.hpp"
#include "agent/net/listener.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::command {

namespace {

constexpr std::size_t kThreads = 3;  // two may hash passwords, and a page still answers

/// Those on other machines are answered with a certificate of the device's authority. Nothing where the address is of
/// this machine alone, or without an authority.
console::Far far_of(net::Services& services, const net::Tcp::endpoint& endpoint) {
  if (endpoint.address().is_loopback() || !services.own_tls) return {};
  console::Far far;
  far.names = {text::lower(platform::host_name())};
  far.endpoint_for = [&services](std::string_view host) -> std::optional<tls::Endpoint> {
    rules::url::CanonicalUrl url;
    const bool v6 = host.find(':') != std::string_view::npos;
    const std::string written = v6 ? "[" + std::string(host) + "]" : std::string(host);
    if (!services.own_tls || !url.assign_origin_form(rules::url::Scheme::https, written, "/")) return std::nullopt;
    const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
    const auto leaf = services.own_tls->leaves.leaf_for(url.host(), url.host_kind(), now);
    if (!leaf) return std::nullopt;
    return services.own_tls->to_clients.endpoint_for(**leaf);
  };
  return far;
}

}  // namespace

LocalPages::LocalPages(net::Services& services, net::Tcp::endpoint endpoint, console::Hands hands)
    : services_(services),
      endpoint_(std::move(endpoint)),
      hands_(std::move(hands)),
      accounts_(accounts_place(hands_.state)),
      router_(console::all_routes()),
      server_(
          services_.context, net::to_text(endpoint_),
          [this](console::Request request, console::Respond respond) {
            net::asio::co_spawn(
                services_.context.get_executor(),
                [this, request = std::move(request), respond = std::move(respond)]() mutable {
                  return answer(std::move(request), std::move(respond));
                },
                net::asio::detached);
          },
          [this](std::string_view method, std::string_view path) { return router_.most_body(method, path); },
          far_of(services_, endpoint_)),
      threads_(kThreads) {}

net::Task<void> LocalPages::answer(console::Request request, console::Respond respond) {
  net::ErrorCode error;
  const net::Tcp::endpoint client(net::asio::ip::make_address(request.peer_address, error), request.peer_port);
  const net::Tcp::endpoint ours(net::asio::ip::make_address(request.local_address, error), endpoint_.port());
  // The operating system knows only who is on this machine.
  const bool here = client.address().is_loopback();
  auto person = std::make_shared<const rules::policy::Person>();
  if (here) person = co_await services_.people.identify(client, ours);
  const auto rules = services_.keeper.current();
  const bool answers_https = services_.own_tls != nullptr;
  auto make_page = [this, rules, person, answers_https, request = std::move(request)] {
    console::Desk desk{services_.store, rules, accounts_, sessions_, platform::wall_clock(), answers_https, hands_};
    return router_.answer(request, desk, person->name);
  };
  auto page = co_await net::run_on(threads_, std::move(make_page));
  respond(std::move(page));
}

}  // namespace fairlead::agent::command
