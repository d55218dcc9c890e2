#include "rules/match/patterns/pattern_index.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <unordered_set>

#include "rules/match/names/host_suffixes.hpp"
#include "rules/match/patterns/filter_match.hpp"
#include "rules/match/patterns/hidden_letters.hpp"
#include "rules/match/patterns/readings.hpp"
#include "rules/url/public_suffix.hpp"

namespace fairlead::rules::match {
namespace {

FilteredText filtered_text_of(const url::CanonicalUrl& url) {
  const auto host_begin = static_cast<std::size_t>(url.host().data() - url.href().data());
  return {url.href(), host_begin, host_begin + url.host().size()};
}

/// Looks for literals that lie across the places where texts are joined to one reading.
template <class Hit>
void scan_joins(const GramIndex& grams, std::string_view left, std::string_view middle, std::string_view right,
                Hit&& hit) {
  constexpr std::size_t kReach = sizeof(LiteralRecord::text) - 1;
  if (middle.size() > kReach) {  // too long for a literal to lie across both places
    scan_joins(grams, left, middle.substr(0, kReach), {}, hit);
    left = middle;
    middle = {};
  }
  left.remove_prefix(left.size() - std::min(left.size(), kReach));
  right = right.substr(0, kReach);
  std::array<char, 3 * kReach> joined;
  auto end = joined.begin();
  for (const std::string_view part : {left, middle, right}) end = std::copy(part.begin(), part.end(), end);
  grams.scan(std::string_view(joined.data(), static_cast<std::size_t>(end - joined.begin())), hit);
}

/// Numbers of patterns, each once. The first few dozen, which is all that a page address wakes, need no memory.
class Numbers {
 public:
  /// True the first time.
  bool add(std::uint32_t number) {
    if (holds(number)) return false;
    count_ < few_.size() ? void(few_[count_++] = number) : void(many_.insert(number));
    return true;
  }
  [[nodiscard]] bool holds(std::uint32_t number) const {
    const auto* const end = few_.data() + count_;
    return std::find(few_.data(), end, number) != end || (!many_.empty() && many_.contains(number));
  }

 private:
  std::array<std::uint32_t, 64> few_;
  std::size_t count_ = 0;
  std::unordered_set<std::uint32_t> many_;
};

/// Whether the type is one that a filter asks for. What is not known is no reason to block; it is one to excuse.
bool speaks_of_type(std::uint16_t types, Part part, const Context& context) {
  if (types == catalog::kEveryType) return true;
  return context.type ? (types & catalog::bit_of(*context.type)) != 0 : part == Part::allow;
}

/// Whether page and request belong to different registrable domains; asked for when a filter needs it, once.
class PartyOfRequest {
 public:
  PartyOfRequest(std::string_view host, std::string_view page) : host_(host), page_(page) {}
  [[nodiscard]] bool is_third() {
    if (!third_) third_ = differ();
    return *third_;
  }

 private:
  [[nodiscard]] bool differ() const {
    if (host_ == page_) return false;
    // A registrable domain has two labels at least, so that these settle most without the list of public suffixes.
    if (last_two_labels(host_) != last_two_labels(page_)) return true;
    return url::registrable_domain(host_) != url::registrable_domain(page_);
  }
  static std::string_view last_two_labels(std::string_view host) {
    const std::size_t last = host.rfind('.');
    if (last == std::string_view::npos || last == 0) return host;
    return host.substr(host.rfind('.', last - 1) + 1);  // without another dot: npos + 1 is 0
  }

  std::string_view host_, page_;
  std::optional<bool> third_;
};

}  // namespace

/// One URL, or one set of words, on its way through the index.
class PatternIndex::Round {
 public:
  Round(const PatternIndex& index, std::size_t budget, Outcome& outcome, const Readings& readings,
        const url::CanonicalUrl& url, const Context& context)
      : index_(index),
        outcome_(outcome),
        readings_(&readings),
        context_(context),
        party_(url.host(), context.page_host),
        address_(filtered_text_of(url)),
        budget_(budget + kBudgetAByte * url.href().size()) {}
  Round(const PatternIndex& index, std::size_t budget, Outcome& outcome, std::string_view words)
      : index_(index),
        outcome_(outcome),
        words_(words),
        party_({}, {}),
        budget_(budget + kBudgetAByte * words.size()) {}

