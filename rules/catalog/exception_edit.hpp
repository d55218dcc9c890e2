#pragma once
// Adds, replaces and removes one exception in the text of a policy.yaml that a person keeps: every byte that does not
// belong to it stays, comments, layout and line ends included. The result is read again, and refused unless it says
// exactly what the old text said with that one exception more, other or less. Pure: text in, text out; any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

/// An exception as it is to be written. Whether its groups exist and its address can be read is found out when the
/// whole folder is loaded, not here.
struct ExceptionText {
  std::string url;
  std::vector<std::string> groups;
  Action action = Action::allow;
  std::string owner, reason;
  std::string expires;  // "2027-03-31"
};

/// Behind the last one of the list, in the list's own style; makes the list where there is none.
/// policy   the whole file, as it is on the disk.
/// Errors   Errc::bad_file: the file cannot be read as it is, is written in a way that is better changed by hand, or a
///          field is empty, too long or holds a line break; the context says which.
[[nodiscard]] Result<std::string> add_exception(std::string_view policy, const ExceptionText& exception);

/// number   of the exception in the list, as in PolicyFile::exceptions.
/// Errors   as above, and Errc::not_found.
[[nodiscard]] Result<std::string> replace_exception(std::string_view policy, std::size_t number,
                                                    const ExceptionText& exception);
[[nodiscard]] Result<std::string> remove_exception(std::string_view policy, std::size_t number);

}  // namespace fairlead::rules::catalog
