#pragma once
// Expressions of other programs' lists (POSIX extended, JavaScript), held against RE2 and against the whole web. Inside
// this room only; pure; compiling costs tens of microseconds.

#include <optional>
#include <string>
#include <string_view>

#include "rules/catalog/imports/import.hpp"

namespace fairlead::rules::catalog {

/// The expression in RE2's syntax: GNU's word boundaries "\<" and "\>" become "\b".
[[nodiscard]] std::string to_re2(std::string_view expression);

/// Why the expression cannot be taken: RE2 refuses it (look-arounds, back-references), it is over 4 KiB, or it matches
/// every host (every address) that an ordinary day knows. Nothing when it can.
/// where  Where::host or Where::url.
[[nodiscard]] std::optional<Skipped> check_re2(const std::string& re2, Where where);

}  // namespace fairlead::rules::catalog
