// Nobody sits in front of it: C++ does not know a terminal from a file.

#include <iostream>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

bool errors_go_to_a_terminal() { return false; }

bool input_is_a_terminal() { return false; }

Result<std::string> read_secret_line(std::string_view) {
  constexpr std::size_t kLongest = 4096;
  std::string line;
  std::getline(std::cin, line);
  if (std::cin.bad()) return fail(Errc::denied, Side::local, "standard input cannot be read");
  if (line.size() > kLongest) return fail(Errc::too_large, Side::client, "the line is too long");
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace fairlead::agent::platform
