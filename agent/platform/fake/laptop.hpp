#pragma once
// The laptop that this back-end stands for: it is in memory, and a test fills it before what it tries begins. As it
// comes it has no accounts, belongs to account 1000, which is no administrator, and has a firewall without rules. One
// thread.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform::fake {

inline constexpr UserId kAdministrator{0};

struct Account {
  UserId number{};
  std::string name;
  std::vector<std::string> groups;
};

struct Laptop {
  UserId own{1000};  // whom this process runs as
  std::vector<Account> accounts;
  std::map<std::filesystem::path, UserId> owners;  // of files and folders; what is not named belongs to `own`
  std::optional<std::string> firewall;             // the rules in force
};

/// The one of this process: like an operating system it is there for whoever asks.
[[nodiscard]] Laptop& laptop();

/// Whom a file or folder belongs to.
[[nodiscard]] UserId owner_of(const std::filesystem::path& path);

}  // namespace fairlead::agent::platform::fake
