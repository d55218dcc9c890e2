#pragma once
// A folder for one test, with C++'s own means: no other test, and no other run, has it. Whoever asks for it removes it.

#include <filesystem>
#include <random>
#include <string>

namespace fairlead {

inline std::filesystem::path new_folder(const std::string& name) {
  std::random_device random;
  for (;;) {
    const auto folder =
        std::filesystem::temp_directory_path() / (name + "-" + std::to_string(random()) + std::to_string(random()));
    if (std::filesystem::create_directories(folder)) return folder;
  }
}

}  // namespace fairlead
