#pragma once
// Signing in and out. Blocks for the password check.

#include <span>
#include <string>

#include "agent/console/routes.hpp"

namespace fairlead::agent::console {

inline constexpr std::string_view kSignInPath = "/sign-in";

/// The sign-in page that leads back to what was asked for.
[[nodiscard]] std::string sign_in_address(const Request& request);

/// GET and POST /sign-in, POST /sign-out.
[[nodiscard]] std::span<const Route> sign_in_routes();

}  // namespace fairlead::agent::console
