#include "agent/platform/linux/spawn.hpp"

#include <sys/wait.h>

#include <cerrno>
#include <system_error>

namespace fairlead::agent::platform {

Result<int> spawn_and_wait(const std::vector<std::string>& command, const posix_spawn_file_actions_t& actions,
                           char* const environment[]) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawn(&child, words[0], &actions, nullptr, words.data(), environment);
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
