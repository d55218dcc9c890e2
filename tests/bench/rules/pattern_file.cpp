#include "tests/bench/rules/pattern_file.hpp"

#include <array>
#include <utility>

#include "rules/base/text.hpp"

namespace fairlead::bench {

using rules::catalog::PatternRule;
using rules::catalog::Where;

std::vector<PatternRule> read_patterns(const std::string& path) {
  constexpr std::array kWheres{Where::host, Where::path, Where::query, Where::url};
  std::vector<PatternRule> patterns;
  std::uint32_t number = 0;
  for (const std::string& line : read_lines(path)) {
    const std::size_t tab = line.find('\t');
    PatternRule rule;
    for (const Where where : kWheres) {
      if (to_string(where) == line.substr(0, tab)) rule.where = where;
    }
    rule.re2 = line.substr(tab + 1);
    rule.at = {0, ++number, 1};
    rule.id = "made-" + std::to_string(number);
    patterns.push_back(std::move(rule));
  }
  return patterns;
}

void add_patterns(Lists& lists, std::vector<PatternRule> patterns, const std::string& filters) {
  const auto file = static_cast<std::uint32_t>(lists.catalog.files.size());
  lists.catalog.files.push_back("content/expressions.yaml");
  for (PatternRule& rule : patterns) rule.at.file = file;
  rules::catalog::Category category;
  category.id = "expressions";
  category.block.patterns = std::move(patterns);
  lists.catalog.categories.push_back(std::move(category));
  add_list(lists, "filters", rules::catalog::ListFormat::adblock, filters);
}

std::string expression_of(const rules::catalog::Filter& filter) {
  std::string out;
  if (filter.at_begin) out += '^';
  if (filter.at_host_label) out += "^[a-z]+://([^/]*[.])?";
  std::string_view pattern = filter.pattern;
  if (!filter.at_end) pattern = pattern.substr(0, pattern.find_last_not_of('*') + 1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*') {
      out += ".*";
    } else if (c == '^') {  // a separator, or the end of the address
      out += i + 1 == pattern.size() ? "([^a-z0-9_.%-]|$)" : "[^a-z0-9_.%-]";
    } else if (text::is_alnum(c)) {
      out += c;
    } else {
      (out += '\\') += c;
    }
  }
  if (filter.at_end) out += '$';
  return out;
}

}  // namespace fairlead::bench
