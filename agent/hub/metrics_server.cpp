// Asio and Beast stay in this file: it is slow to compile.
#include "agent/hub/metrics_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <utility>

#include "agent/hub/listening.hpp"
#include "rules/url/address_range.hpp"

namespace fairlead::agent::hub {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kMaxHead = 8192;
constexpr auto kDeadline = 10s, kIdle = 90s;  // Prometheus asks each minute, by one connection
constexpr auto kAcceptPause = 100ms;
constexpr std::size_t kMostConnections = 16;
constexpr auto kUse = asio::as_tuple(asio::use_awaitable);
template <class T>
using Task = asio::awaitable<T>;

}  // namespace

struct MetricsServer::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& loop, std::string text, std::function<std::string()> asked)
      : context(loop), endpoint(std::move(text)), page(std::move(asked)), acceptor(loop) {}

  Task<void> accept();
  Task<void> serve(tcp::socket socket);
  [[nodiscard]] http::response<http::string_body> answer(const http::request<http::empty_body>& request) const;

  asio::io_context& context;
  std::string endpoint;
  std::function<std::string()> page;
  tcp::acceptor acceptor;
  std::size_t connections = 0;
  bool stopped = false;
};

Task<void> MetricsServer::Impl::accept() {
  const auto self = shared_from_this();
  asio::steady_timer pause(context);
  while (!stopped) {
    auto [failed, socket] = co_await acceptor.async_accept(kUse);
    if (stopped) co_return;
    if (failed) {
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kUse);
    } else if (connections < kMostConnections) {
      asio::co_spawn(context, serve(std::move(socket)), asio::detached);
    }
  }
}

http::response<http::string_body> MetricsServer::Impl::answer(const http::request<http::empty_body>& request) const {
  http::response<http::string_body> out(http::status::ok, 11);
  out.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
  if (request.target() != "/metrics") {
    out.result(http::status::not_found);
    out.body() = "Only /metrics is here.\n";
  } else if (request.method() != http::verb::get) {
    out.result(http::status::method_not_allowed);
    out.set(http::field::allow, "GET");
  } else {
    out.body() = page();
  }
  out.keep_alive(request.keep_alive());
  out.prepare_payload();
  return out;
}

Task<void> MetricsServer::Impl::serve(tcp::socket socket) {
  const auto self = shared_from_this();
  ++connections;
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  bool keep = true;
  while (keep && !stopped) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(kMaxHead);
    stream.expires_after(kIdle);
    auto [unread, size] = co_await http::async_read(stream, buffer, parser, kUse);
    if (unread) break;
    http::response<http::string_body> response = answer(parser.get());
    stream.expires_after(kDeadline);
    auto [unsent, sent] = co_await http::async_write(stream, response, kUse);
    keep = !unsent && response.keep_alive();
  }
  --connections;
  error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

MetricsServer::MetricsServer(asio::io_context& context, std::string endpoint, std::function<std::string()> page)
    : impl_(std::make_shared<Impl>(context, std::move(endpoint), std::move(page))) {}
MetricsServer::~MetricsServer() { stop(); }

Result<void> MetricsServer::start() {
  const auto endpoint = parse_endpoint(impl_->endpoint, "127.0.0.1:9464");
  if (!endpoint) return tl::unexpected(endpoint.error());
  const auto address = endpoint->address();
  if (!address.is_loopback() && !rules::url::is_private_network(address.to_string()))
    return fail(Errc::bad_host, Side::local,
                "'" + impl_->endpoint + "': metrics are told on this machine or in its private network alone");
  if (auto listens = listen_on(impl_->acceptor, *endpoint); !listens) return listens;
  asio::co_spawn(impl_->context, impl_->accept(), asio::detached);
  return {};
}

void MetricsServer::stop() {
  impl_->stopped = true;
  error_code ignored;
  impl_->acceptor.close(ignored);
}

std::uint16_t MetricsServer::port() const { return port_of(impl_->acceptor); }

}  // namespace fairlead::agent::hub
