#include "agent/platform/apart.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

namespace fairlead::agent::platform {
namespace {

constexpr int kCannotBecome = 77;

[[noreturn]] void work_as(UserId account, int out, const std::function<std::string()>& work) {
  const auto number = static_cast<uid_t>(account);
  const bool became = setgroups(0, nullptr) == 0 && setresgid(number, number, number) == 0 &&
                      setresuid(number, number, number) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (!became) _exit(kCannotBecome);
  const std::string text = work();
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t size = write(out, rest.data(), rest.size());
    if (size <= 0) _exit(1);
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  _exit(0);
}

/// False when time ran out.
bool read_all(int in, std::chrono::steady_clock::time_point end, std::string& text) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd wait{in, POLLIN, 0};
    if (left.count() <= 0 || poll(&wait, 1, static_cast<int>(left.count())) == 0) return false;
    char bytes[4096];
    const ssize_t size = read(in, bytes, sizeof bytes);
    if (size > 0) text.append(bytes, static_cast<std::size_t>(size));
    if (size == 0 || (size < 0 && errno != EINTR)) return true;
  }
}

}  // namespace

Result<std::string> run_apart(UserId account, std::chrono::seconds limit, const std::function<std::string()>& work) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail(Errc::internal, Side::local, "no descriptors left");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    work_as(account, ends[1], work);
  }
  close(ends[1]);
  std::string text;
  const bool in_time = child > 0 && read_all(ends[0], std::chrono::steady_clock::now() + limit, text);
  close(ends[0]);
  if (child < 0) return fail(Errc::denied, Side::local, std::generic_category().message(errno));
  if (!in_time) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time) return fail(Errc::timed_out, Side::local, "what was run as another account took too long");
  if (WIFEXITED(status) && WEXITSTATUS(status) == kCannotBecome) {
    return fail(Errc::denied, Side::local, "only root can try what an account without rights can do");
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(Errc::internal, Side::local, "what was run as another account ended without a word");
  }
  return text;
}

}  // namespace fairlead::agent::platform
