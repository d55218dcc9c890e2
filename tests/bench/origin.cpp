#include "tests/bench/origin.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/bench/sockets.hpp"

namespace fairlead::bench {
namespace {

constexpr std::size_t kBodyBytes = 1024;
constexpr std::size_t kSourceBytes = std::size_t{1} << 20;

enum class Role : std::uint8_t { listen_http, listen_hold, listen_source, http, hold, source };

class Origin {
 public:
  explicit Origin(const OriginPorts& ports) {
    std::signal(SIGPIPE, SIG_IGN);  // sendfile has no flag for it: a tunnel that ends early is no reason to die
    listen_on(ports.http, Role::listen_http);
    listen_on(ports.hold, Role::listen_hold);
    listen_on(ports.source, Role::listen_source);
    const std::string head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " + std::to_string(kBodyBytes) +
        "\r\n\r\n";
    answer_ = head + std::string(kBodyBytes, 'x');
    // What a source sends comes from memory by sendfile: the origin must not be what limits the tunnels.
    source_ = memfd_create("source", MFD_CLOEXEC);
    if (source_ < 0 || ftruncate(source_, kSourceBytes) != 0) die("memfd_create");
  }

  [[noreturn]] void run() {
    std::vector<epoll_event> events(256);
    while (true) {
      const int count = epoll_wait(loop_.fd(), events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)].data.fd);
    }
  }

 private:
  void listen_on(std::uint16_t port, Role role) {
    for (const int fd : {listen_v4(port), listen_v6(port)}) {
      if (fd < 0) continue;  // no IPv6 here
      roles_[fd] = role;
      loop_.add(fd, EPOLLIN);
    }
  }

  void handle(int fd) {
    switch (roles_[fd]) {
      case Role::listen_http:
        accept_all(fd, Role::http);
        break;
      case Role::listen_hold:
        accept_all(fd, Role::hold);
        break;
      case Role::listen_source:
        accept_all(fd, Role::source);
        break;
      case Role::http:
        serve_http(fd);
        break;
      case Role::hold:
        serve_hold(fd);
        break;
      case Role::source:
        serve_source(fd);
        break;
    }
  }

  void accept_all(int listener, Role role) {
    for (int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); fd >= 0;
         fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) {
      set_no_delay(fd);
      roles_[fd] = role;
      loop_.add(fd, EPOLLIN | EPOLLRDHUP);
    }
  }

  void drop(int fd) {
    roles_.erase(fd);
    pending_.erase(fd);
    sending_.erase(fd);
    close(fd);
  }

  // One answer for each empty line: every request of the bench is a head without a body.
  void serve_http(int fd) {
    const ssize_t got = recv(fd, buffer_, sizeof buffer_, 0);
    if (got <= 0) {
      if (got == 0 || errno != EAGAIN) drop(fd);
      return;
    }
    std::string& pending = pending_[fd];
    pending.append(buffer_, static_cast<std::size_t>(got));
    std::size_t from = 0;
    bool last = false;
    for (std::size_t end = pending.find("\r\n\r\n"); end != std::string::npos; end = pending.find("\r\n\r\n", from)) {
      const std::string head = pending.substr(from, end - from);
      last = last || says_close(head);
      from = end + 4;
      if (send(fd, answer_.data(), answer_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(answer_.size())) last = true;
    }
    pending.erase(0, from);
    if (last) drop(fd);
  }

  void serve_hold(int fd) {
    const ssize_t got = recv(fd, buffer_, sizeof buffer_, 0);
    if (got > 0) {
      if (send(fd, "!", 1, MSG_NOSIGNAL) == 1) return;
    } else if (got < 0 && errno == EAGAIN) {
      return;
    }
    drop(fd);
  }

  void serve_source(int fd) {
    const ssize_t got = recv(fd, buffer_, sizeof buffer_, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) return drop(fd);
    if (got > 0 && !sending_[fd]) {
      sending_[fd] = true;
      loop_.change(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
    }
    if (!sending_[fd]) return;
    off_t offset = 0;
    if (sendfile(fd, source_, &offset, kSourceBytes) < 0 && errno != EAGAIN) drop(fd);
  }

  Loop loop_;
  std::unordered_map<int, Role> roles_;
  std::unordered_map<int, std::string> pending_;
  std::unordered_map<int, bool> sending_;
  std::string answer_;
  int source_ = -1;
  char buffer_[65536];
};

}  // namespace

void run_origin(const OriginPorts& ports) {
  Origin origin(ports);
  std::puts("ready");
  std::fflush(stdout);
  origin.run();
}

}  // namespace fairlead::bench
