#pragma once
// Patterns as they stand in a ruleset file: what is matched, where it is written, and the grams by which it is found.
// Plain structs.

#include <array>
#include <cstdint>

#include "rules/match/file/format.hpp"
#include "rules/match/names/name_sorter.hpp"
#include "rules/match/patterns/neighbours.hpp"

namespace fairlead::rules::match {

inline constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// What a pattern looks at; `words` are those typed into a search engine.
enum class Subject : std::uint8_t { host, path, query, url, words };

struct PatternRecord {
  TextRef re2;                                  // empty for a plain filter
  TextRef filter_text;                          // between the anchors, with '*' and '^'; empty for RE2
  Posting at;                                   // where it is written
  std::uint32_t filter;                         // its FilterRecord, or kNone
  std::uint32_t required_begin, required_size;  // what else must be there: RequiredGram
  Subject subject;
  std::uint8_t part;          // Part
  std::uint16_t regex_pages;  // memory for RE2, in units of kRegexPage
};
inline constexpr std::size_t kRegexPage = 4096;

/// The options of an Adblock filter.
struct FilterRecord {
  std::uint16_t types;                              // bits of catalog::ResourceType
  std::uint8_t party;                               // catalog::Party
  std::uint8_t anchors;                             // AnchorBit
  std::uint32_t pages_begin, domains, not_domains;  // pages[begin, +domains) speak for it, the next ones against
};

/// A page that a filter names, or one below which it speaks. Those of a filter stand in the order of their hashes.
struct PageRecord {
  std::uint32_t hash;  // the lower half of hash_name()
  TextRef host;
};

enum AnchorBit : std::uint8_t {
  kAtHostLabel = 1,
  kAtBegin = 2,
  kAtEnd = 4,
  kMatchCase = 8,
  kImportant = 16,
};

/// Whether RE2 reads the pattern without regard to case: hosts are in lower case, and some filters ask for it.
/// filter  of the pattern; null when it has none.
[[nodiscard]] constexpr bool ignores_case(const PatternRecord& pattern, const FilterRecord* filter) {
  return pattern.subject != Subject::host && (filter == nullptr || (filter->anchors & kMatchCase) == 0);
}

/// Eight bytes or less around a rare gram of a literal; a pattern is tried where they stand. What tells most of them
/// that they need not be is repeated here, so that only one place in memory is waited for.
struct LiteralRecord {
  std::uint64_t text;       // lower case, the first byte lowest
  std::uint64_t case_bits;  // what lowers the letters of the other text, and nothing else
  std::uint32_t pattern;
  std::uint16_t in_filter;        // where it begins in a plain filter's text, when nothing in front varies; or kVaries
  std::uint16_t types;            // of the filter; every type for other patterns
  std::uint8_t size, gram_begin;  // of the gram in `text`
  Subject subject;
  std::uint8_t part;       // Part
  std::uint8_t of_filter;  // 1: of an Adblock filter
  std::array<std::uint8_t, 3> unused;
  Neighbours beside;  // of the whole text
};
inline constexpr std::uint16_t kVaries = 0xFFFF;

/// Literals of one gram.
struct GramBucket {
  std::uint32_t key;          // with the size of the gram in its upper bits
  std::uint32_t begin, size;  // size 0: free
};

/// The bit maps in front of the buckets: one over the first four bytes of all grams that have them, hashed; one over
/// the keys of the same grams, hashed; and where there are shorter ones, one each over all keys of three and two bytes.
struct GramMaps {
  std::uint32_t log2_of_whole, log2_of_keys;  // bits of the first two maps
  std::uint32_t has_short;                    // 0: the last two are not there
  std::uint32_t unused;
};

}  // namespace fairlead::rules::match
