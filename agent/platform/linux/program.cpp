#include <fcntl.h>
#include <unistd.h>

#include "agent/platform/linux/spawn.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

/// Nothing to read, nowhere to print, and no descriptor of ours.
struct Quiet {
  posix_spawn_file_actions_t actions{};
  Quiet() {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  }
  ~Quiet() { posix_spawn_file_actions_destroy(&actions); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
};

}  // namespace

Result<int> run_program(const std::vector<std::string>& command) {
  const Quiet quiet;
  return spawn_and_wait(command, quiet.actions, environ);
}

}  // namespace fairlead::agent::platform
