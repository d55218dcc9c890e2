#pragma once
// Exceptions that stand in a file of their own, in the form that they have in policy.yaml: `exceptions` and nothing
// else. Each is read by itself, so that one mistake takes no other with it. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"
#include "rules/catalog/exception_edit.hpp"
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

/// An exception as it will be read where it is written.
/// Errors   Errc::bad_file: it cannot be written, as add_exception() says; it has no address, or no end, that can be
/// read.
[[nodiscard]] Result<FurtherException> as_read(const Catalog& catalog, const ExceptionText& exception);

/// Do both speak of the same address, and do the same there? Groups are compared apart, as they are written.
[[nodiscard]] bool is_about_the_same(const Exception& a, const Exception& b);
/// And do both have the same owner, reason and end?
[[nodiscard]] bool is_the_same(const Exception& a, const Exception& b);

}  // namespace fairlead::rules::catalog
