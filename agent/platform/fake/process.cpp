// This process, and the programs around it. Nothing can be started: C++ has only a command line for that, which a shell
// reads, and words of a page must never come near one.

#include <chrono>
#include <random>

#include "agent/platform/clock_watch.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

std::chrono::sys_time<std::chrono::milliseconds> wall_clock() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// A laptop that never sleeps.
Clocks read_clocks() {
  const auto awake =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  return {wall_clock(), awake, awake};
}

/// What the smallest systems give.
std::size_t raise_descriptor_limit() { return 256; }

/// Not the system's number, and as good where processes are only told apart.
std::uint32_t process_id() {
  static const std::uint32_t number = std::random_device{}();
  return number;
}

void prepare_process() {}
void give_memory_back() {}

std::string host_name() { return "laptop"; }

Result<int> run_program(const std::vector<std::string>& command) {
  return fail(Errc::not_found, Side::local, "cannot run " + command[0] + ": this system runs no programs");
}

void show_on_desktop(const std::string&, const std::string&, const std::string&) {}

/// Nobody watches over this process.
ServiceManager::ServiceManager() = default;
ServiceManager::~ServiceManager() {}
void ServiceManager::tell(std::string_view) const {
  static_cast<void>(socket_);  // clang wants every field to be read
}

}  // namespace fairlead::agent::platform
