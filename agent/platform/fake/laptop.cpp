#include "agent/platform/fake/laptop.hpp"

namespace fairlead::agent::platform::fake {

Laptop& laptop() {
  static Laptop instance;
  return instance;
}

UserId owner_of(const std::filesystem::path& path) {
  const auto found = laptop().owners.find(path);
  return found == laptop().owners.end() ? laptop().own : found->second;
}

}  // namespace fairlead::agent::platform::fake
