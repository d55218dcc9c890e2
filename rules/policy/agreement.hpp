#pragma once
// What a person agrees to, by name. Pure; any thread.

#include <string>

#include "rules/catalog/values.hpp"

namespace fairlead::rules::policy {

/// "2022-05 3f9c01ab": the version of the policy, and eight digits of the agreement's text and link. Another version,
/// sentence or link is another agreement, and is asked anew.
[[nodiscard]] std::string agreement_id(const catalog::PolicyFile& policy);

}  // namespace fairlead::rules::policy
