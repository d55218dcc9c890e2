#pragma once
// Two characters beyond ASCII fold to ASCII letters (KELVIN SIGN to k, LONG S to s), so that RE2 sees a letter where
// the index, which reads bytes, sees none. Pure.

#include <string>
#include <string_view>

namespace fairlead::rules::match {

/// The text for the index to read: `text` itself, or with such characters a copy in `buffer` that has the letters.
[[nodiscard]] std::string_view show_letters(std::string_view text, std::string& buffer);

}  // namespace fairlead::rules::match
