#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "agent/platform/platform.hpp"

using fairlead::agent::platform::process_id;
using fairlead::agent::platform::ServiceManager;

namespace {

/// A service manager's end; its name is the kernel's, so that no file is left.
class Manager {
 public:
  Manager() : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const std::string name = "fairlead-test-" + std::to_string(process_id());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(name.begin(), name.end(), address.sun_path + 1);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
  }
  ~Manager() {
    close(socket_);
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  /// Empty when nothing was told.
  std::string told() const {
    std::array<char, 256> text{};
    const ssize_t size = recv(socket_, text.data(), text.size(), 0);
    return size < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  int socket_;
};

}  // namespace

TEST_CASE("ServiceManager: what is told arrives as it is, one datagram each") {
  const Manager manager;
  const ServiceManager service;
  service.tell("READY=1\nSTATUS=rules in force");
  service.tell("WATCHDOG=1");
  CHECK(manager.told() == "READY=1\nSTATUS=rules in force");
  CHECK(manager.told() == "WATCHDOG=1");
  CHECK(manager.told().empty());
}

TEST_CASE("ServiceManager: a process that was started by hand tells nobody") {
  const ServiceManager service;
  service.tell("READY=1");
  CHECK(service.watchdog().count() == 0);
}

TEST_CASE("ServiceManager: the watchdog is of this process, or of none") {
  using std::chrono::seconds;
  const Manager manager;
  CHECK(ServiceManager().watchdog() == seconds(0));
  setenv("WATCHDOG_USEC", "30000000", 1);
  CHECK(ServiceManager().watchdog() == seconds(30));
  setenv("WATCHDOG_PID", std::to_string(process_id()).c_str(), 1);
  CHECK(ServiceManager().watchdog() == seconds(30));
  setenv("WATCHDOG_PID", "1", 1);
  CHECK(ServiceManager().watchdog() == seconds(0));
  unsetenv("WATCHDOG_PID");
  for (const char* odd : {"", "30s", "-1", "99999999999999999999999"}) {
    setenv("WATCHDOG_USEC", odd, 1);
    CHECK(ServiceManager().watchdog() == seconds(0));
  }
}

TEST_CASE("ServiceManager: a socket that is not there, or no address, is nobody") {
  const Manager manager;
  for (const std::string& name : {std::string("/nowhere/notify"), std::string("@"), std::string("relative"),
                                  std::string(200, 'x'), "/" + std::string(200, 'x')}) {
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    setenv("WATCHDOG_USEC", "30000000", 1);
    const ServiceManager service;
    service.tell("READY=1");
    CHECK(service.watchdog().count() == 0);
  }
  CHECK(manager.told().empty());
}
