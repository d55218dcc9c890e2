#include "rules/match/patterns/optional_parts.hpp"

#include <vector>

#include "rules/base/text.hpp"

namespace fairlead::rules::match {
namespace {

/// The escapes that stand for one character, or one place, with nothing behind them.
bool is_simple_escape(char c) {
  return !text::is_alnum(c) || std::string_view("bBdDsSwWnrt").find(c) != std::string_view::npos;
}

/// Where a class that begins at `begin` ends, behind its ']'. npos: it holds what this does not read.
std::size_t end_of_class(std::string_view re2, std::size_t begin) {
  std::size_t at = begin + 1;
  if (at < re2.size() && re2[at] == '^') ++at;
  for (bool first = true; at < re2.size(); first = false) {
    if (re2[at] == ']' && !first) return at + 1;
    if (re2[at] == '[') return std::string_view::npos;  // perhaps [:alpha:]
    if (re2[at] == '\\' && (at + 1 == re2.size() || !is_simple_escape(re2[at + 1]))) return std::string_view::npos;
    at += re2[at] == '\\' ? 2 : 1;
  }
  return std::string_view::npos;
}

}  // namespace

std::string spell_out_optional(std::string_view re2) {
  std::string out;
  std::vector<std::size_t> groups;  // where those that are open begin in `out`
  for (std::size_t at = 0; at < re2.size();) {
    const char c = re2[at];
    std::size_t begin = out.size();  // of what a '?' behind it would be about
    bool may_be_optional = text::is_alnum(c) || c == '-';
    std::size_t size = 1;
    if (c == '\\') {
      if (at + 1 == re2.size() || !is_simple_escape(re2[at + 1])) return std::string(re2);
      size = 2;
    } else if (c == '[') {
      const std::size_t end = end_of_class(re2, at);
      if (end == std::string_view::npos) return std::string(re2);
      size = end - at;
      may_be_optional = true;
    } else if (c == '(') {
      groups.push_back(out.size());
      if (at + 1 < re2.size() && re2[at + 1] == '?') size = 2;  // "(?:", and others that begin so
    } else if (c == ')') {
      if (groups.empty()) return std::string(re2);
      begin = groups.back();
      groups.pop_back();
      may_be_optional = true;
    }
    out += re2.substr(at, size);
    at += size;
    const bool optional = at < re2.size() && re2[at] == '?';
    if (!may_be_optional || !optional || (at + 1 < re2.size() && re2[at + 1] == '?')) continue;
    out.insert(begin, "(?:");
    out += "|)";
    ++at;
  }
  return out;
}

}  // namespace fairlead::rules::match
