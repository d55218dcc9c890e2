#pragma once
// The immutable compiled ruleset: which rules speak about a URL, and how exactly. Not what follows from it: that is
// rules/policy. How it finds them is its own affair. Const after opening; usable from any number of threads.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/catalog/values.hpp"
#include "rules/match/context.hpp"
#include "rules/match/file/file_view.hpp"
#include "rules/match/match.hpp"
#include "rules/match/patterns/pattern_index.hpp"
#include "rules/match/search_engines.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::match {

class Ruleset {
 public:
  /// Opens a compiled ruleset (match/compile.hpp). Costs less than a millisecond, whatever its size.
  /// catalog  the categories it was compiled from, by id; outlives the ruleset.
  /// budget   what patterns may read for one URL, in bytes; smaller in tests only.
  /// Errors   Errc::bad_file: not a ruleset, damaged, of another version, or about categories that are not there.
  [[nodiscard]] static Result<std::unique_ptr<const Ruleset>> open(FileBytes file, const catalog::Catalog& catalog,
                                                                   std::size_t budget = PatternIndex::kDefaultBudget);

  /// The files that people edit, as they were when a ruleset was compiled. Nothing when the file is damaged.
  [[nodiscard]] static Result<catalog::Texts> edited_files(const FileBytes& file);

  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;
  ~Ruleset();

  /// Every rule that matches, each once; `matches` is cleared first.
  /// Cost     about a microsecond; no allocation when no rule matches and nothing was searched for.
  void classify(const url::CanonicalUrl& url, Matches& matches, const Context& context = {}) const;

  /// Where searches are recognised.
  [[nodiscard]] const SearchEngines& search_engines() const;

  /// Every host and path rule that names something below `host`, itself included.
  void each_below(std::string_view host, const std::function<void(const Rule&)>& each) const;
  /// Every host, and host and path, that a rule names, in the order of the stores, with a function that tells its
  /// rules. kind  host or path.
  using EachRule = std::function<void(const std::function<void(const Rule&)>&)>;
  void each_name(
      const std::function<void(RuleKind kind, std::string_view name, const EachRule& each_rule)>& each) const;
  /// The rules that name exactly this: a name as each_name() gives it.
  void each_rule_of(RuleKind kind, std::string_view name, const std::function<void(const Rule&)>& each) const;
  /// Every pattern and filter with its text.
  void each_pattern(const std::function<void(const Rule& rule, std::string_view text)>& each) const;
  /// Frees the programs of patterns that were used so far; they are made again when they are needed.
  void forget_programs() const;

  /// The content hash of the sources, as the compiler was told: 64 hex digits.
  [[nodiscard]] std::string name() const;
  /// Whether a part of the file was found to be not what was written. From then on nothing is cleared by it.
  [[nodiscard]] bool damaged() const;

  /// For reports: how many rules there are, and how many patterns no literal can wake.
  struct Size {
    std::size_t hosts = 0, paths = 0, hashed = 0, patterns = 0, searches = 0, always_tried = 0, asks_for_context = 0;
  };
  [[nodiscard]] Size size() const;
  /// How many lines of each list are in force, by list.
  struct ListSize {
    std::string id;
    std::uint64_t lines = 0;
  };
  [[nodiscard]] std::vector<ListSize> lists() const;
  /// The same of a file that need not be about the categories of today.
  [[nodiscard]] static std::vector<ListSize> lists_in(const FileView& file);

 private:
  struct Impl;
  explicit Ruleset(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::rules::match
