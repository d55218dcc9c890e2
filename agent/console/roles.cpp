#include "agent/console/roles.hpp"

namespace fairlead::agent::console {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::learner:
      return "learner";
    case Role::viewer:
      return "viewer";
    case Role::it:
      return "it";
    case Role::lead:
      return "lead";
  }
  return {};
}

std::optional<Role> account_role(std::string_view text) {
  for (const Role role : {Role::viewer, Role::it, Role::lead}) {
    if (text == to_string(role)) return role;
  }
  return std::nullopt;
}

}  // namespace fairlead::agent::console
