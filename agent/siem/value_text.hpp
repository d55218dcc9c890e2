#pragma once
// What every receiver is told of a value. Pure.

#include <string>
#include <string_view>

namespace fairlead::agent::siem {

inline constexpr std::size_t kLongestValue = 1024;

/// UTF-8, cut after so many bytes between two characters. The view is into the argument.
[[nodiscard]] inline std::string_view cut(const std::string& value) {
  if (value.size() <= kLongestValue) return value;
  std::size_t size = kLongestValue;
  while (size > 0 && (static_cast<unsigned char>(value[size]) & 0xC0U) == 0x80) --size;
  return std::string_view(value).substr(0, size);
}

}  // namespace fairlead::agent::siem
