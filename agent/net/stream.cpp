#include "agent/net/stream.hpp"

#include <array>
#include <string>
#include <utility>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::net {
namespace {

constexpr std::size_t kTlsRead = std::size_t{16} * 1024;
constexpr std::size_t kMostOwed = std::size_t{16} * 1024;

bool would_block(const ErrorCode& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

struct Stream::Tls {
  tls::Endpoint endpoint;
  std::string plain;  // heard and not read yet, from `begin` on
  std::size_t begin = 0;
  std::string owed;    // answers of TLS itself, which go out with what is written next: RFC 8446 section 4.6.3
  bool ended = false;  // the peer has said that it is done

  [[nodiscard]] std::string_view unread() const { return std::string_view(plain).substr(begin); }
};

Stream::~Stream() = default;

Stream::Stream(Socket socket, Watchdog& watchdog, Side side)
    : Watched(watchdog), socket_(std::move(socket)), side_(side) {
  if (!socket_.is_open()) return;
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(Tcp::no_delay(true), ignored);
}

void Stream::interrupt() {
  ErrorCode ignored;
  socket_.cancel(ignored);
}

Task<Result<void>> Stream::wait(Socket::wait_type what, std::chrono::seconds limit) {
  const Wait slot = what == Socket::wait_read ? to_read : to_write;
  watch_until(slot, Watchdog::Clock::now() + limit);
  for (;;) {
    if (ending() || !socket_.is_open()) co_return fail(Errc::closed, side_, "connection closed");
    if (slot == to_read && std::exchange(stop_reading_, false)) co_return fail(Errc::closed, side_, "no longer read");
    const auto [error] = co_await socket_.async_wait(what, kAwait);
    if (passed(slot)) co_return fail(Errc::timed_out, side_, "no answer in time");
    // The deadline of the other direction cancels both waits; this one then goes on.
    if (error == asio::error::operation_aborted && !ending() && socket_.is_open()) continue;
    unwatch(slot);
    if (error) co_return fail(Errc::closed, side_, "connection closed");
    co_return Result<void>();
  }
}

Task<Result<void>> Stream::wait_readable(std::chrono::seconds limit) {
  if (tls_ && !tls_->unread().empty()) co_return Result<void>();
  co_return co_await wait(Socket::wait_read, limit);
}

Task<Result<void>> Stream::wait_writable(std::chrono::seconds limit) {
  co_return co_await wait(Socket::wait_write, limit);
}

Task<Result<std::size_t>> Stream::read_raw(std::span<char> room, std::chrono::seconds limit) {
  watch_until(to_read, Watchdog::Clock::now() + limit);
  for (;;) {
    if (ending() || !socket_.is_open()) co_return fail(Errc::closed, side_, "connection closed");
    if (std::exchange(stop_reading_, false)) co_return fail(Errc::closed, side_, "no longer read");
    const auto [error, size] = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), kAwait);
    const bool late = passed(to_read);
    // The deadline of the other direction cancels this read too, which then goes on.
    if (error == asio::error::operation_aborted && !late && !ending() && socket_.is_open()) continue;
    unwatch(to_read);
    if (!error) co_return size;
    if (error == asio::error::eof) co_return std::size_t{0};
    if (late) co_return fail(Errc::timed_out, side_, "no answer in time");
    co_return fail(Errc::closed, side_, error.message());
  }
}

Task<Result<void>> Stream::write_raw(std::string_view first, std::string_view second, std::string_view third,
                                     std::chrono::seconds limit) {
  std::array<std::string_view, 3> pieces{first, second, third};
  std::size_t left = first.size() + second.size() + third.size();
  while (left > 0) {
    ErrorCode error;
    const std::array<asio::const_buffer, 3> buffers{asio::buffer(pieces[0]), asio::buffer(pieces[1]),
                                                    asio::buffer(pieces[2])};
    std::size_t sent = socket_.write_some(buffers, error);
    if (!error) {
      left -= sent;
      for (std::string_view& piece : pieces) {
        const std::size_t of_piece = std::min(sent, piece.size());
        piece.remove_prefix(of_piece);
        sent -= of_piece;
      }
      continue;
    }
    if (!would_block(error)) co_return fail(Errc::closed, side_, error.message());
    auto waited = co_await wait(Socket::wait_write, limit);
    if (!waited) co_return waited;
  }
  co_return Result<void>();
}

Result<void> Stream::take(std::string_view bytes) {
  auto taken = tls_->endpoint.take(bytes, tls_->plain, tls_->owed);
  if (!taken && taken.error().code == Errc::closed) {
    tls_->ended = true;
    return {};
  }
  if (taken && tls_->owed.size() > kMostOwed) return fail(Errc::too_large, side_, "TLS: too much that needs an answer");
  return taken;
}

