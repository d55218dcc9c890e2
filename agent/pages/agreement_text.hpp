#pragma once
// The agreement as people read it: its sentences, and the link to the whole text. Without I/O; usable from any thread.

#include "agent/pages/escape.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::pages {

[[nodiscard]] Html agreement_text(const rules::catalog::Agreement& agreement);

}  // namespace fairlead::agent::pages
