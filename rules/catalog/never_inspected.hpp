#pragma once
// Hosts whose TLS is never opened, whatever policy.yaml says: where people bank, are treated, deal with the state, sign
// in, or talk to somebody in confidence. A short table; protected services (protected.yaml) come on top.

#include <string_view>

namespace fairlead::rules::catalog {

/// host     canonical.
/// Returns  what the host, or a parent of it, is: "a bank"; empty when it is none of these.
[[nodiscard]] std::string_view never_inspected(std::string_view host);

}  // namespace fairlead::rules::catalog
