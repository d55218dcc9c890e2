#pragma once
// Exceptions that stand in a file of their own, in the form that they have in policy.yaml: `exceptions` and nothing
// else. Each is read by itself, so that one mistake takes no other with it. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

struct FurtherException {
  Exception read;                   // as far as it can be
  std::vector<std::string> groups;  // as they are written
  bool usable = false;              // it has no mistake, beside this catalog
};

struct FurtherExceptions {
  std::vector<FurtherException> all;  // as they stand
  std::vector<Problem> problems;      // in order of line
};

/// catalog  loaded without errors: its groups and its time zone are what the exceptions speak of.
/// name     as explanations shall call the file; its index in positions is the one behind the catalog's last file.
/// text     as it is on the disk; what is no YAML holds no exception, and the problems say so.
[[nodiscard]] FurtherExceptions read_further_exceptions(const Catalog& catalog, const std::string& name,
                                                        std::string_view text);

}  // namespace fairlead::rules::catalog
