#include "tests/bench/sockets.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "rules/base/text.hpp"

namespace fairlead::bench {
namespace {

constexpr int kBacklog = 4096;

template <class Address>
int listen_at(const Address& address, int family) {
  const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(fd, kBacklog) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

void die(const char* what) {
  std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
  std::exit(3);
}

int listen_v4(std::uint16_t port) {
  const int fd = listen_at(loopback(port), AF_INET);
  if (fd < 0) die("listen");
  return fd;
}

int listen_v6(std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_addr = in6addr_loopback;
  return listen_at(address, AF_INET6);
}

int begin_connect(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) die("socket");
  set_no_delay(fd);
  const sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS) {
    close(fd);
    return -1;
  }
  return fd;
}

void set_no_delay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void close_hard(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(fd);
}

bool says_close(const std::string& head) {
  const std::string lower = text::lower(head);
  if (lower.find("\r\nconnection: close") != std::string::npos) return true;
  return lower.starts_with("http/1.0") && lower.find("keep-alive") == std::string::npos;
}

long content_length(const std::string& head) {
  const std::string lower = text::lower(head);
  constexpr std::string_view kName = "\r\ncontent-length:";
  const std::size_t at = lower.find(kName);
  return at == std::string::npos ? -1 : std::strtol(lower.c_str() + at + kName.size(), nullptr, 10);
}

Loop::Loop() : fd_(epoll_create1(EPOLL_CLOEXEC)) {
  if (fd_ < 0) die("epoll_create1");
}
Loop::~Loop() { close(fd_); }

void Loop::add(int fd, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

void Loop::change(int fd, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(fd_, EPOLL_CTL_MOD, fd, &event) != 0) die("epoll_ctl");
}

}  // namespace fairlead::bench
