#pragma once
// The layout of a compiled ruleset on disk: header, table of sections, sums of pages, sections. Little-endian, every
// section begins at a multiple of 64 bytes. FORMAT.md shows the picture. Constants and plain structs only.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace fairlead::rules::match {

static_assert(std::endian::native == std::endian::little, "the file is read in place");

/// Counted up with every change of meaning: a file of another version is refused and compiled anew.
inline constexpr std::uint32_t kFormatVersion = 3;
inline constexpr std::array<char, 8> kMagic = {'F', 'L', 'R', 'U', 'L', 'E', 'S', '\n'};
inline constexpr std::size_t kPageSize = 4096;
inline constexpr std::size_t kSectionAlignment = 64;

/// What a section holds. The numbers are part of the format.
enum class Section : std::uint32_t {
  info = 1,     // Info
  texts,        // the bytes that TextRef points into
  categories,   // CategoryRecord
  files,        // FileRecord: the category files and lists that rules stand in
  own_rules,    // OwnRule: rules of category files
  edited,       // EditedFile: the files that people edit, as they were
  set_members,  // u32 numbers of files
  sets,         // SetRecord: which files name one host
  // The stores of names: hosts, then host and path. Their sections count on from here (NameSection).
  hosts = 16,
  paths = 32,
  hashed = 48,  // HashedRecord, sorted
  // The indexes of patterns: over URLs, then over words searched for (PatternSection).
  url_patterns = 64,
  word_patterns = 80,
};

/// Offsets from Section::hosts and Section::paths.
enum class NameSection : std::uint32_t { shards, filter, symbols, tops, prefixes, offsets, blocks };
/// Offsets from Section::url_patterns and Section::word_patterns.
enum class PatternSection : std::uint32_t {
  patterns,
  filters,
  pages,
  always,
  literals,
  grams,
  buckets,
  bits,
  required,
  categories
};

template <class Offset>
[[nodiscard]] constexpr Section section_at(Section base, Offset offset) {
  return static_cast<Section>(static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(offset));
}

struct Header {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t sections;            // records in the table behind this header
  std::uint64_t size;                // of the whole file, in bytes
  std::uint64_t data_begin;          // where the first section begins: a multiple of kPageSize
  std::array<unsigned char, 32> id;  // SHA-256 of the table of sections and of their bytes
  std::uint64_t sum;                 // XXH3 of everything before data_begin, with this field as 0
};

struct SectionRecord {
  Section section;
  std::uint32_t unused;
  std::uint64_t begin, size;  // in bytes; begin counts from the begin of the file
};

/// A piece of Section::texts.
struct TextRef {
  std::uint32_t begin, size;
};

struct Info {
  std::array<char, 64> name;  // hex: content hash of the files that people edit and of the editions of the lists
  std::uint64_t hosts, paths, hashed, patterns, searches;
  std::uint64_t always_tried;      // patterns that no literal can wake
  std::uint64_t asks_for_context;  // filters that ask for page, party or type
};

struct CategoryRecord {
  TextRef id;
};

/// A category file, or one file of a list. `categories` of a list are those that name it.
struct FileRecord {
  TextRef name;                                     // "conduct/gambling.yaml", or "ut1-gambling/domains"
  TextRef list;                                     // the list's id; empty for a category file
  std::uint32_t categories_begin, categories_size;  // in set_members
  std::uint64_t taken;                              // lines in force, or folded into others
  std::uint32_t format;                             // of a list: catalog::ListFormat
  std::uint32_t unused;
};

/// So that a ruleset explains itself, and can come back into force, when the files have gone on.
struct EditedFile {
  TextRef name, text;
};

/// A rule of a category file.
struct OwnRule {
  TextRef name, pattern, because;
  std::uint32_t line, column, file;
  std::uint16_t category;
  std::uint8_t part, kind;  // Part, RuleKind
};

struct SetRecord {
  std::uint32_t begin, size;  // in set_members: numbers of files
};

struct HashedRecord {
  std::array<unsigned char, 32> digest;
  std::uint32_t file, place;
};

}  // namespace fairlead::rules::match
