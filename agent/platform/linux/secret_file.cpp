#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

tl::unexpected<Error> refused(const std::filesystem::path& file, const std::string& why) {
  return fail(Errc::denied, Side::local, file.string() + " " + why);
}

}  // namespace

Result<std::string> read_secret_file(const std::filesystem::path& file, std::size_t most) {
  // Not held up by a pipe that nobody writes to.
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return refused(file, "cannot be read: " + std::generic_category().message(errno));
  struct Closing {
    int descriptor;
    ~Closing() { close(descriptor); }
  } const closing{descriptor};
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return refused(file, "cannot be looked at");
  if (!S_ISREG(about.st_mode)) return refused(file, "is no file");
  if (about.st_uid != 0 && about.st_uid != geteuid()) return refused(file, "belongs to neither root nor this account");
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return refused(file, "can be read by others; 'chmod 600' keeps it to its owner");
  std::string bytes(most + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(descriptor, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused(file, "cannot be read: " + std::generic_category().message(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > most) return refused(file, "is longer than a secret should be");
  bytes.resize(size);
  return bytes;
}

}  // namespace fairlead::agent::platform
