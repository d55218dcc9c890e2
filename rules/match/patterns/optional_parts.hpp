#pragma once
// RE2 finds no literal across an optional part: of "spy-?app" it knows "spy" and "app", of "spy(-|)app" both words
// whole. Pure.

#include <string>
#include <string_view>

namespace fairlead::rules::match {

/// The same language with each "x?" written as "(?:x|)", for x a letter, digit or hyphen, a class or a group. A pattern
/// with escapes that this does not read comes back as it is.
/// re2  a pattern that RE2 takes.
[[nodiscard]] std::string spell_out_optional(std::string_view re2);

}  // namespace fairlead::rules::match
