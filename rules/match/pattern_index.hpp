#pragma once
// All patterns of a ruleset behind one filter: which of them match this URL, or these words. What the filter lets
// through, RE2 confirms. Built once; const and usable from any thread afterwards.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/gram_filter.hpp"
#include "rules/match/match.hpp"
#include "rules/match/pattern.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::match {

/// The readings of one URL that patterns see. Each is judged; the decoded ones only where they differ.
///  - canonical: host(), path(), query(), href();
///  - decoded: the two halves of words(), and words() behind scheme and authority;
///  - as a lenient origin reads the path: for block patterns only, since it must not open anything.
class Readings {
 public:
  explicit Readings(const url::CanonicalUrl& url);
  /// Calls `each(text)` for every reading of `subject` until it returns true; returns whether one did.
  template <class Function>
  bool any(Subject subject, Part part, Function&& each) const;

  /// Scheme and authority, which stand in front of every reading of the whole.
  [[nodiscard]] std::string_view front() const {
    return url_.href().substr(0, url_.href().size() - url_.path_and_query().size());
  }
  [[nodiscard]] bool decoded_differs() const { return decoded_differs_; }
  [[nodiscard]] bool origin_differs() const { return origin_differs_; }
  [[nodiscard]] std::string_view decoded_path() const { return url_.words().substr(0, decoded_path_size_); }
  [[nodiscard]] std::string_view decoded_query() const;

 private:
  [[nodiscard]] std::string behind_authority(std::string_view path, std::string_view query) const;

  const url::CanonicalUrl& url_;
  bool decoded_differs_ = false, origin_differs_ = false;
  std::size_t decoded_path_size_ = 0;
};

class PatternIndex {
 public:
  /// How many patterns a ruleset may hold.
  static constexpr std::size_t kMost = 8192;
  /// How many bytes all patterns together may read for one URL. A page address of 2 KiB that wakes 100 patterns needs a
  /// tenth of it; only an address made to exhaust us needs more.
  static constexpr std::size_t kDefaultBudget = 8 << 20;

  struct Found {
    std::uint32_t rule;
    std::string span;
  };
  struct Outcome {
    std::vector<Found> found;
    std::vector<std::uint32_t> unclear;  // block rules given up because the budget was spent
  };

  void add(Pattern pattern, Subject subject, Part part, std::uint32_t rule);
  void seal();
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Patterns that no literal can wake, tried on every URL.
  [[nodiscard]] std::size_t always_tried() const { return always_.size(); }

  void match_url(const url::CanonicalUrl& url, std::size_t budget, Outcome& outcome) const;
  /// words  folded (url::fold_words).
  void match_words(std::string_view words, std::size_t budget, Outcome& outcome) const;

 private:
  struct Entry {
    Pattern pattern;
    Subject subject;
    Part part;
    std::uint32_t rule;
  };
  template <class Texts>
  class Round;

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> always_;
  GramFilter url_filter_, words_filter_;
};

template <class Function>
bool Readings::any(Subject subject, Part part, Function&& each) const {
  const bool origin = origin_differs_ && part == Part::block;
  switch (subject) {
    case Subject::host:
      return each(url_.host());
    case Subject::path:
      return each(url_.path()) || (decoded_differs_ && each(decoded_path())) || (origin && each(url_.origin_path()));
    case Subject::query:
      return each(url_.query()) || (decoded_differs_ && each(decoded_query()));
    case Subject::url:
      return each(url_.href()) || (decoded_differs_ && each(behind_authority(url_.words(), {}))) ||
             (origin && each(behind_authority(url_.origin_path(), url_.query())));
    case Subject::words:
      break;  // not a reading of the URL: match_words()
  }
  return false;
}

}  // namespace fairlead::rules::match
