#include <malloc.h>
#include <signal.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <array>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

std::chrono::sys_time<std::chrono::milliseconds> wall_clock() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(limit.rlim_cur);
}

void prepare_process() {
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  umask(077);
  mallopt(M_ARENA_MAX, 2);             // worker threads come and go; their arenas would stay
  mallopt(M_TRIM_THRESHOLD, 1 << 20);  // memory of a busy minute goes back to the laptop
}

void give_memory_back() { malloc_trim(0); }

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "laptop";
}

bool is_administrator() { return geteuid() == 0; }

std::uint32_t process_id() { return static_cast<std::uint32_t>(getpid()); }

}  // namespace fairlead::agent::platform
