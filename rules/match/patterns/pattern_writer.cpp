#include "rules/match/patterns/pattern_writer.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>

#include "rules/match/names/name_hash.hpp"
#include "rules/match/patterns/expression_reader.hpp"
#include "rules/match/patterns/gram.hpp"
#include "rules/match/patterns/gram_index.hpp"
#include "rules/match/patterns/regex.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kWindow = sizeof(LiteralRecord::text);
constexpr std::size_t kBitsOfWhole = 16, kBitsOfKey = 16;  // of the bit maps, for each gram

/// Eight bytes or less of a literal around its gram.
LiteralRecord record_of(std::string_view literal, std::size_t gram_begin, std::uint32_t pattern) {
  const std::size_t begin = std::min(gram_begin, literal.size() - std::min(literal.size(), kWindow));
  const std::string_view window = literal.substr(begin, kWindow);
  LiteralRecord record{};
  for (std::size_t i = 0; i < window.size(); ++i) {
    const char lower = text::to_lower(window[i]);
    record.text |= std::uint64_t{static_cast<unsigned char>(lower)} << (8 * i);
    if (text::is_alpha(lower)) record.case_bits |= std::uint64_t{0x20} << (8 * i);
  }
  record.pattern = pattern;
  record.size = static_cast<std::uint8_t>(window.size());
  record.gram_begin = static_cast<std::uint8_t>(gram_begin - begin);
  return record;
}

std::string text_of(const LiteralRecord& literal) {
  std::string text;
  for (std::size_t i = 0; i < literal.size; ++i) text += static_cast<char>(literal.text >> (8 * i));
  return text;
}

/// What may stand beside text[begin, end) of a plain filter.
Neighbours beside_in_filter(std::string_view text, std::size_t begin, std::size_t end, std::uint8_t anchors) {
  const auto kinds_of = [](char c) { return c == '^' ? kind_of('/') | kEdge | kRest : kind_of(c); };
  Neighbours beside;
  std::size_t i = 0;
  auto& before = beside.before.at;
  for (; i < kReach && i < begin && text[begin - 1 - i] != '*'; ++i) before[i] = kinds_of(text[begin - 1 - i]);
  if (i < kReach && i == begin) {
    if ((anchors & kAtHostLabel) != 0) before[i] = kind_of('/') | kind_of('.');
    if ((anchors & kAtBegin) != 0) before[i] = kEdge;
  }
  auto& behind = beside.behind.at;
  for (i = 0; i < kReach && end + i < text.size() && text[end + i] != '*'; ++i) behind[i] = kinds_of(text[end + i]);
  if (i < kReach && end + i == text.size() && (anchors & kAtEnd) != 0) behind[i] = kEdge;
  beside.behind.last = kEdge;  // '^' may stand for the end, and then nothing follows
  return beside;
}

}  // namespace

tl::expected<void, std::string> PatternWriter::add_regex(std::string_view re2, Subject subject, Part part, Posting at) {
  PatternRecord record{{}, {}, at, kNone, 0, 0, subject, static_cast<std::uint8_t>(part), 0};
  if (auto kept = keep_regex(re2, subject != Subject::host, record); !kept) return kept;
  patterns_.push_back(record);
  return {};
}

/// Files the next pattern under the literals of its expression.
tl::expected<void, std::string> PatternWriter::keep_regex(std::string_view re2, bool any_case, PatternRecord& record) {
  auto examined = examine(re2, any_case, shares_);
  if (!examined) return tl::unexpected(std::move(examined).error());
  const auto number = static_cast<std::uint32_t>(patterns_.size());
  if (examined->triggers.empty()) {
    if (always_.size() == kMostAlwaysTried) {
      return tl::unexpected<std::string>(
          "nothing in the pattern must be there, so it is tried on every address, and 256 such patterns are there "
          "already; write a word of two letters or more that every match has");
    }
    always_.push_back(number);
  }
  for (const std::string& trigger : examined->triggers) {
    literals_.push_back({trigger, number});
    shares_.note_use(trigger);
  }
  // What woke a pattern is there; only of longer literals there is more to look for.
  const auto is_long = [](const std::string& literal) { return literal.size() > kWindow; };
  if (std::any_of(examined->triggers.begin(), examined->triggers.end(), is_long)) {
    examined->required.push_back(std::move(examined->triggers));
  }
  record.required_begin = static_cast<std::uint32_t>(required_.size());
  append_required(examined->required, required_);
  record.required_size = static_cast<std::uint32_t>(required_.size()) - record.required_begin;
  record.regex_pages = static_cast<std::uint16_t>((examined->memory + kRegexPage - 1) / kRegexPage);
  record.re2 = out_.keep(re2);
  return {};
}

