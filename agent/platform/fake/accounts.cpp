// Accounts, and whom this process runs as: the table of the laptop in memory.

#include <algorithm>

#include "agent/platform/apart.hpp"
#include "agent/platform/fake/laptop.hpp"
#include "agent/platform/firewall.hpp"

namespace fairlead::agent::platform {

UserId own_account() { return fake::laptop().own; }

bool is_administrator() { return own_account() == fake::kAdministrator; }

bool is_system_account(UserId user) { return user < UserId{1000}; }

rules::policy::Person person_of(UserId user) {
  const auto& accounts = fake::laptop().accounts;
  const auto found =
      std::find_if(accounts.begin(), accounts.end(), [&](const auto& one) { return one.number == user; });
  if (found == accounts.end()) return {};
  return {found->name, found->groups, rules::policy::Found::socket_owner};
}

std::optional<UserId> account_named(const std::string& name) {
  for (const fake::Account& account : fake::laptop().accounts) {
    if (account.name == name) return account.number;
  }
  return std::nullopt;
}

Result<void> act_as_owner_of(const std::filesystem::path& folder) {
  std::error_code code;
  if (is_administrator() && std::filesystem::exists(folder, code)) fake::laptop().own = fake::owner_of(folder);
  return {};
}

/// C++ knows one process, and no account that a part of it could become.
Result<std::string> run_apart(UserId, std::chrono::seconds, const std::function<std::string()>&) {
  return fail(Errc::denied, Side::local, "this system runs nothing as another account");
}

}  // namespace fairlead::agent::platform
