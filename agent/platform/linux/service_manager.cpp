#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstddef>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

/// Zero for what is no number.
std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

/// A datagram socket that leads to `name`: a path, or after '@' a name of the kernel's own. -1 when nobody is there.
int connect_to(std::string_view name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() < 2 || name.size() >= sizeof address.sun_path) return -1;
  std::copy(name.begin(), name.end(), address.sun_path);
  const bool of_kernel = name.front() == '@';
  if (!of_kernel && name.front() != '/') return -1;
  if (of_kernel) address.sun_path[0] = '\0';
  const auto size =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + (of_kernel ? std::size_t{0} : 1));
  const int made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (made >= 0 && connect(made, reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    close(made);
    return -1;
  }
  return made;
}

}  // namespace

ServiceManager::ServiceManager() : socket_(connect_to(variable("NOTIFY_SOCKET"))) {
  const std::uint64_t watched = number(variable("WATCHDOG_PID"));
  const std::uint64_t every = number(variable("WATCHDOG_USEC"));
  constexpr std::uint64_t kMost = 24ULL * 3600 * 1'000'000;
  if (socket_ < 0 || (watched != 0 && watched != process_id())) return;
  watchdog_ = std::chrono::microseconds(std::min(every, kMost));
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) close(socket_);
}

void ServiceManager::tell(std::string_view lines) const {
  if (socket_ >= 0) static_cast<void>(send(socket_, lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

}  // namespace fairlead::agent::platform
