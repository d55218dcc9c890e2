#include "agent/platform/small_file.hpp"

#include <fstream>
#include <system_error>
#include <utility>

namespace fairlead::agent::platform {

Result<std::optional<std::string>> read_small_file(const std::filesystem::path& file) {
  constexpr std::uintmax_t kMost = 1 << 20;
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  const std::uintmax_t size = code ? 0 : std::filesystem::file_size(file, code);
  if (!code && size > kMost) return fail(Errc::too_large, Side::local, file.string() + " is larger than a megabyte");
  std::ifstream in(file, std::ios::binary);
  std::string text(size, '\0');
  if (code || !in.read(text.data(), static_cast<std::streamsize>(size))) {
    return fail(Errc::denied, Side::local, "cannot read " + file.string());
  }
  return text;
}

std::string text_of_small_file(const std::filesystem::path& file) {
  auto text = read_small_file(file);
  return text && *text ? std::move(**text) : std::string();
}

}  // namespace fairlead::agent::platform
