#pragma once
// Holds a compiled ruleset against the lists it was made from: each line that an import takes must be found again, with
// its own list and line; and every byte must be what was written. Reads every list again; blocking, seconds for
// millions of lines.

#include <cstdint>
#include <string>
#include <vector>

#include "rules/catalog/values.hpp"
#include "rules/match/compile.hpp"
#include "rules/match/file/file_view.hpp"

namespace fairlead::rules::match {

struct Proof {
  std::uint64_t found = 0;         // lines that stand in the ruleset as they are
  std::uint64_t folded = 0;        // lines that another line of the same list, or a name above, says as well
  std::uint64_t missing = 0;       // lines that are lost: the ruleset must not come into force
  std::vector<std::string> first;  // "ut1-gambling/domains:17: casino.example", the first few that are missing
};

/// lists    as they were given to the compiler. A list that cannot be read counts as one missing line.
/// reports  what the compiler said of them: the lines it refused are not looked for.
[[nodiscard]] Proof prove(const FileView& file, const catalog::Catalog& catalog, const std::vector<ListInput>& lists,
                          const std::vector<ListReport>& reports);

}  // namespace fairlead::rules::match
