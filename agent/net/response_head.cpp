#include "agent/net/response_head.hpp"

namespace fairlead::agent::net {
namespace {

constexpr std::size_t kRead = std::size_t{4} * 1024;

}  // namespace

Task<Result<std::size_t>> read_until(Stream& stream, Buffer& inbox, Watchdog::Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - Watchdog::Clock::now());
  if (left <= std::chrono::seconds(0)) co_return fail(Errc::timed_out, Side::upstream, "too slow");
  auto size = co_await stream.read_some(inbox.prepare(kRead), left);
  if (size) inbox.commit(*size);
  co_return size;
}

Task<Result<std::size_t>> read_response_head(Stream& stream, Buffer& inbox, Watchdog::Clock::time_point deadline) {
  http::HeadScanner scanner;
  for (;;) {
    if (!inbox.empty()) {
      auto size = scanner.scan(inbox.view());
      if (!size || *size > 0) co_return size;
    }
    auto more = co_await read_until(stream, inbox, deadline);
    if (!more) co_return more;
    if (*more == 0) co_return fail(Errc::closed, Side::upstream, "ended without an answer");
  }
}

}  // namespace fairlead::agent::net
