#include "agent/platform/linux/ask_program.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "agent/platform/linux/spawn.hpp"

namespace fairlead::agent::platform {
namespace {

/// A text in memory that has a descriptor: a program can read or write all of it with nobody at the other end.
class TextFile {
 public:
  explicit TextFile(std::string_view text) : descriptor_(memfd_create("text", MFD_CLOEXEC)) {
    while (!text.empty()) {
      const ssize_t written = write(descriptor_, text.data(), text.size());
      if (written <= 0) {
        is_whole_ = false;
        return;
      }
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    is_whole_ = descriptor_ >= 0 && lseek(descriptor_, 0, SEEK_SET) == 0;
  }
  ~TextFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  [[nodiscard]] std::string text() const {
    std::string text;
    char part[4096];
    off_t at = 0;
    for (ssize_t size = 0; (size = pread(descriptor_, part, sizeof part, at)) > 0; at += size)
      text.append(part, static_cast<std::size_t>(size));
    return text;
  }

 private:
  int descriptor_;
  bool is_whole_ = false;
};

/// The three texts in the places of the standard descriptors, and no descriptor of ours.
struct Three {
  posix_spawn_file_actions_t actions{};
  Three(const TextFile& in, const TextFile& out, const TextFile& errors) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.descriptor(), STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  }
  ~Three() { posix_spawn_file_actions_destroy(&actions); }
  Three(const Three&) = delete;
  Three& operator=(const Three&) = delete;
};

}  // namespace

Result<ProgramAnswer> ask_program(const std::vector<std::string>& command, std::string_view input) {
  const TextFile in(input), out(""), errors("");
  if (!in.is_whole() || !out.is_whole() || !errors.is_whole())
    return fail(Errc::internal, Side::local, "no memory for what " + command[0] + " reads and writes");
  const Three three(in, out, errors);
  // Its own words, whatever language the caller speaks, and nothing that changes what it does.
  char* plain[] = {const_cast<char*>("LC_ALL=C"), nullptr};
  const auto exit_code = spawn_and_wait(command, three.actions, plain);
  if (!exit_code) return tl::unexpected(exit_code.error());
  return ProgramAnswer{*exit_code, out.text(), errors.text()};
}

}  // namespace fairlead::agent::platform
