#include "agent/command/private_file.hpp"

#include <system_error>

namespace fairlead::agent::command {

Result<std::ofstream> open_private_file(const std::filesystem::path& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) return fail(Errc::denied, Side::local, "cannot write " + path.string());
  std::error_code ignored;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  return file;
}

}  // namespace fairlead::agent::command
