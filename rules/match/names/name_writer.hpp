#pragma once
// Writes the exact store of names: sorted, in blocks of 32, each entry as what it does not share with the one before.
// FORMAT.md shows a block. One object for one store, from one thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/file/file_writer.hpp"
#include "rules/match/names/text_code.hpp"

namespace fairlead::rules::match {

inline constexpr std::size_t kNamesInBlock = 32;
inline constexpr std::size_t kBlocksInTop = 64;

class NameWriter {
 public:
  /// names  about how many will be added: memory that grew from small would be copied over and over.
  NameWriter(std::vector<Symbol> symbols, std::size_t names);

  /// key     greater than every key before.
  /// hash    of the name, for the filter.
  /// files   the members of `set`; places, one for each: lines or rules.
  void add(std::string_view key, std::uint64_t hash, std::uint32_t set, std::span<const std::uint32_t> files,
           std::span<const std::uint32_t> places);
  /// Lets the filter know a hash that is no entry: a host with paths, so that others need not be looked through.
  void add_mark(std::uint64_t hash) { hashes_.push_back(hash); }
  /// Puts the sections of the store into `out`, counting from `base`.
  void finish(Section base, FileWriter& out);

 private:
  struct Entry {
    std::string key;
    std::size_t shared;  // with the key before; for the first of a block with none
    std::uint32_t set;
  };
  void end_block();
  void append_to_blocks(std::string_view text);

  std::vector<Symbol> symbols_;
  TextEncoder encoder_;
  std::vector<Entry> block_;
  std::size_t in_block_ = 0;
  std::string place_bytes_;                                      // of the block
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places_;  // of the block: file, its last place
  FileWriter::Bytes blocks_;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint64_t> prefixes_, hashes_;
};

}  // namespace fairlead::rules::match
