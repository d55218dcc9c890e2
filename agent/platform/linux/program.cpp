#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

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
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const Quiet quiet;
  pid_t child = 0;
  const int error = posix_spawn(&child, words[0], &quiet.actions, nullptr, words.data(), environ);
  if (error != 0) {
    return fail(error == ENOENT ? Errc::not_found : Errc::denied, Side::local,
                "cannot run " + command[0] + ": " + std::generic_category().message(error));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return fail(Errc::internal, Side::local, "lost sight of " + command[0]);
  }
  constexpr int kBySignal = 128;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kBySignal + WTERMSIG(status);
}

}  // namespace fairlead::agent::platform
