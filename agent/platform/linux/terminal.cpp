#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

namespace {

constexpr char kInterrupt = '\x03', kEnd = '\x04', kBackspace = '\b', kKill = '\x15', kDelete = '\x7f';

/// Without echo while it lives, and key by key: the keys that would end the process and leave the terminal so arrive
/// here as characters, at once.
class QuietTerminal {
 public:
  QuietTerminal() : changed_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!changed_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG | ICANON);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  [[nodiscard]] bool is_quiet() const { return changed_; }

 private:
  termios before_{};
  bool changed_;
};

void say(std::string_view text) {
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

void take_back(std::string& line) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (!line.empty() && continues(line.back())) line.pop_back();
  if (!line.empty()) line.pop_back();
}

/// Does what a terminal does with these keys by itself when it hands over whole lines. False: it is a character.
bool is_editing(char c, std::string& line) {
  if (c == kBackspace || c == kDelete) {
    take_back(line);
    return true;
  }
  if (c == kKill) line.clear();
  return c == kKill;
}

}  // namespace

Result<std::string> read_secret_line(std::string_view prompt) {
  constexpr std::size_t kLongest = 4096;
  const bool terminal = isatty(STDIN_FILENO) == 1;
  const QuietTerminal quiet;
  if (terminal && !quiet.is_quiet())
    return fail(Errc::denied, Side::local, "this terminal would show what is typed; nothing was read");
  if (terminal) say(prompt);
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t got = read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Errc::denied, Side::local, std::string("standard input: ") + std::strerror(errno));
    if (got == 0 || c == '\n' || (terminal && c == kEnd)) break;
    if (terminal && c == kInterrupt) {
      say("\n");
      return fail(Errc::refused, Side::client, "broken off");
    }
    if (terminal && is_editing(c, line)) continue;
    line += c;
    if (line.size() > kLongest) return fail(Errc::too_large, Side::client, "the line is too long");
  }
  if (terminal) say("\n");
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

bool input_is_a_terminal() { return isatty(STDIN_FILENO) == 1; }

}  // namespace fairlead::agent::platform
