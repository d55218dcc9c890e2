#include "agent/net/stream.hpp"

#include <array>
#include <utility>

namespace fairlead::agent::net {
namespace {

bool would_block(const ErrorCode& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

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
  co_return co_await wait(Socket::wait_read, limit);
}

Task<Result<void>> Stream::wait_writable(std::chrono::seconds limit) {
  co_return co_await wait(Socket::wait_write, limit);
}

Task<Result<std::size_t>> Stream::read_some(std::span<char> room, std::chrono::seconds limit) {
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

Task<Result<void>> Stream::write(std::string_view first, std::string_view second, std::string_view third,
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
  shutdown_send();
  std::array<char, 4096> rubbish;
  const auto end = Watchdog::Clock::now() + Limits::linger;
  for (std::size_t thrown = 0; thrown < kMostThrownAway && Watchdog::Clock::now() < end;) {
    const auto size = co_await read_some(rubbish, Limits::linger);
    if (!size || *size == 0) break;
    thrown += *size;
  }
  close();
}

}  // namespace fairlead::agent::net
