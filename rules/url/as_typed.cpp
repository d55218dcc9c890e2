#include "rules/url/as_typed.hpp"

#include <algorithm>
#include <array>

#include "rules/base/text.hpp"

namespace fairlead::rules::url {
namespace {

bool names_a_scheme(std::string_view typed) {
  // "scheme state": letters, digits, '+', '-' and '.' up to the first ':'. A host before a port looks the same.
  const std::string_view before = typed.substr(0, typed.find(':'));
  if (before.size() == typed.size() || before.find_first_of("/\\?#@[") != std::string_view::npos) return false;
  if (typed.substr(before.size()).starts_with("://")) return true;
  constexpr std::array<std::string_view, 4> kSpecial = {"https", "http", "wss", "ws"};
  return std::any_of(kSpecial.begin(), kSpecial.end(),
                     [&](std::string_view scheme) { return text::equals_ignoring_case(before, scheme); });
}

}  // namespace

std::string with_scheme(std::string_view typed) {
  return names_a_scheme(text::trim(typed)) ? std::string(typed) : "https://" + std::string(typed);
}

}  // namespace fairlead::rules::url