std::uint32_t PatternWriter::keep_options(const catalog::Filter& filter) {
  FilterRecord record{};
  record.types = filter.types;
  record.party = static_cast<std::uint8_t>(filter.party);
  record.anchors = static_cast<std::uint8_t>(
      (filter.at_host_label ? kAtHostLabel : 0) | (filter.at_begin ? kAtBegin : 0) | (filter.at_end ? kAtEnd : 0) |
      (filter.match_case ? kMatchCase : 0) | (filter.important ? kImportant : 0));
  record.pages_begin = static_cast<std::uint32_t>(pages_.size());
  record.domains = static_cast<std::uint32_t>(filter.domains.size());
  record.not_domains = static_cast<std::uint32_t>(filter.not_domains.size());
  keep_pages(filter.domains);
  keep_pages(filter.not_domains);
  filters_.push_back(record);
  return static_cast<std::uint32_t>(filters_.size() - 1);
}

void PatternWriter::keep_pages(const std::vector<std::string>& hosts) {
  const auto begin = static_cast<std::ptrdiff_t>(pages_.size());
  for (const std::string& host : hosts) {
    pages_.push_back({static_cast<std::uint32_t>(hash_name(host)), out_.keep(host)});
  }
  std::stable_sort(pages_.begin() + begin, pages_.end(),
                   [](const PageRecord& a, const PageRecord& b) { return a.hash < b.hash; });
}

tl::expected<void, std::string> PatternWriter::add_filter(const catalog::Filter& filter, Posting at) {
  PatternRecord record{{}, {}, at, kNone, 0, 0, Subject::url, static_cast<std::uint8_t>(Part::block), 0};
  if (filter.exception) record.part = static_cast<std::uint8_t>(Part::allow);
  if (!filter.re2.empty()) {
    if (auto kept = keep_regex(filter.re2, !filter.match_case, record); !kept) return kept;
  } else {
    wake_by_piece_of(filter.pattern);
    record.filter_text = out_.keep(filter.pattern);
  }
  record.filter = keep_options(filter);
  asking_for_context_ += filter.asks_for_context() ? 1 : 0;
  patterns_.push_back(record);
  return {};
}

/// The piece between wildcards with the rarest gram. A filter without a piece is tried on every URL: only those remain
/// that name pages or types, and they are few.
void PatternWriter::wake_by_piece_of(std::string_view text) {
  const auto number = static_cast<std::uint32_t>(patterns_.size());
  std::string_view best;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("*^", at), text.size());
    const std::string_view piece = text.substr(at, end - at);
    const bool ascii =
        std::all_of(piece.begin(), piece.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (piece.size() >= kShortest && ascii && (best.empty() || shares_.of_literal(piece) < shares_.of_literal(best))) {
      best = piece;
      begin = at;
    }
    at = end + 1;
  }
  if (best.empty()) {
    always_.push_back(number);
    return;
  }
  literals_.push_back({std::string(best), number, begin});
}

/// Files a literal under the gram that wakes it least often: rare in addresses, and not crowded already.
PatternWriter::Found PatternWriter::file(const Literal& literal,
                                         std::unordered_map<std::uint32_t, std::uint32_t>& crowd) const {
  const std::string_view text = literal.text;
  const bool is_long = text.size() >= kLongGram;
  const std::size_t size = is_long ? kLongGram : std::min(text.size(), kGram);
  const auto key_at = [&](std::size_t at) {
    if (!is_long) return sized_key(key_of_gram(text.substr(at, size)), size);
    std::uint64_t key = 0;
    for (const char c : text.substr(at, size)) key = next_long(key, kGramClassOf[static_cast<unsigned char>(c)]);
    return long_key_of(key);
  };
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t at = 0; at + size <= text.size(); ++at) {
    const auto known = crowd.find(key_at(at));
    const double crowding = known == crowd.end() ? 1 : 1 + known->second;
    const double cost = shares_.of_text(text.substr(at, size)) * crowding;
    if (cost < least) best = at, least = cost;
  }
  ++crowd[key_at(best)];
  const std::uint32_t gram = key_of_gram(text.substr(best, std::min(size, kGram)));
  Found found{key_at(best), gram, size, record_of(text, best, literal.pattern)};
  LiteralRecord& record = found.record;
  const PatternRecord& pattern = patterns_[literal.pattern];
  record.in_filter = kVaries;
  if (pattern.re2.size == 0) {
    const std::string_view filter = out_.text(pattern.filter_text);
    const std::size_t begin = literal.in_filter + best - record.gram_begin;
    const bool varies = begin >= kVaries || filter.substr(0, begin).find('*') != std::string_view::npos;
    if (!varies) record.in_filter = static_cast<std::uint16_t>(begin);
    record.beside = beside_in_filter(filter, begin, begin + record.size, filters_[pattern.filter].anchors);
  }
  record.subject = pattern.subject;
  record.part = pattern.part;
  record.of_filter = pattern.filter == kNone ? 0 : 1;
  record.types = pattern.filter == kNone ? catalog::kEveryType : filters_[pattern.filter].types;
  return found;
}

