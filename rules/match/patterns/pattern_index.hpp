#pragma once
// All patterns of a ruleset behind one filter: which of them match this URL, or these words. What the filter lets
// through, RE2 or the plain matcher confirms. Read in place; any thread.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/context.hpp"
#include "rules/match/file/file_view.hpp"
#include "rules/match/match.hpp"
#include "rules/match/patterns/gram_index.hpp"
#include "rules/match/patterns/pattern_records.hpp"
#include "rules/match/patterns/regex_cache.hpp"
#include "rules/match/patterns/required_grams.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::match {

class PatternIndex {
 public:
  /// What all patterns together may cost for one URL: about a nanosecond each, once their programs are there; and what
  /// is added for each byte of it. Of 127,372 addresses none comes to the limit with ten thousand patterns, two do with
  /// a hundred thousand (tests/bench/rules, rows 3 and 4: "unclear").
  static constexpr std::size_t kDefaultBudget = 128 << 10;
  static constexpr std::size_t kBudgetAByte = 16;

  struct Found {
    const PatternRecord* pattern;
    std::string span;
  };
  struct Outcome {
    std::vector<Found> found;
    std::vector<const PatternRecord*> unclear;  // block patterns that could not be judged
    bool exhausted = false;                     // the budget is spent: none that is not in `found` was judged
  };

  /// base    Section::url_patterns or word_patterns of `file`, which must outlive this, as must `regexes`.
  PatternIndex(const FileView& file, Section base, RegexCache& regexes);

  [[nodiscard]] bool empty() const { return patterns_.empty(); }
  void match_url(const url::CanonicalUrl& url, const Context& context, std::size_t budget, Outcome& outcome) const;
  /// words  folded (url::fold_words).
  void match_words(std::string_view words, std::size_t budget, Outcome& outcome) const;
  /// The options of an Adblock filter; null for other patterns.
  [[nodiscard]] const FilterRecord* filter_of(const PatternRecord& pattern) const;

 private:
  class Round;

  const FileView& file_;
  RegexCache& regexes_;
  std::uint32_t first_regex_;  // where the numbers of this index begin in the cache
  std::span<const PatternRecord> patterns_;
  std::span<const FilterRecord> filters_;
  std::span<const PageRecord> pages_;
  std::span<const std::uint32_t> always_;
  std::span<const RequiredGram> required_;
  GramIndex grams_;
};

}  // namespace fairlead::rules::match
