#pragma once
// The readings of one URL that patterns see. Each is judged; the decoded ones only where they differ.

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/match/match.hpp"
#include "rules/match/patterns/pattern_records.hpp"
#include "rules/match/patterns/required_grams.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::match {

/// Views into the URL, which must outlive this:
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
  /// The grams of every text that is given to any(); for path and query of both.
  void gather(Subject subject, SeenGrams& grams) const;

 private:
  [[nodiscard]] std::string behind_authority(std::string_view path, std::string_view query) const;

  const url::CanonicalUrl& url_;
  bool decoded_differs_ = false, origin_differs_ = false;
  std::size_t decoded_path_size_ = 0;
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