/// found  in the order of patterns.
void PatternWriter::add_neighbours(std::vector<Found>& found) const {
  std::optional<PositionAutomaton> automaton;
  std::uint32_t of = kNone;
  for (Found& literal : found) {
    const std::uint32_t number = literal.record.pattern;
    const PatternRecord& pattern = patterns_[number];
    if (pattern.re2.size == 0) continue;
    if (number != of) {
      const FilterRecord* filter = pattern.filter == kNone ? nullptr : &filters_[pattern.filter];
      automaton = read_expression(out_.text(pattern.re2), ignores_case(pattern, filter));
      of = number;
    }
    literal.record.beside = automaton ? automaton->beside(text_of(literal.record)) : Neighbours{};
  }
}

void PatternWriter::finish(Section base) {
  const auto at = [&](PatternSection section) { return section_at(base, section); };
  out_.add_records(at(PatternSection::patterns), std::span<const PatternRecord>(patterns_));
  out_.add_records(at(PatternSection::filters), std::span<const FilterRecord>(filters_));
  out_.add_records(at(PatternSection::pages), std::span<const PageRecord>(pages_));
  out_.add_records(at(PatternSection::always), std::span<const std::uint32_t>(always_));
  out_.add_records(at(PatternSection::required), std::span<const RequiredGram>(required_));
  std::vector<Found> found;
  found.reserve(literals_.size());
  std::unordered_map<std::uint32_t, std::uint32_t> crowd;
  for (const Literal& literal : literals_) found.push_back(file(literal, crowd));
  add_neighbours(found);
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.key < b.key; });
  std::vector<LiteralRecord> records;
  records.reserve(found.size());
  for (const Found& literal : found) records.push_back(literal.record);
  out_.add_records(at(PatternSection::literals), std::span<const LiteralRecord>(records));
  write_maps(base, found);
}

void PatternWriter::write_maps(Section base, const std::vector<Found>& literals) {
  if (literals.empty()) return;
  std::vector<GramBucket> filled;
  for (std::size_t i = 0; i < literals.size();) {
    GramBucket bucket{literals[i].key, static_cast<std::uint32_t>(i), 0};
    while (i < literals.size() && literals[i].key == bucket.key) ++i, ++bucket.size;
    filled.push_back(bucket);
  }
  // The first map is asked at every byte, so it has to stay near; the second only where the first says yes.
  const auto log2_for = [&](std::size_t bits_each) {
    return std::clamp(static_cast<unsigned>(std::bit_width(filled.size() * bits_each)), 12U, 22U);
  };
  GramMaps maps{log2_for(kBitsOfWhole), log2_for(kBitsOfKey), 0, 0};
  const auto words_of = [](unsigned log2) { return (std::size_t{1} << log2) / 64; };
  std::vector<std::uint64_t> whole(words_of(maps.log2_of_whole)), keys(words_of(maps.log2_of_keys)),
      three((key_mask(3) + 1) / 64), two((key_mask(2) + 1) / 64);
  const auto set = [](std::vector<std::uint64_t>& map, std::uint32_t bit) {
    map[bit / 64] |= std::uint64_t{1} << (bit % 64);
  };
  for (const Found& literal : literals) {
    if (literal.size >= kGram) {
      set(whole, hash_of_key(literal.gram) >> (32 - maps.log2_of_whole));
      set(keys, hash_of_key(literal.key) >> (32 - maps.log2_of_keys));
    } else {
      set(literal.size == 3 ? three : two, literal.gram);
      maps.has_short = 1;
    }
  }
  std::vector<GramBucket> buckets(std::bit_ceil(filled.size() * 2 + 1));
  for (const GramBucket& bucket : filled) {
    std::size_t place = (hash_of_key(bucket.key) >> 7U) & (buckets.size() - 1);
    while (buckets[place].size != 0) place = (place + 1) & (buckets.size() - 1);
    buckets[place] = bucket;
  }
  whole.insert(whole.end(), keys.begin(), keys.end());
  if (maps.has_short != 0) {
    whole.insert(whole.end(), three.begin(), three.end());
    whole.insert(whole.end(), two.begin(), two.end());
  }
  out_.add_records(section_at(base, PatternSection::grams), std::span<const GramMaps>(&maps, 1));
  out_.add_records(section_at(base, PatternSection::bits), std::span<const std::uint64_t>(whole));
  out_.add_records(section_at(base, PatternSection::buckets), std::span<const GramBucket>(buckets));
}

}  // namespace fairlead::rules::match
