#include "agent/net/probe_proxy.hpp"

#include <charconv>
#include <string_view>

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace fairlead::agent::net {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kMostHead = std::size_t{64} * 1024;

Task<Result<std::string>> ask(asio::io_context& context, Tcp::endpoint proxy, std::string question) {
  Socket socket(context.get_executor());
  const auto [unreached] = co_await socket.async_connect(proxy, kAwait);
  if (unreached) co_return fail(Errc::not_found, Side::local, "nobody listens there: " + unreached.message());
  const auto out = asio::buffer(question);
  const auto [unsent, sent] = co_await asio::async_write(socket, out, kAwait);
  if (unsent) co_return fail(Errc::closed, Side::local, unsent.message());
  std::string head;
  const auto in = asio::dynamic_buffer(head, kMostHead);
  const auto [unread, size] = co_await asio::async_read_until(socket, in, "\r\n", kAwait);
  if (unread) co_return fail(Errc::closed, Side::local, unread.message());
  co_return head.substr(0, size);
}

}  // namespace

Result<int> status_through(const Tcp::endpoint& proxy, const std::string& host) {
  asio::io_context context;
  Result<std::string> line = fail(Errc::timed_out, Side::local, "no answer in ten seconds");
  const std::string question = "GET http://" + host + "/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  asio::co_spawn(
      context.get_executor(), [&]() -> Task<void> { line = co_await ask(context, proxy, question); }, asio::detached);
  context.run_for(kPatience);
  if (!line) return tl::unexpected(std::move(line).error());
  // RFC 9112 section 4: HTTP-version SP status-code
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  int status = 0;
  const char* end = line->data() + line->size();
  const bool is_http =
      line->starts_with(kVersion) && std::from_chars(line->data() + kVersion.size(), end, status).ec == std::errc();
  if (!is_http) return fail(Errc::bad_message, Side::local, "what answers there speaks no HTTP");
  return status;
}

}  // namespace fairlead::agent::net
