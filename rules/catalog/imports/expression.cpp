#include "rules/catalog/imports/expression.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "rules/catalog/everyday.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::size_t kLongest = 4096;

/// Addresses that have little more in common than being addresses.
constexpr auto kDifferentUrls = std::to_array<std::string_view>({
    "https://www.bbc.co.uk/news/uk-england-essex-12345678",
    "http://q7.example/",
    "https://j-k.zz/a.b?c=d",
    "wss://mmm.vv/x",
    "https://fonts.gstatic.example/s/lato/v24/font.woff2",
});
constexpr auto kDifferentHosts = std::to_array<std::string_view>({"q7.example", "j-k.zz", "vv.mm"});

template <class Texts>
bool matches_all(const RE2& re2, const Texts& texts) {
  return std::all_of(texts.begin(), texts.end(), [&](std::string_view text) {
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), re2);
  });
}

}  // namespace

std::string to_re2(std::string_view expression) {
  std::string re2;
  re2.reserve(expression.size());
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const bool is_escape = expression[i] == '\\' && i + 1 < expression.size();
    if (!is_escape) {
      re2 += expression[i];
      continue;
    }
    const char c = expression[++i];
    re2 += '\\';
    re2 += c == '<' || c == '>' ? 'b' : c;
  }
  return re2;
}

std::optional<Skipped> check_re2(const std::string& re2, Where where) {
  if (re2.size() > kLongest) return Skipped::bad_pattern;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(false);
  const RE2 compiled(re2, options);
  if (!compiled.ok()) return Skipped::bad_pattern;
  const bool is_everything = where == Where::host
                                 ? matches_all(compiled, kEverydayHosts) && matches_all(compiled, kDifferentHosts)
                                 : matches_all(compiled, kDifferentUrls);
  if (is_everything) return Skipped::matches_everything;
  return std::nullopt;
}

}  // namespace fairlead::rules::catalog
