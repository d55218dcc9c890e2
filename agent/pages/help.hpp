#pragma once
// Where help is: a category's signposts as a person should meet them. Pure; usable from any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/pages/escape.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::pages {

/// The signpost whose name and contact come from policy.yaml.
inline constexpr std::string_view kLeadSignpost = "safeguarding-lead";

/// One place to turn to. Empty fields are not shown.
struct Help {
  std::string name, person, phone, sms, email, url, note;
  bool advice = false;  // something to read, not somebody to turn to
};

/// The signposts of `category` in its order, those for the other audience left out. The safeguarding lead comes first
/// where listed; a lead without name and contact comes last, since nobody can be reached there at once.
[[nodiscard]] std::vector<Help> help_of(const rules::policy::Rules& rules, const rules::catalog::Category& category,
                                        std::uint16_t group);

/// Does help come before all else on the page? Where somebody has to look within the day, somebody may need it now.
[[nodiscard]] bool is_help_first(const rules::catalog::Category& category);

[[nodiscard]] bool is_advice_only(const std::vector<Help>& help);

/// The list as HTML; empty without entries.
[[nodiscard]] Html help_list(const std::vector<Help>& help);

}  // namespace fairlead::agent::pages
