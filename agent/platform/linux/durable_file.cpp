#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failed(int error, const std::string& what, const fs::path& file) {
  const Errc code = error == ENOSPC || error == EDQUOT || error == EFBIG ? Errc::disk_full
                    : error == ENOENT                                    ? Errc::not_found
                                                                         : Errc::denied;
  return fail(code, Side::local, what + " " + file.string() + ": " + std::generic_category().message(error));
}

/// Closes itself.
struct Descriptor {
  int number;
  Descriptor(const fs::path& file, int flags) : number(open(file.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~Descriptor() {
    if (number >= 0) close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

Result<void> sync(const fs::path& path, int flags) {
  const Descriptor opened(path, flags);
  if (opened.number < 0 || fsync(opened.number) != 0) return failed(errno, "cannot bring to the disk", path);
  return {};
}

/// Who may do what with a file.
struct Access {
  uid_t user;
  gid_t group;
  mode_t mode;
};

/// A service without capabilities may not even ask for the owner that a file has anyway.
bool give(int descriptor, const Access& access) {
  struct stat now {};
  if (fstat(descriptor, &now) != 0) return false;
  const bool same = now.st_uid == access.user && now.st_gid == access.group;
  return (same || fchown(descriptor, access.user, access.group) == 0) && fchmod(descriptor, access.mode & 07777) == 0;
}

/// Makes the file. What lies in its place is of a run that was cut short, or of somebody who wants us to write
/// elsewhere.
Result<void> write_whole(const fs::path& file, std::string_view bytes, const Access* access = nullptr) {
  unlink(file.c_str());
  const Descriptor opened(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  if (opened.number < 0) return failed(errno, "cannot write", file);
  if (access != nullptr && !give(opened.number, *access)) return failed(errno, "cannot give its owner to", file);
  while (!bytes.empty()) {
    const ssize_t written = write(opened.number, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(errno, "cannot write", file);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(opened.number) != 0) return failed(errno, "cannot bring to the disk", file);
  return {};
}

Result<void> replace(const fs::path& file, std::string_view bytes, const Access* access) {
  fs::path aside = file;
  aside += ".new";
  auto done = write_whole(aside, bytes, access);
  if (done) done = rename_durably(aside, file);
  if (!done) unlink(aside.c_str());
  return done;
}

}  // namespace

Result<FileLock> FileLock::take(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed(errno, "cannot open", file);
  FileLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return fail(Errc::denied, Side::local, "another process holds " + file.string());
  return failed(errno, "cannot lock", file);
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Result<void> sync_file(const fs::path& file) { return sync(file, O_RDONLY); }

Result<void> rename_durably(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return failed(errno, "cannot rename", from);
  return sync(to.parent_path(), O_RDONLY | O_DIRECTORY);
}

Result<void> replace_file(const fs::path& file, std::string_view bytes) { return replace(file, bytes, nullptr); }

Result<void> replace_shared_file(const fs::path& file, std::string_view bytes) {
  Access access{geteuid(), getegid(), 0644};
  struct stat before {};
  if (stat(file.c_str(), &before) == 0) access = {before.st_uid, before.st_gid, before.st_mode};
  return replace(file, bytes, &access);
}

bool errors_go_to_a_terminal() { return isatty(STDERR_FILENO) == 1; }

}  // namespace fairlead::agent::platform
