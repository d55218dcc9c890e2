#include "rules/match/pattern_index.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace fairlead::rules::match {
namespace {

/// Two characters beyond ASCII fold to ASCII letters (KELVIN SIGN, LONG S), so that RE2 sees a letter where the filter
/// sees none. A text that holds one is given to every pattern.
bool blinds_filter(std::string_view text) {
  return text.find("\xE2\x84\xAA") != std::string_view::npos || text.find("\xC5\xBF") != std::string_view::npos;
}

/// Looks for literals that lie across the places where texts are joined to one reading.
template <class Hit>
void scan_joins(const GramFilter& filter, std::string_view left, std::string_view middle, std::string_view right,
                Hit&& hit) {
  constexpr std::size_t kReach = GramFilter::kLongest - 1;
  if (middle.size() > kReach) {  // too long for a literal to lie across both places
    scan_joins(filter, left, middle.substr(0, kReach), {}, hit);
    left = middle;
    middle = {};
  }
  left.remove_prefix(left.size() - std::min(left.size(), kReach));
  right = right.substr(0, kReach);
  std::array<char, 3 * kReach> joined;
  auto end = joined.begin();
  for (const std::string_view part : {left, middle, right}) end = std::copy(part.begin(), part.end(), end);
  filter.scan(std::string_view(joined.data(), static_cast<std::size_t>(end - joined.begin())), hit);
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
  std::string text(front());
  text += path;
  if (!query.empty()) text.append("?").append(query);
  return text;
}

/// One URL or one set of words on its way through the index. `Texts` offers the readings of a subject to a function,
/// until it returns true.
template <class Texts>
class PatternIndex::Round {
 public:
  Round(const PatternIndex& index, std::size_t budget, Outcome& outcome, const Texts& texts)
      : index_(index), texts_(texts), budget_(budget), outcome_(outcome) {}

  /// Tries one pattern, once a round.
  void consider(std::uint32_t number) {
    if (!first_time(number)) return;
    const Entry& entry = index_.entries_[number];
    bool unclear = false;
    const bool found = texts_(entry.subject, entry.part, [&](std::string_view text) {
      const std::optional<bool> matches = try_on(entry.pattern, text);
      unclear = unclear || !matches;
      if (!matches.value_or(false)) return false;
      outcome_.found.push_back({entry.rule, std::string(entry.pattern.span(text))});
      return true;
    });
    if (unclear && !found && entry.part == Part::block) outcome_.unclear.push_back(entry.rule);
  }

  void consider_all() {
    for (std::uint32_t i = 0; i < index_.entries_.size(); ++i) consider(i);
  }

 private:
  /// Nothing when the budget is spent.
  std::optional<bool> try_on(const Pattern& pattern, std::string_view text) {
    if (text.size() >= budget_) return std::nullopt;
    budget_ -= text.size() + 1;
    return pattern.matches(text);
  }

  bool first_time(std::uint32_t number) {
    if (!touched_) {
      std::fill_n(seen_.begin(), index_.entries_.size() / 64 + 1, 0);
      touched_ = true;
    }
    std::uint64_t& word = seen_[number / 64];
    const std::uint64_t bit = std::uint64_t{1} << (number % 64);
    if ((word & bit) != 0) return false;
    word |= bit;
    return true;
  }

  const PatternIndex& index_;
  const Texts& texts_;
  std::size_t budget_;
  Outcome& outcome_;
  bool touched_ = false;  // many URLs wake no pattern: the bits are cleared for the first, and no more than there are
  std::array<std::uint64_t, kMost / 64 + 1> seen_;
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
  const auto texts = [&](Subject subject, Part part, auto&& each) { return readings.any(subject, part, each); };
  Round round(*this, budget, outcome, texts);

  for (const std::uint32_t number : always_) {
    if (entries_[number].subject != Subject::words) round.consider(number);
  }
  const std::size_t path_begin = readings.front().size();
  url_filter_.scan(url.href(), [&](std::uint32_t number, std::size_t begin, std::size_t size) {
    // Most literals are for hosts and most text is not: look where the pattern looks.
    const Subject subject = entries_[number].subject;
    if (subject == Subject::host && begin + size > path_begin) return;
    if ((subject == Subject::path || subject == Subject::query) && begin < path_begin) return;
    round.consider(number);
  });
  const auto wake = [&](std::uint32_t number, std::size_t, std::size_t) {
    if (entries_[number].subject != Subject::host) round.consider(number);
  };
  if (readings.decoded_differs()) {
    if (blinds_filter(url.words())) return round.consider_all();
    url_filter_.scan(url.words(), wake);
    scan_joins(url_filter_, readings.front(), url.words(), {}, wake);
  }
  if (readings.origin_differs()) {
    if (blinds_filter(url.origin_path())) return round.consider_all();
    url_filter_.scan(url.origin_path(), wake);
    scan_joins(url_filter_, readings.front(), url.origin_path(), url.path_and_query().substr(url.path().size()), wake);
  }
}

void PatternIndex::match_words(std::string_view words, std::size_t budget, Outcome& outcome) const {
  const auto texts = [&](Subject subject, Part, auto&& each) { return subject == Subject::words && each(words); };
  Round round(*this, budget, outcome, texts);
  if (blinds_filter(words)) return round.consider_all();
  for (const std::uint32_t number : always_) {
    if (entries_[number].subject == Subject::words) round.consider(number);
  }
  words_filter_.scan(words, [&](std::uint32_t number, std::size_t, std::size_t) { round.consider(number); });
}

}  // namespace fairlead::rules::match