  /// Tries a pattern of RE2, once a round; of a plain filter, whether it matches where its literal was found.
  /// begin   of the literal in the URL; npos: it may match anywhere.
  /// Returns whether to go on: false when the budget is spent.
  bool consider(std::uint32_t number, std::size_t begin, std::uint16_t in_filter) {
    if (!spend(kCostOfLook)) return false;
    const PatternRecord* pattern = index_.file_.at(index_.patterns_, number);
    if (pattern == nullptr) return true;
    if (pattern->re2.size == 0) {
      try_filter(number, *pattern, begin, in_filter);
    } else if (tried_.add(number)) {
      try_regex(number, *pattern);
    }
    return !outcome_.exhausted;
  }

  /// Not at the cost of the budget: they are few, and an address does not choose them.
  void consider_always() {
    const std::size_t budget = budget_;
    for (std::size_t i = 0; i < index_.always_.size(); ++i) {
      budget_ = std::numeric_limits<std::size_t>::max();
      const std::uint32_t* number = index_.file_.at(index_.always_, i);
      if (number != nullptr) consider(*number, std::string_view::npos, kVaries);
    }
    budget_ = budget;
  }

 private:
  [[nodiscard]] static Part part_of(const PatternRecord& pattern) { return static_cast<Part>(pattern.part); }

  void try_filter(std::uint32_t number, const PatternRecord& pattern, std::size_t begin, std::uint16_t in_filter) {
    const FilterRecord* filter = index_.filter_of(pattern);
    if (filter == nullptr || !speaks_of_type(filter->types, part_of(pattern), context_) || matched_.holds(number))
      return;
    std::size_t from = std::string_view::npos;
    if (begin != std::string_view::npos && in_filter != kVaries) {
      if (begin < in_filter) return;
      from = begin - in_filter;
    } else if (!spend(address_.href.size())) {
      return;
    }
    const std::size_t end = match_filter(index_.file_.text(pattern.filter_text), filter->anchors, address_, from);
    if (end == std::string_view::npos || !speaks_of_page(*filter, part_of(pattern)) || !spend(kCostOfMatch)) return;
    matched_.add(number);
    outcome_.found.push_back({&pattern, std::string(address_.href.substr(from, end - from))});
  }

  void try_regex(std::uint32_t number, const PatternRecord& pattern) {
    const FilterRecord* filter = index_.filter_of(pattern);
    if (filter != nullptr) {  // costs less than RE2, and the widest expressions are for few pages
      if (!speaks_of_type(filter->types, part_of(pattern), context_) || !speaks_of_page(*filter, part_of(pattern)))
        return;
    }
    if (!has_required(pattern)) return;
    const auto regex = index_.regexes_.get(index_.first_regex_ + number, index_.file_.text(pattern.re2),
                                           ignores_case(pattern, filter), pattern.regex_pages * kRegexPage);
    if (!regex) return cannot_judge(pattern);
    any_reading(pattern, [&](std::string_view text) {
      if (!spend(kCostOfTry + text.size())) return true;  // no other reading either
      if (!regex->matches(text)) return false;
      if (spend(kCostOfMatch)) outcome_.found.push_back({&pattern, std::string(regex->span(text))});
      return true;
    });
  }

  /// Whether all that every match must have may stand in a text that the pattern sees.
  [[nodiscard]] bool has_required(const PatternRecord& pattern) {
    if (pattern.required_size == 0) return true;
    const auto required = index_.file_.part(index_.required_, pattern.required_begin, pattern.required_size);
    return seen_by(pattern.subject).satisfy(required);
  }

