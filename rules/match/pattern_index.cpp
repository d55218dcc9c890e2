#include "rules/match/pattern_index.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fairlead::rules::match {
namespace {

/// Two characters beyond ASCII fold to ASCII letters (KELVIN SIGN, LONG S), so that RE2 sees a letter where the filter
/// sees none. A text that holds one is given to every pattern.
bool blinds_filter(std::string_view text) {
  return text.find("\xE2\x84\xAA") != std::string_view::npos || text.find("\xC5\xBF") != std::string_view::npos;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

/// Where the path ends in the decoded text: before the first '?' that does not come from an escape in the path.
std::size_t size_of_decoded_path(const url::CanonicalUrl& url) {
  std::size_t at = url.words().find('?');
  for (std::size_t escaped = count(url.path(), "%3F"); escaped > 0 && at != std::string_view::npos; --escaped) {
    at = url.words().find('?', at + 1);
  }
  return std::min(at, url.words().size());
}

}  // namespace

Readings::Readings(const url::CanonicalUrl& url)
    : url_(url), origin_differs_(url.origin_path() != url.path()), decoded_path_size_(url.words().size()) {
  // Without an escape or a '+' the decoded text differs in case alone, and need not be judged again.
  decoded_differs_ = url.path_and_query().find_first_of("%+") != std::string_view::npos;
  if (decoded_differs_ && !url.query().empty()) decoded_path_size_ = size_of_decoded_path(url);
}

std::string_view Readings::decoded_query() const {
  if (decoded_path_size_ >= url_.words().size()) return {};
  return url_.words().substr(decoded_path_size_ + 1);
}

std::string Readings::behind_authority(std::string_view path, std::string_view query) const {
  std::string text(url_.href().substr(0, url_.href().size() - url_.path_and_query().size()));
  text += path;
  if (!query.empty()) text.append("?").append(query);
  return text;
}

/// One URL or one set of words on its way through the index.
class PatternIndex::Round {
 public:
  Round(const PatternIndex& index, std::size_t budget, Outcome& outcome)
      : index_(index), budget_(budget), outcome_(outcome) {}

  /// Tries one pattern, once a round. `any_reading(each)` offers the texts.
  template <class AnyReading>
  void consider(std::uint32_t number, AnyReading&& any_reading) {
    if (!first_time(number)) return;
    const Entry& entry = index_.entries_[number];
    bool unclear = false;
    any_reading(entry, [&](std::string_view text) {
      if (text.size() >= budget_) {
        unclear = true;
        return false;
      }
      budget_ -= text.size() + 1;
      if (!entry.pattern.matches(text)) return false;
      outcome_.found.push_back({entry.rule, std::string(entry.pattern.span(text))});
      unclear = false;
      return true;
    });
    if (unclear && entry.part == Part::block) outcome_.unclear.push_back(entry.rule);
  }

  template <class AnyReading>
  void consider_all(AnyReading&& any_reading) {
    for (std::uint32_t i = 0; i < index_.entries_.size(); ++i) consider(i, any_reading);
  }

 private:
  bool first_time(std::uint32_t number) {
    if (!touched_) {
      seen_.fill(0);
      touched_ = true;
    }
    std::uint64_t& word = seen_[number / 64];
    const std::uint64_t bit = std::uint64_t{1} << (number % 64);
    if ((word & bit) != 0) return false;
    word |= bit;
    return true;
  }

  const PatternIndex& index_;
  std::size_t budget_;
  Outcome& outcome_;
  bool touched_ = false;  // most URLs wake no pattern, so the bits are only cleared for the first
  std::array<std::uint64_t, kMost / 64> seen_;
};

void PatternIndex::add(Pattern pattern, Subject subject, Part part, std::uint32_t rule) {
  const auto number = static_cast<std::uint32_t>(entries_.size());
  GramFilter& filter = subject == Subject::words ? words_filter_ : url_filter_;
  for (const std::string& literal : pattern.triggers()) filter.add(literal, number);
  if (pattern.triggers().empty()) always_.push_back(number);
  entries_.push_back({std::move(pattern), subject, part, rule});
}

void PatternIndex::seal() {
  url_filter_.seal();
  words_filter_.seal();
  entries_.shrink_to_fit();
}

void PatternIndex::match_url(const url::CanonicalUrl& url, std::size_t budget, Outcome& outcome) const {
  const Readings readings(url);
  Round round(*this, budget, outcome);
  const auto readings_of = [&](const Entry& entry, auto&& each) { readings.any(entry.subject, entry.part, each); };

  for (const std::uint32_t number : always_) {
    if (entries_[number].subject != Subject::words) round.consider(number, readings_of);
  }
  const std::size_t path_begin = url.href().size() - url.path_and_query().size();
  url_filter_.scan(url.href(), [&](std::uint32_t number, std::size_t begin, std::size_t size) {
    // Most literals are for hosts and most text is not: look where the pattern looks.
    const Subject subject = entries_[number].subject;
    if (subject == Subject::host && begin + size > path_begin) return;
    if ((subject == Subject::path || subject == Subject::query) && begin < path_begin) return;
    round.consider(number, readings_of);
  });
  const auto wake = [&](std::uint32_t number, std::size_t, std::size_t) {
    if (entries_[number].subject != Subject::host) round.consider(number, readings_of);
  };
  if (readings.decoded_differs()) {
    if (blinds_filter(url.words())) return round.consider_all(readings_of);
    url_filter_.scan(url.words(), wake);
  }
  if (readings.origin_differs()) {
    if (blinds_filter(url.origin_path())) return round.consider_all(readings_of);
    url_filter_.scan(url.origin_path(), wake);
  }
}

void PatternIndex::match_words(std::string_view words, std::size_t budget, Outcome& outcome) const {
  Round round(*this, budget, outcome);
  const auto only_words = [&](const Entry& entry, auto&& each) {
    if (entry.subject == Subject::words) each(words);
  };
  if (blinds_filter(words)) return round.consider_all(only_words);
  for (const std::uint32_t number : always_) round.consider(number, only_words);
  words_filter_.scan(words,
                     [&](std::uint32_t number, std::size_t, std::size_t) { round.consider(number, only_words); });
}

}  // namespace fairlead::rules::match
