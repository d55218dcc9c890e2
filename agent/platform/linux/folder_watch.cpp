#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

FolderWatch::FolderWatch(const std::filesystem::path& folder) : descriptor_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (descriptor_ < 0) return;
  constexpr unsigned kChanges = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
  inotify_add_watch(descriptor_, folder.c_str(), kChanges);
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.is_directory(ignored)) inotify_add_watch(descriptor_, entry.path().c_str(), kChanges);
  }
}

FolderWatch::~FolderWatch() {
  if (descriptor_ >= 0) close(descriptor_);
}

int duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0); }

bool FolderWatch::drain() {
  bool edited = false;
  alignas(inotify_event) char notices[4096];
  for (;;) {
    const ssize_t size = read(descriptor_, notices, sizeof notices);
    if (size <= 0) return edited;
    for (ssize_t at = 0; at < size;) {
      inotify_event event;
      std::memcpy(&event, notices + at, sizeof event);
      const std::string_view name = event.len > 0 ? notices + at + sizeof event : "";
      // Editors write swap and backup files beside the real one; only what the loader would read counts.
      edited = edited || (name.ends_with(".yaml") && !name.starts_with("."));
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
}

}  // namespace fairlead::agent::platform