  /// The grams of every text that a subject may be about, gathered when the first pattern asks.
  const SeenGrams& seen_by(Subject subject) {
    // Of a long text one set does: gathering costs as much as looking for literals.
    constexpr std::size_t kLong = 1024;
    const bool whole = subject == Subject::url || address_.href.size() > kLong;
    const std::size_t of = subject == Subject::host ? 0 : whole ? 1 : 2;
    SeenGrams& seen = seen_[of];
    if (seen.has_begun()) return seen;
    if (readings_ != nullptr) {
      readings_->gather(of == 1 ? Subject::url : subject, seen);
    } else {
      std::string buffer;
      seen.begin(words_.size());
      seen.add({show_letters(words_, buffer)});
    }
    return seen;
  }

  template <class Each>
  bool any_reading(const PatternRecord& pattern, Each&& each) const {
    if (readings_ == nullptr) return pattern.subject == Subject::words && each(words_);
    if (pattern.filter != kNone) return each(address_.href);
    return readings_->any(pattern.subject, part_of(pattern), each);
  }

  void cannot_judge(const PatternRecord& pattern) {
    if (part_of(pattern) != Part::block) return;
    if (outcome_.unclear.empty() || outcome_.unclear.back() != &pattern) outcome_.unclear.push_back(&pattern);
  }

  /// False when the budget does not hold as much: from then on nothing is tried.
  bool spend(std::size_t cost) {
    outcome_.exhausted = outcome_.exhausted || cost > budget_;
    if (!outcome_.exhausted) budget_ -= cost;
    return !outcome_.exhausted;
  }

  /// Whether party and page are those that the filter asks for. What is not known is no reason to block; it is one to
  /// excuse, unless the exception is for some pages only: those would open an address for all.
  [[nodiscard]] bool speaks_of_page(const FilterRecord& filter, Part part) {
    const bool unknown = part == Part::allow;
    const auto party = static_cast<catalog::Party>(filter.party);
    const bool asks_for_page = party != catalog::Party::any || filter.domains != 0 || filter.not_domains != 0;
    if (!asks_for_page) return true;
    if (context_.page_host.empty()) return filter.domains == 0 && (unknown || party == catalog::Party::any);
    if (party != catalog::Party::any && party_.is_third() != (party == catalog::Party::third)) return false;
    const std::size_t against = longest_of(filter.pages_begin + filter.domains, filter.not_domains);
    if (filter.domains == 0) return against == 0;
    return longest_of(filter.pages_begin, filter.domains) > against;
  }

  /// The size of the longest of pages[begin, begin + size) at or above the page that asks; 0 when there is none.
  [[nodiscard]] std::size_t longest_of(std::size_t begin, std::size_t size) {
    if (size == 0) return 0;
    if (!page_) {
      page_.emplace(context_.page_host, is_address(context_.page_host) ? url::HostKind::ipv4 : url::HostKind::name);
    }
    const auto pages = index_.file_.part(index_.pages_, begin, size);
    for (std::size_t i = 0; i < page_->size(); ++i) {
      const HostSuffix suffix = (*page_)[i];
      const auto hash = static_cast<std::uint32_t>(suffix.hash);
      auto page = std::lower_bound(pages.begin(), pages.end(), hash,
                                   [](const PageRecord& record, std::uint32_t wanted) { return record.hash < wanted; });
      for (; page != pages.end() && page->hash == hash; ++page) {
        if (index_.file_.text(page->host) == suffix.text) return suffix.text.size();  // never the hash alone
      }
    }
    return 0;
  }

  // In nanoseconds, about; a text that is read costs one a byte.
  static constexpr std::size_t kCostOfLook = 24, kCostOfTry = 100, kCostOfMatch = 500;

