#pragma once
// How often a literal turns up in a web address, roughly. Only an order: it says which of several sufficient literals
// is the cheapest to look for, and never decides about a URL. Pure.

#include <string_view>

namespace fairlead::rules::match {

/// Expected occurrences of `literal` (lower case) in one address: "http" about 1, "casino" about one in a hundred
/// thousand.
[[nodiscard]] double share_of_literal(std::string_view literal);

}  // namespace fairlead::rules::match
