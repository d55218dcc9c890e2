#include "rules/match/names/name_writer.hpp"

#include <algorithm>
#include <limits>

#include "rules/match/names/fuse_filter.hpp"
#include "rules/match/names/name_key.hpp"
#include "rules/match/names/varint.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kNibble = 15;  // and more: the rest follows as a varint

}  // namespace

NameWriter::NameWriter(std::vector<Symbol> symbols, std::size_t names)
    : symbols_(std::move(symbols)), encoder_(symbols_), block_(kNamesInBlock) {
  constexpr std::size_t kBytesAName = 10;
  blocks_.reserve(names * kBytesAName);
  hashes_.reserve(names);
}

void NameWriter::add(std::string_view key, std::uint64_t hash, std::uint32_t set, std::span<const std::uint32_t> files,
                     std::span<const std::uint32_t> places) {
  std::size_t shared = 0;
  if (in_block_ > 0) {
    const std::string& before = block_[in_block_ - 1].key;
    shared = static_cast<std::size_t>(std::mismatch(before.begin(), before.end(), key.begin(), key.end()).first -
                                      before.begin());
  } else {
    prefixes_.push_back(prefix_of_key(key));
  }
  block_[in_block_].key = key;
  block_[in_block_].shared = shared;
  block_[in_block_].set = set;
  hashes_.push_back(hash);
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto last =
        std::find_if(places_.begin(), places_.end(), [&](const auto& entry) { return entry.first == files[i]; });
    if (last == places_.end()) last = places_.insert(places_.end(), {files[i], 0});
    append_varint(zigzag(std::int64_t{places[i]} - std::int64_t{last->second}), place_bytes_);
    last->second = places[i];
  }
  if (++in_block_ == kNamesInBlock) end_block();
}

void NameWriter::end_block() {
  std::size_t common = in_block_ > 1 ? std::numeric_limits<std::uint8_t>::max() : 0;
  for (std::size_t i = 1; i < in_block_; ++i) common = std::min(common, block_[i].shared);
  std::string names, codes;
  for (std::size_t i = 0; i < in_block_; ++i) {
    const Entry& entry = block_[i];
    codes.clear();
    encoder_.encode(std::string_view(entry.key).substr(entry.shared), codes);
    const std::size_t shared = i == 0 ? 0 : entry.shared - common;
    names += static_cast<char>(std::min(shared, kNibble) | std::min(codes.size(), kNibble) << 4U);
    if (shared >= kNibble) append_varint(shared - kNibble, names);
    if (codes.size() >= kNibble) append_varint(codes.size() - kNibble, names);
    append_varint(entry.set, names);
    names += codes;
  }
  offsets_.push_back(static_cast<std::uint32_t>(blocks_.size()));
  std::string head{static_cast<char>(in_block_), static_cast<char>(common)};
  append_varint(names.size(), head);
  append_to_blocks(head);
  append_to_blocks(names);
  append_to_blocks(place_bytes_);
  place_bytes_.clear();
  places_.clear();
  in_block_ = 0;
}

void NameWriter::append_to_blocks(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  blocks_.insert(blocks_.end(), bytes.begin(), bytes.end());
}

void NameWriter::finish(Section base, FileWriter& out) {
  if (in_block_ > 0) end_block();
  if (offsets_.empty()) return;
  offsets_.push_back(static_cast<std::uint32_t>(blocks_.size()));
  std::vector<std::uint64_t> tops;
  for (std::size_t i = 0; i < prefixes_.size(); i += kBlocksInTop) tops.push_back(prefixes_[i]);
  const auto at = [&](NameSection section) { return section_at(base, section); };
  out.add(at(NameSection::blocks), std::exchange(blocks_, {}));
  out.add_records(at(NameSection::offsets), std::span<const std::uint32_t>(offsets_));
  out.add_records(at(NameSection::prefixes), std::span<const std::uint64_t>(prefixes_));
  out.add_records(at(NameSection::tops), std::span<const std::uint64_t>(tops));
  out.add_records(at(NameSection::symbols), std::span<const Symbol>(symbols_));
  offsets_ = {};
  prefixes_ = {};
  FuseFilter::Built filter = FuseFilter::build(hashes_);
  hashes_ = {};
  out.add_records(at(NameSection::shards), std::span<const FuseShard>(filter.shards));
  out.add(at(NameSection::filter), std::move(filter.fingerprints));
}

}  // namespace fairlead::rules::match