Task<Result<void>> Stream::secure(tls::Endpoint endpoint, std::string_view first, std::chrono::seconds limit) {
  const auto end = Watchdog::Clock::now() + limit;
  tls_ = std::make_unique<Tls>(Tls{std::move(endpoint), {}, 0, {}, false});
  auto taken = take(first);
  std::array<char, kTlsRead> room;
  for (;;) {
    const std::string answer = std::exchange(tls_->owed, {});
    const auto sent = co_await write_raw(answer, {}, {}, Limits::idle);
    if (!taken) co_return taken;
    if (!sent) co_return sent;
    if (tls_->endpoint.is_established()) co_return Result<void>();
    if (tls_->ended) co_return fail(Errc::closed, side_, "no TLS handshake");
    const auto left = std::chrono::ceil<std::chrono::seconds>(end - Watchdog::Clock::now());
    if (left <= std::chrono::seconds(0)) co_return fail(Errc::timed_out, side_, "no answer in time");
    const auto size = co_await read_raw(room, left);
    if (!size) co_return tl::unexpected(size.error());
    if (*size == 0) co_return fail(Errc::closed, side_, "no TLS handshake");
    taken = take({room.data(), *size});
  }
}

/// Until something was heard or the peer is done.
Task<Result<void>> Stream::fill_plain(std::chrono::seconds limit) {
  tls_->plain.clear();
  tls_->begin = 0;
  std::array<char, kTlsRead> room;
  while (tls_->plain.empty() && !tls_->ended) {
    const auto size = co_await read_raw(room, limit);
    if (!size) co_return tl::unexpected(size.error());
    // Whoever cuts the connection could cut what is said in it as well. RFC 8446 section 6.1
    if (*size == 0) co_return fail(Errc::closed, side_, "ended without the end of TLS");
    auto taken = take({room.data(), *size});
    if (!taken) co_return taken;
  }
  co_return Result<void>();
}

Task<Result<std::size_t>> Stream::read_some(std::span<char> room, std::chrono::seconds limit) {
  if (!tls_) co_return co_await read_raw(room, limit);
  if (tls_->unread().empty()) {
    const auto filled = co_await fill_plain(limit);
    if (!filled) co_return tl::unexpected(filled.error());
  }
  const std::string_view piece = tls_->unread().substr(0, room.size());
  std::copy(piece.begin(), piece.end(), room.begin());
  tls_->begin += piece.size();
  co_return piece.size();
}

Task<Result<void>> Stream::write(std::string_view first, std::string_view second, std::string_view third,
                                 std::chrono::seconds limit) {
  if (!tls_) co_return co_await write_raw(first, second, third, limit);
  std::string wire = std::exchange(tls_->owed, {});
  for (const std::string_view piece : {first, second, third}) {
    auto said = tls_->endpoint.say(piece, wire);
    if (!said) co_return said;
  }
  co_return co_await write_raw(wire, {}, {}, limit);
}

bool Stream::is_quiet_and_open() {
  if (!tls_) return platform::is_quiet_and_open(descriptor());
  std::array<char, kTlsRead> room;
  ErrorCode error;
  // TLS has words of its own (tickets) that are none of the peer's.
  while (tls_->unread().empty() && !tls_->ended && !error) {
    const std::size_t size = socket_.read_some(asio::buffer(room), error);
    if (!error && !take({room.data(), size})) return false;
  }
  return would_block(error);
}

Task<Result<void>> Stream::connect(Tcp::endpoint endpoint, std::chrono::seconds limit) {
  ErrorCode error;
  socket_.open(endpoint.protocol(), error);
  if (error) co_return fail(Errc::denied, Side::local, "no socket: " + error.message());
  socket_.non_blocking(true, error);
  socket_.set_option(Tcp::no_delay(true), error);
  watch_until(to_write, Watchdog::Clock::now() + limit);
  const auto [failed] = co_await socket_.async_connect(endpoint, kAwait);
  unwatch(to_write);
  if (passed(to_write)) co_return fail(Errc::timed_out, side_, "no connection in time");
  if (failed) co_return fail(Errc::unreachable, side_, failed.message());
  co_return Result<void>();
}

Task<void> Stream::give_way() {
  const asio::use_awaitable_t<Executor> await;
  co_await asio::post(socket_.get_executor(), await);
}

void Stream::shutdown_send() {
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

Task<void> Stream::end_send() {
  if (tls_ && socket_.is_open()) {
    std::string wire = std::exchange(tls_->owed, {});
    tls_->endpoint.end(wire);
    static_cast<void>(co_await write_raw(wire, {}, {}, Limits::linger));
  }
  shutdown_send();
}

void Stream::stop_reading() {
  stop_reading_ = true;
  interrupt();
}

void Stream::close() {
  ErrorCode ignored;
  socket_.close(ignored);
}

void Stream::reset() {
  ErrorCode ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

Task<void> Stream::linger() {
  constexpr std::size_t kMostThrownAway = std::size_t{256} * 1024;
  co_await end_send();
  std::array<char, 4096> rubbish;
  const auto end = Watchdog::Clock::now() + Limits::linger;
  for (std::size_t thrown = 0; thrown < kMostThrownAway && Watchdog::Clock::now() < end;) {
    const auto size = co_await read_raw(rubbish, Limits::linger);
    if (!size || *size == 0) break;
    thrown += *size;
  }
  close();
}

}  // namespace fairlead::agent::net
