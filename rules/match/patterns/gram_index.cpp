#include "rules/match/patterns/gram_index.hpp"

#include <bit>

namespace fairlead::rules::match {

GramIndex::GramIndex(const FileView& file, Section base)
    : file_(&file),
      buckets_(file.records<GramBucket>(section_at(base, PatternSection::buckets))),
      literals_(file.records<LiteralRecord>(section_at(base, PatternSection::literals))) {
  if (buckets_.empty() || read_maps(base)) return;
  file.report();
  buckets_ = {};
}

bool GramIndex::read_maps(Section base) {
  const GramMaps* maps = file_->at(file_->records<GramMaps>(section_at(base, PatternSection::grams)), 0);
  const auto bits = file_->records<std::uint64_t>(section_at(base, PatternSection::bits));
  if (maps == nullptr || !std::has_single_bit(buckets_.size())) return false;
  for (const std::uint32_t log2 : {maps->log2_of_whole, maps->log2_of_keys}) {
    if (log2 < 6 || log2 > 24) return false;
  }
  // The maps are read at every byte of every request: checked here once, as a whole.
  if (!file_->sound(bits.data(), bits.size_bytes())) return false;
  const auto words_of = [](std::uint32_t log2) { return std::size_t{1} << (log2 - 6); };
  const std::size_t whole = words_of(maps->log2_of_whole), keys = words_of(maps->log2_of_keys);
  has_short_ = maps->has_short != 0;
  const std::size_t three = has_short_ ? (key_mask(3) + 1) / 64 : 0, two = has_short_ ? (key_mask(2) + 1) / 64 : 0;
  if (bits.size() != whole + keys + three + two) return false;
  whole_ = {bits.data(), 32 - maps->log2_of_whole};
  keys_ = {whole_.words + whole, 32 - maps->log2_of_keys};
  three_ = {keys_.words + keys, 0};
  two_ = {three_.words + three, 0};
  return true;
}

std::span<const LiteralRecord> GramIndex::literals_of(std::uint32_t key) const {
  const std::size_t mask = buckets_.size() - 1;
  std::size_t at = (hash_of_key(key) >> 7U) & mask;
  for (std::size_t tried = 0; tried < buckets_.size(); ++tried, at = (at + 1) & mask) {
    const GramBucket& bucket = buckets_[at];
    if (!file_->sound(bucket) || bucket.size == 0) return {};
    if (bucket.key == key) return file_->part(literals_, bucket.begin, bucket.size);
  }
  return {};
}

}  // namespace fairlead::rules::match
