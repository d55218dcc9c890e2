#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <vector>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

constexpr std::size_t kMostText = std::size_t{1024} * 1024;  // a group may list thousands of members
constexpr int kMostGroups = 4096;

std::string group_name(gid_t group) {
  std::vector<char> text(4096);
  ::group entry{};
  ::group* found = nullptr;
  while (getgrgid_r(group, &entry, text.data(), text.size(), &found) == ERANGE && text.size() < kMostText) {
    text.resize(text.size() * 2);
  }
  return found == nullptr ? std::string() : found->gr_name;
}

}  // namespace

UserId own_account() { return UserId{geteuid()}; }

bool is_system_account(UserId user) {
  // Debian policy, 9.2.2: 1000-59999 are people; directories give theirs from above 65535.
  constexpr std::uint32_t kFirstPerson = 1000, kLastPerson = 59999, kLastSmall = 65535;
  const auto number = static_cast<std::uint32_t>(user);
  return number < kFirstPerson || (number > kLastPerson && number <= kLastSmall);
}

rules::policy::Person person_of(UserId user) {
  rules::policy::Person person;
  std::vector<char> text(4096);
  passwd entry{};
  passwd* found = nullptr;
  while (getpwuid_r(static_cast<uid_t>(user), &entry, text.data(), text.size(), &found) == ERANGE &&
         text.size() < kMostText) {
    text.resize(text.size() * 2);
  }
  if (found == nullptr) return person;
  person.name = found->pw_name;
  person.found = rules::policy::Found::socket_owner;

  std::vector<gid_t> groups(64);
  int count = static_cast<int>(groups.size());
  if (getgrouplist(found->pw_name, found->pw_gid, groups.data(), &count) < 0 && count <= kMostGroups) {
    groups.resize(static_cast<std::size_t>(count));
    if (getgrouplist(found->pw_name, found->pw_gid, groups.data(), &count) < 0) count = 0;
  }
  groups.resize(static_cast<std::size_t>(std::min<int>(count, static_cast<int>(groups.size()))));
  for (const gid_t group : groups) {
    if (std::string name = group_name(group); !name.empty()) person.os_groups.push_back(std::move(name));
  }
  return person;
}

}  // namespace fairlead::agent::platform
