#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

namespace {

/// Without echo while it lives, and without the keys that would end the process and leave the terminal so.
class QuietTerminal {
 public:
  QuietTerminal() : changed_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!changed_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

 private:
  termios before_{};
  bool changed_;
};

void say(std::string_view text) {
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

}  // namespace

Result<std::string> read_secret_line(std::string_view prompt) {
  constexpr std::size_t kLongest = 4096;
  const bool terminal = isatty(STDIN_FILENO) == 1;
  const QuietTerminal quiet;
  if (terminal) say(prompt);
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t got = read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Errc::denied, Side::local, std::string("standard input: ") + std::strerror(errno));
    if (got == 0 || c == '\n') break;
    if (terminal && c == '\x03') return fail(Errc::refused, Side::client, "broken off");
    line += c;
    if (line.size() > kLongest) return fail(Errc::too_large, Side::client, "the line is too long");
  }
  if (terminal) say("\n");
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

bool input_is_a_terminal() { return isatty(STDIN_FILENO) == 1; }

}  // namespace fairlead::agent::platform
