#include "agent/command/log.hpp"

#include <cstdio>
#include <string>

#include <date/date.h>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {

void log(LogLevel level, std::string_view text) {
  std::string line = date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(platform::wall_clock()));
  switch (level) {
    case LogLevel::info:
      line += " info ";
      break;
    case LogLevel::warning:
      line += " warning ";
      break;
    case LogLevel::error:
      line += " error ";
      break;
  }
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);  // one call a line, so that threads do not mix
}

}  // namespace fairlead::agent::command
