#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

Result<MappedFile> map_file(const std::filesystem::path& file) {
  const auto failed = [&] {
    const Errc code = errno == ENOENT ? Errc::not_found : Errc::denied;
    return fail(code, Side::local, file.string() + " cannot be read: " + std::strerror(errno));
  };
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed();
  struct stat about {};
  if (fstat(descriptor, &about) != 0 || about.st_size == 0) {
    const auto error = failed();
    close(descriptor);
    if (about.st_size == 0) return fail(Errc::bad_file, Side::local, file.string() + " is empty");
    return error;
  }
  const auto size = static_cast<std::size_t>(about.st_size);
  void* begin = mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  const auto error = failed();
  close(descriptor);
  if (begin == MAP_FAILED) return error;
  // Look-ups land anywhere: what lies around one of them is of no use, and would only fill memory.
  madvise(begin, size, MADV_RANDOM);
  return MappedFile{
      {static_cast<const std::byte*>(begin), size},
      std::shared_ptr<const void>(begin, [size](const void* mapped) { munmap(const_cast<void*>(mapped), size); })};
}

}  // namespace fairlead::agent::platform