  const PatternIndex& index_;
  Outcome& outcome_;
  const Readings* readings_ = nullptr;  // null: words
  std::string_view words_;
  Context context_;
  PartyOfRequest party_;
  std::optional<HostSuffixes> page_;  // of the page that asks, when a filter names pages
  FilteredText address_;
  std::size_t budget_;
  Numbers tried_;    // of RE2
  Numbers matched_;  // plain filters
  std::array<SeenGrams, 3> seen_;
};

PatternIndex::PatternIndex(const FileView& file, Section base, RegexCache& regexes)
    : file_(file),
      regexes_(regexes),
      first_regex_(static_cast<std::uint32_t>(base) << 24U),
      patterns_(file.records<PatternRecord>(section_at(base, PatternSection::patterns))),
      filters_(file.records<FilterRecord>(section_at(base, PatternSection::filters))),
      pages_(file.records<PageRecord>(section_at(base, PatternSection::pages))),
      always_(file.records<std::uint32_t>(section_at(base, PatternSection::always))),
      required_(file.records<RequiredGram>(section_at(base, PatternSection::required))),
      grams_(file, base) {}

const FilterRecord* PatternIndex::filter_of(const PatternRecord& pattern) const {
  return pattern.filter == kNone ? nullptr : file_.at(filters_, pattern.filter);
}

void PatternIndex::match_url(const url::CanonicalUrl& url, const Context& context, std::size_t budget,
                             Outcome& outcome) const {
  if (patterns_.empty()) return;
  const Readings readings(url);
  Round round(*this, budget, outcome, readings, url, context);
  round.consider_always();
  const std::string_view href = url.href();
  const std::size_t path_begin = readings.front().size();
  const FilteredText address = filtered_text_of(url);
  const auto is_edge = [&](std::size_t at) {
    return at == path_begin || at == address.host_begin || at == address.host_end;
  };
  grams_.scan(href, [&](const LiteralRecord& literal, std::size_t begin) {
    const std::size_t end = begin + literal.size;
    // Most literals are for hosts and most text is not: look where the pattern looks.
    if (literal.subject == Subject::host && end > path_begin) return true;
    if ((literal.subject == Subject::path || literal.subject == Subject::query) && begin < path_begin) return true;
    // Behind scheme and authority stands another path in other readings; what stands in front of a query ends in '?'.
    const std::size_t until = end <= path_begin ? path_begin : href.size();
    if (!fits(literal.beside, href, begin, end, until, is_edge)) return true;
    if (!speaks_of_type(literal.types, static_cast<Part>(literal.part), context)) return true;
    return round.consider(literal.pattern, begin, literal.in_filter);
  });
  // Filters are written for addresses as they are sent; the other readings are for the patterns of category files. What
  // stands beside a literal may differ from one reading to the next, so that here it is not asked for.
  const auto wake = [&](const LiteralRecord& literal, std::size_t) {
    if (literal.subject == Subject::host || literal.of_filter != 0) return true;
    return round.consider(literal.pattern, std::string_view::npos, kVaries);
  };
  std::string buffer;
  if (readings.decoded_differs() && !outcome.exhausted) {
    const std::string_view words = show_letters(url.words(), buffer);
    grams_.scan(words, wake);
    scan_joins(grams_, readings.front(), words, {}, wake);
  }
  if (readings.origin_differs() && !outcome.exhausted) {
    const std::string_view path = show_letters(url.origin_path(), buffer);
    grams_.scan(path, wake);
    scan_joins(grams_, readings.front(), path, url.path_and_query().substr(url.path().size()), wake);
  }
}

void PatternIndex::match_words(std::string_view words, std::size_t budget, Outcome& outcome) const {
  if (patterns_.empty()) return;
  Round round(*this, budget, outcome, words);
  round.consider_always();
  std::string buffer;
  const std::string_view shown = show_letters(words, buffer);
  grams_.scan(shown, [&](const LiteralRecord& literal, std::size_t begin) {
    const auto no_edge = [](std::size_t) { return false; };
    if (!fits(literal.beside, shown, begin, begin + literal.size, shown.size(), no_edge)) return true;
    return round.consider(literal.pattern, std::string_view::npos, kVaries);
  });
}

}  // namespace fairlead::rules::match
