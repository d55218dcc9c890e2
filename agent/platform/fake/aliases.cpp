#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::platform {

/// The DNS cannot be asked: the canonical name is all that is known.
Result<std::vector<std::string>> aliases_of(const std::string& host, const std::string& canonical_name, bool) {
  std::vector<std::string> names;
  if (!canonical_name.empty() && !text::equals_ignoring_case(canonical_name, host)) names.push_back(canonical_name);
  return names;
}

}  // namespace fairlead::agent::platform
