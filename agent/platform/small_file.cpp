#include "agent/platform/small_file.hpp"

#include <array>
#include <fstream>
#include <system_error>
#include <utility>

namespace fairlead::agent::platform {

Result<std::optional<std::string>> read_small_file(const std::filesystem::path& file) {
  constexpr std::size_t kMost = 1 << 20;
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  // Its size is not asked for: another may have taken its place before it is opened.
  std::ifstream in(file, std::ios::binary);
  std::string text;
  for (std::array<char, 4096> piece{}; in && text.size() <= kMost;) {
    in.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (text.size() > kMost) return fail(Errc::too_large, Side::local, file.string() + " is larger than a megabyte");
  if (code || !in.eof() || in.bad()) return fail(Errc::denied, Side::local, "cannot read " + file.string());
  return text;
}

std::string text_of_small_file(const std::filesystem::path& file) {
  auto text = read_small_file(file);
  return text && *text ? std::move(**text) : std::string();
}

}  // namespace fairlead::agent::platform
