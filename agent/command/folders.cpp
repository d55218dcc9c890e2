#include "agent/command/folders.hpp"

namespace fairlead::agent::command {
namespace {

std::filesystem::path first_folder(const char* near, const char* installed) {
  std::error_code unreadable;
  return std::filesystem::is_directory(near, unreadable) ? near : installed;
}

}  // namespace

std::filesystem::path default_config_folder() { return first_folder("categories", "/etc/fairlead"); }

std::filesystem::path default_state_folder() { return first_folder("state", "/var/lib/fairlead"); }

std::filesystem::path events_folder(const std::filesystem::path& state) { return state / "events"; }

}  // namespace fairlead::agent::command
