#pragma once
// What a ruleset says about one URL: rules that match, how exactly, and what could not be settled. Plain values; the
// views in a Rule point into the ruleset, which outlives every Matches.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::rules::match {

enum class RuleKind : std::uint8_t { hashed_host, path, host, parent_host, pattern, search, none };
[[nodiscard]] std::string_view to_string(RuleKind kind);

/// Under which key of a category file a rule stands.
enum class Part : std::uint8_t { block, allow };

/// Who wrote a rule: the organisation in a category file, or others in a list; `filter_list` is one in Adblock syntax.
enum class Origin : std::uint8_t { category_file, list, filter_list };

/// A rule as it is written in a category file or in a list.
struct Rule {
  Part part = Part::block;
  RuleKind kind = RuleKind::none;  // as written: a host rule is `host`, though it may match as `parent_host`
  std::uint16_t category = 0;      // index into Catalog::categories
  std::string name;                // pattern id, host, "host/path", the filter, or the hash
  std::string_view pattern;        // RE2 text, or empty
  std::string_view because;
  std::string_view file;               // "conduct/gambling.yaml", or "ut1-gambling/domains"
  std::uint32_t line = 0, column = 0;  // column 0: a list
  Origin origin = Origin::category_file;
  std::uint64_t number = 0;  // the same for one rule only
};

/// How exactly a rule names the URL: path > host > parent host > pattern; then the longer host, then the longer path.
struct Exactness {
  std::uint8_t kind = 0;
  std::uint16_t host_size = 0, path_size = 0;
  friend constexpr auto operator<=>(const Exactness&, const Exactness&) = default;
};

[[nodiscard]] constexpr Exactness exactness_of_pattern() { return {}; }
[[nodiscard]] constexpr Exactness exactness_of_host(std::string_view rule_host, bool whole_host) {
  return {static_cast<std::uint8_t>(whole_host ? 2 : 1), static_cast<std::uint16_t>(rule_host.size()), 0};
}
[[nodiscard]] constexpr Exactness exactness_of_path(std::string_view rule_host, std::string_view rule_path) {
  return {3, static_cast<std::uint16_t>(rule_host.size()), static_cast<std::uint16_t>(rule_path.size())};
}

struct Match {
  Rule rule;
  RuleKind kind = RuleKind::none;  // as it matched
  Exactness exactness;
  std::string span;   // the text that matched
  std::string words;  // for a search: all that was typed, folded
};

/// Reused by the caller, or made anew for each URL: empty, it holds no memory.
struct Matches {
  std::vector<Match> found;
  std::vector<std::uint16_t> unclear;  // categories with a rule that could not be judged: a limit was reached, or the
                                       // file is damaged; sorted, each once
  void clear() {
    found.clear();
    unclear.clear();
  }
};

}  // namespace fairlead::rules::match
