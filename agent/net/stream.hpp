#pragma once
// One TCP connection with a deadline on every wait and errors as values; with TLS over it once it is secured. One task
// may read while another writes, and every read lets other connections have their turn. Event-loop thread only; a
// Stream outlives the tasks that use it.

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "agent/net/asio.hpp"
#include "agent/net/watchdog.hpp"
#include "agent/tls/endpoint.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::net {

class Stream final : private Watchdog::Watched {
 public:
  /// side   whose fault its errors are: client or upstream.
  Stream(Socket socket, Watchdog& watchdog, Side side);
  ~Stream();

  /// Reads what is there, at least one byte; 0 means the peer has ended.
  /// Errors  timed_out, closed.
  [[nodiscard]] Task<Result<std::size_t>> read_some(std::span<char> room, std::chrono::seconds limit);

  /// Writes the three pieces whole (any may be empty), in one system call where possible.
  [[nodiscard]] Task<Result<void>> write(std::string_view first, std::string_view second, std::string_view third,
                                         std::chrono::seconds limit);

  [[nodiscard]] Task<Result<void>> wait_readable(std::chrono::seconds limit);
  [[nodiscard]] Task<Result<void>> wait_writable(std::chrono::seconds limit);

  /// Connects within the limit. Errors: unreachable, timed_out.
  [[nodiscard]] Task<Result<void>> connect(Tcp::endpoint endpoint, std::chrono::seconds limit);

  /// Shakes hands over TLS; from then on everything is read and written through it.
  /// first   bytes of the peer that were read already.
  /// limit   for all of the handshake.
  /// Errors  those of Endpoint::take(), timed_out, closed. The connection is of no use then.
  [[nodiscard]] Task<Result<void>> secure(tls::Endpoint endpoint, std::string_view first, std::chrono::seconds limit);
  [[nodiscard]] bool is_secured() const { return tls_ != nullptr; }
  /// Is the connection open, with nothing said by the peer that waits to be read?
  [[nodiscard]] bool is_quiet_and_open();

  [[nodiscard]] int descriptor() { return static_cast<int>(socket_.native_handle()); }
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  [[nodiscard]] Side side() const { return side_; }
  /// Lets other connections have their turn.
  [[nodiscard]] Task<void> give_way();
  void shutdown_send();
  /// The same, and says so over TLS first.
  [[nodiscard]] Task<void> end_send();
  /// The pending wait to read, or the next one, returns `closed`; the connection stays.
  void stop_reading();
  /// Ends at once; pending waits return `closed`.
  void close();
  /// Ends with a reset, so that the peer cannot take what it got for whole.
  void reset();
  /// Says goodbye after a last answer: no more sending, what still arrives is thrown away for a moment. Without this a
  /// reset caused by unread bytes could destroy the answer on its way.
  [[nodiscard]] Task<void> linger();

 private:
  void interrupt() override;
  [[nodiscard]] Task<Result<void>> wait(Socket::wait_type what, std::chrono::seconds limit);
  [[nodiscard]] Task<Result<std::size_t>> read_raw(std::span<char> room, std::chrono::seconds limit);
  [[nodiscard]] Task<Result<void>> write_raw(std::string_view first, std::string_view second, std::string_view third,
                                             std::chrono::seconds limit);
  [[nodiscard]] Task<Result<void>> fill_plain(std::chrono::seconds limit);
  [[nodiscard]] Result<void> take(std::string_view bytes);

  struct Tls;
  Socket socket_;
  Side side_;
  bool stop_reading_ = false;
  std::unique_ptr<Tls> tls_;  // null: not secured
};

}  // namespace fairlead::agent::net
