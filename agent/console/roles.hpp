#pragma once
// Who may open a page. Plain values; usable from any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fairlead::agent::console {

/// learner: nobody signed in; the person is who the operating system says is on the other end.
enum class Role : std::uint8_t { learner, viewer, it, lead };
inline constexpr std::array kRoles = {Role::learner, Role::viewer, Role::it, Role::lead};

[[nodiscard]] std::string_view to_string(Role role);
/// The roles that an account can have: "lead", "it", "viewer".
[[nodiscard]] std::optional<Role> account_role(std::string_view text);

/// A set of roles.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(Role role) : bits_(bit(role)) {}  // NOLINT(google-explicit-constructor): one role is a set
  [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
  friend constexpr Roles operator|(Roles a, Roles b) {
    Roles both;
    both.bits_ = static_cast<std::uint8_t>(a.bits_ | b.bits_);
    return both;
  }

 private:
  static constexpr std::uint8_t bit(Role role) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role)); }
  std::uint8_t bits_ = 0;
};
constexpr Roles operator|(Role a, Role b) { return Roles(a) | Roles(b); }

inline constexpr Roles kSignedIn = Role::viewer | Role::it | Role::lead;
inline constexpr Roles kEverybody = kSignedIn | Role::learner;

}  // namespace fairlead::agent::console
