#include "agent/command/local_pages.hpp"

#include "agent/command/folders.hpp"
#include "agent/console/site/site.hpp"
#include "agent/net/listener.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {

namespace {

constexpr std::size_t kThreads = 3;  // two may hash passwords, and a page still answers

}  // namespace

LocalPages::LocalPages(net::Services& services, net::Tcp::endpoint endpoint, console::Hands hands)
    : services_(services),
      endpoint_(std::move(endpoint)),
      hands_(std::move(hands)),
      accounts_(accounts_file(hands_.state)),
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
          [this](std::string_view method, std::string_view path) { return router_.most_body(method, path); }),
      threads_(kThreads) {}

net::Task<void> LocalPages::answer(console::Request request, console::Respond respond) {
  net::ErrorCode error;
  const net::Tcp::endpoint client(net::asio::ip::make_address(request.peer_address, error), request.peer_port);
  const auto person = co_await services_.people.identify(client, endpoint_);
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
