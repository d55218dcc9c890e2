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
  const auto failed = [&](int error) {
    return fail(error == ENOENT ? Errc::not_found : Errc::denied, Side::local,
                file.string() + " cannot be read: " + std::strerror(error));
  };
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed(errno);
  struct stat about {};
  const bool known = fstat(descriptor, &about) == 0;
  const auto size = static_cast<std::size_t>(about.st_size);
  void* begin = known && size > 0 ? mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0) : MAP_FAILED;
  const int error = errno;
  close(descriptor);
  if (known && size == 0) return fail(Errc::bad_file, Side::local, file.string() + " is empty");
  if (begin == MAP_FAILED) return failed(error);
  // Look-ups land anywhere: what lies around one of them is of no use, and would only fill memory.
  madvise(begin, size, MADV_RANDOM);
  const auto unmap = [size](const void* mapped) { munmap(const_cast<void*>(mapped), size); };
  return MappedFile{{static_cast<const std::byte*>(begin), size}, std::shared_ptr<const void>(begin, unmap)};
}

}  // namespace fairlead::agent::platform
