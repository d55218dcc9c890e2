#pragma once
// The few socket calls that the bench's origin and its clients share. Linux, loopback, one thread. Not part of the
// product.

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlead::bench {

/// Prints what the system says and ends the process: a bench that cannot open a socket has nothing to report.
[[noreturn]] void die(const char* what);

/// Listening sockets on loopback; the IPv6 one is -1 where the machine has none.
[[nodiscard]] int listen_v4(std::uint16_t port);
[[nodiscard]] int listen_v6(std::uint16_t port);
/// A socket that has begun to connect to 127.0.0.1, without waiting.
[[nodiscard]] int begin_connect(std::uint16_t port);
void set_no_delay(int fd);
/// Closes with a reset, so that thousands of short connections leave no TIME_WAIT behind.
void close_hard(int fd);

/// Does a head (without its empty line) say that the connection ends after it?
[[nodiscard]] bool says_close(const std::string& head);
/// The value of Content-Length in a head, or -1.
[[nodiscard]] long content_length(const std::string& head);

class Loop {
 public:
  Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();
  void add(int fd, std::uint32_t events) const;
  void change(int fd, std::uint32_t events) const;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace fairlead::bench
