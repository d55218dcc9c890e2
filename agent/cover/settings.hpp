#pragma once
// Puts the settings that lead browsers and desktops through the filter where they are read, takes them away again
// without a trace, and says of each how it stands. Blocks; changes need the administrator.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "agent/cover/browser_settings.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::cover {

enum class SettingState : std::uint8_t {
  in_place,
  missing,
  changed,  // something else stands there, or a file that counts for more says something else
};

struct SettingItem {
  std::string_view place;    // "Firefox"; "desktop" for all that is no browser
  std::string_view setting;  // the row's id: "proxy"
  std::string key;           // the policy's name; empty for a whole file
  std::string file;          // where it stands or would stand, or the one that says something else
  SettingState state = SettingState::missing;
  std::string says;          // a sentence
  bool is_installed = true;  // the program that reads it is on this laptop
};

/// How each setting stands. Reads only files that everybody may read; of a desktop that is not installed nothing is
/// told.
///
/// wanted   passed check().
[[nodiscard]] std::vector<SettingItem> look_at_settings(const WantedSettings& wanted);

/// Puts every setting in its place, also for browsers that are not there yet. A file that cannot be changed keeps the
/// others from nothing. What others have written there stays; where it contradicts, ours takes its place until it is
/// taken away.
///
/// wanted   passed check().
/// state    the folder in which it is written down what was changed.
/// Returns  what could not be done, a file each; empty when all was.
[[nodiscard]] std::vector<Error> put_settings(const WantedSettings& wanted, const std::filesystem::path& state);

/// Takes away what put_settings() put in place with this state folder. What stood there before comes back, unless
/// somebody has changed it since: then theirs stays.
/// Returns  as above.
[[nodiscard]] std::vector<Error> take_settings_away(const std::filesystem::path& state);

}  // namespace fairlead::agent::cover
