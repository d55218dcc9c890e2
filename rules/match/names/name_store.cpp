#include "rules/match/names/name_store.hpp"

#include <algorithm>
#include <array>

#include "rules/match/names/name_key.hpp"
#include "rules/match/names/name_writer.hpp"
#include "rules/match/names/varint.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::uint8_t kNibble = 15;
constexpr std::size_t kCacheLine = 64;

template <class T>
void prefetch(std::span<const T> records) {
  const auto bytes = std::as_bytes(records);
  for (std::size_t at = 0; at < bytes.size(); at += kCacheLine) __builtin_prefetch(&bytes[at]);
}

/// How far `text` and the codes agree, and which sorts first where they part.
struct Compared {
  std::size_t equal;
  int order;  // of the entry against the text: -1, 0, 1
};

Compared compare(std::span<const std::byte> codes, std::span<const Symbol> symbols, std::string_view text) {
  TextDecoder decoder(symbols, codes);
  std::size_t equal = 0;
  for (std::string_view piece = decoder.next(); !piece.empty(); piece = decoder.next()) {
    const std::string_view rest = text.substr(equal, piece.size());
    const auto here = static_cast<std::size_t>(
        std::mismatch(piece.begin(), piece.end(), rest.begin(), rest.end()).first - piece.begin());
    equal += here;
    if (here == piece.size()) continue;
    const bool below =
        here < rest.size() && static_cast<unsigned char>(piece[here]) < static_cast<unsigned char>(rest[here]);
    return {equal, below ? -1 : 1};
  }
  return {equal, equal == text.size() ? 0 : -1};
}

}  // namespace

