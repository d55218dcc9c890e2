#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

Result<void> act_as_owner_of(const std::filesystem::path& folder) {
  struct stat about {};
  if (geteuid() != 0 || stat(folder.c_str(), &about) != 0 || about.st_uid == 0) return {};
  const bool done = setgroups(1, &about.st_gid) == 0 && setresgid(about.st_gid, about.st_gid, about.st_gid) == 0 &&
                    setresuid(about.st_uid, about.st_uid, about.st_uid) == 0;
  if (done) return {};
  return fail(Errc::denied, Side::local,
              "cannot act as the owner of " + folder.string() + ": " + std::generic_category().message(errno));
}

}  // namespace fairlead::agent::platform
