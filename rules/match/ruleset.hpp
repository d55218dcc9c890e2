#pragma once
// The immutable compiled ruleset: which rules speak about a URL, and how exactly. Not what follows from it: that is
// rules/policy. How it finds them is its own affair. Const after build; usable from any number of threads.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/catalog/values.hpp"
#include "rules/match/match.hpp"
#include "rules/match/pattern_index.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::match {

class Ruleset {
 public:
  /// Compiles every rule of every category. Each pattern that is refused is named in `problems` by file, line and
  /// column; the result is null when there is one. `catalog` must outlive the ruleset, unchanged. budget  what patterns
  /// may read for one URL, in bytes; smaller in tests only.
  [[nodiscard]] static std::unique_ptr<const Ruleset> build(const catalog::Catalog& catalog,
                                                            std::vector<catalog::Problem>& problems,
                                                            std::size_t budget = PatternIndex::kDefaultBudget);

  /// The rules of one category alone; null when build() would refuse one of them.
  [[nodiscard]] static std::unique_ptr<const Ruleset> build_alone(const catalog::Catalog& catalog,
                                                                  std::uint16_t category);

  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;
  ~Ruleset();

  /// Every rule that matches, each once; `matches` is cleared first.
  /// Cost     about a microsecond; no allocation when no rule matches and nothing was searched for.
  void classify(const url::CanonicalUrl& url, Matches& matches) const;

  /// For the load report: how many patterns there are, and how many no literal can wake.
  struct Size {
    std::size_t hosts = 0, paths = 0, patterns = 0, searches = 0, always_tried = 0;
  };
  [[nodiscard]] Size size() const;

 private:
  struct Impl;
  explicit Ruleset(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::rules::match