/// One block, entry by entry.
class NameStore::Block {
 public:
  explicit Block(std::span<const std::byte> bytes) : names_({}) {
    ByteReader reader(bytes);
    size_ = std::min<std::size_t>(reader.byte(), kNamesInBlock);
    common_ = reader.byte();
    names_ = ByteReader(reader.take(reader.varint()));
    places_ = reader.rest();
    failed_ = reader.failed();
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool failed() const { return failed_ || names_.failed(); }
  [[nodiscard]] std::span<const std::byte> places() const { return places_; }

  struct Entry {
    std::size_t shared;  // with the entry before
    std::uint32_t set;
    std::span<const std::byte> codes;
  };
  [[nodiscard]] Entry next(bool first) {
    const std::uint8_t sizes = names_.byte();
    std::size_t shared = sizes & kNibble;
    std::size_t size = sizes >> 4U;
    if (shared == kNibble) shared += names_.varint();
    if (size == kNibble) size += names_.varint();
    const auto set = static_cast<std::uint32_t>(names_.varint());
    return {first ? 0 : shared + common_, set, names_.take(size)};
  }

 private:
  std::size_t size_ = 0, common_ = 0;
  ByteReader names_;
  std::span<const std::byte> places_;
  bool failed_ = false;
};

/// The files of a set. A set of one file has that file's number; most are.
template <class Each>
void NameStore::each_file(std::uint32_t set, Each&& each) const {
  if (set < files_) return each(set);
  const SetRecord* record = file_->at(sets_, set - files_);
  if (record == nullptr) return;
  for (const std::uint32_t member : file_->part(set_members_, record->begin, record->size)) each(member);
}

NameStore::NameStore(const FileView& file, Section base)
    : file_(&file),
      symbols_(file.records<Symbol>(section_at(base, NameSection::symbols))),
      tops_(file.records<std::uint64_t>(section_at(base, NameSection::tops))),
      prefixes_(file.records<std::uint64_t>(section_at(base, NameSection::prefixes))),
      offsets_(file.records<std::uint32_t>(section_at(base, NameSection::offsets))),
      blocks_(file.records<std::byte>(section_at(base, NameSection::blocks))),
      files_(file.records<FileRecord>(Section::files).size()),
      sets_(file.records<SetRecord>(Section::sets)),
      set_members_(file.records<std::uint32_t>(Section::set_members)),
      filter_(file, file.records<FuseShard>(section_at(base, NameSection::shards)),
              file.records<std::byte>(section_at(base, NameSection::filter))) {
  const std::size_t blocks = prefixes_.size();
  const bool fits = blocks == 0 ? filter_.empty()
                                : offsets_.size() == blocks + 1 && !filter_.empty() &&
                                      tops_.size() == (blocks + kBlocksInTop - 1) / kBlocksInTop;
  if (!fits) file.report();
}

/// The first block whose prefix is greater than `prefix`, or equal where asked for.
std::size_t NameStore::first_above(std::uint64_t prefix, bool or_equal) const {
  const auto above = [&](std::uint64_t other) { return or_equal ? other >= prefix : other > prefix; };
  const auto search = [&](std::span<const std::uint64_t> sorted, std::size_t begin, std::size_t end) {
    while (begin < end) {
      const std::size_t middle = (begin + end) / 2;
      const std::uint64_t* found = file_->at(sorted, middle);
      if (found == nullptr) return end;
      above(*found) ? end = middle : begin = middle + 1;
    }
    return begin;
  };
  const std::size_t top = search(tops_, 0, tops_.size());
  if (top == 0) return 0;
  const std::size_t begin = (top - 1) * kBlocksInTop, end = std::min(top * kBlocksInTop, prefixes_.size());
  // Nobody has asked for these lately either: wait once, for the prefixes and for the offset that comes next.
  prefetch(prefixes_.subspan(begin, end - begin));
  prefetch(offsets_.subspan(begin, std::min(end + 1, offsets_.size()) - begin));
  return search(prefixes_, begin + 1, end);
}

std::span<const std::byte> NameStore::block_bytes(std::size_t number) const {
  const auto ends = file_->part(offsets_, number, 2);
  if (ends.empty()) return {};
  if (ends[1] < ends[0] || ends[1] > blocks_.size()) return file_->report(), std::span<const std::byte>{};
  // A block lies over some cache lines, which nobody has asked for lately: wait for all of them at once.
  prefetch(blocks_.subspan(ends[0], ends[1] - ends[0]));
  return file_->part(blocks_, ends[0], ends[1] - ends[0]);
}

bool NameStore::head_is_above(std::size_t number, std::string_view key) const {
  Block block(block_bytes(number));
  return compare(block.next(true).codes, symbols_, key).order > 0;
}

/// The only block that can hold `key`: the last that does not begin behind it.
std::optional<std::size_t> NameStore::block_for(std::string_view key) const {
  const std::uint64_t prefix = prefix_of_key(key);
  std::size_t end = first_above(prefix, false);
  const std::uint64_t* last = end > 0 ? file_->at(prefixes_, end - 1) : nullptr;
  if (last != nullptr && *last == prefix) {  // blocks that begin alike: their first keys decide
    std::size_t begin = first_above(prefix, true);
    while (begin < end) {
      const std::size_t middle = (begin + end) / 2;
      head_is_above(middle, key) ? end = middle : begin = middle + 1;
    }
  }
  return end == 0 ? std::nullopt : std::optional(end - 1);
}

bool NameStore::find(std::string_view key, std::vector<Posting>& postings) const {
  const auto number = block_for(key);
  if (!number) return false;
  Block block(block_bytes(*number));
  std::array<std::uint32_t, kNamesInBlock> sets;
  std::size_t agreed = 0;  // how much of `key` the entry before has
  for (std::size_t i = 0; i < block.size(); ++i) {
    const Block::Entry entry = block.next(i == 0);
    sets[i] = entry.set;
    if (entry.shared > agreed) continue;      // parts from `key` where the one before did: still below it
    if (entry.shared < agreed) return false;  // has passed it
    const Compared compared = compare(entry.codes, symbols_, key.substr(agreed));
    agreed += compared.equal;
    if (compared.order > 0) return false;
    if (compared.order == 0) {
      if (!block.failed()) return read_places(block.places(), std::span(sets).first(i + 1), postings);
      break;
    }
  }
  if (block.failed()) file_->report();
  return false;
}

/// The postings of the last of `sets`. Each place is kept as its distance from the last one of the same file.
bool NameStore::read_places(std::span<const std::byte> bytes, std::span<const std::uint32_t> sets,
                            std::vector<Posting>& postings) const {
  const std::size_t begin = postings.size();
  each_file(sets.back(), [&](std::uint32_t file) { postings.push_back({file, 0}); });
  ByteReader reader(bytes);
  const auto follow = [&](std::uint32_t file, std::size_t from) {
    const std::int64_t distance = undo_zigzag(reader.varint());
    for (std::size_t i = from; i < postings.size(); ++i) {
      if (postings[i].file == file) postings[i].place = static_cast<std::uint32_t>(postings[i].place + distance);
    }
  };
  for (const std::uint32_t set : sets.first(sets.size() - 1)) {
    each_file(set, [&](std::uint32_t file) { follow(file, begin); });
  }
  // A category file may name a host twice, to block it and to leave it alone: the second goes on from the first.
  std::size_t from = begin;
  each_file(sets.back(), [&](std::uint32_t file) { follow(file, from++); });
  if (!reader.failed()) return postings.size() > begin;
  postings.resize(begin);
  file_->report();
  return false;
}

void NameStore::each_from(std::string_view begin, const Visit& visit) const {
  std::string key;
  std::vector<Posting> postings;
  for (std::size_t number = block_for(begin).value_or(0); number < prefixes_.size(); ++number) {
    Block block(block_bytes(number));
    std::array<std::uint32_t, kNamesInBlock> sets;
    for (std::size_t i = 0; i < block.size(); ++i) {
      const Block::Entry entry = block.next(i == 0);
      if (block.failed() || entry.shared > key.size()) {
        file_->report();
        return;
      }
      sets[i] = entry.set;
      key.resize(entry.shared);
      TextDecoder decoder(symbols_, entry.codes);
      for (std::string_view piece = decoder.next(); !piece.empty(); piece = decoder.next()) key += piece;
      if (key < begin) continue;
      postings.clear();
      read_places(block.places(), std::span(sets).first(i + 1), postings);
      if (!visit(key, postings)) return;
    }
  }
}

}  // namespace fairlead::rules::match
