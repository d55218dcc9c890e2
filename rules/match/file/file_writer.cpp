#include "rules/match/file/file_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <ostream>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "rules/match/file/sums.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t round_up(std::size_t size, std::size_t to) { return (size + to - 1) / to * to; }

constexpr std::array<std::byte, kPageSize> kZeroes{};

/// XXH3 of each page of bytes that come in pieces.
class PageSums {
 public:
  void take(std::span<const std::byte> piece) {
    while (!piece.empty()) {
      const std::size_t size = std::min(piece.size(), kPageSize - filled_);
      std::memcpy(page_.data() + filled_, piece.data(), size);
      filled_ += size;
      piece = piece.subspan(size);
      if (filled_ == kPageSize) end_page();
    }
  }
  [[nodiscard]] std::vector<std::uint64_t> finish() {
    if (filled_ > 0) end_page();
    return std::move(sums_);
  }

 private:
  void end_page() {
    sums_.push_back(XXH3_64bits(page_.data(), filled_));
    filled_ = 0;
  }
  std::array<std::byte, kPageSize> page_;
  std::size_t filled_ = 0;
  std::vector<std::uint64_t> sums_;
};

}  // namespace

void FileWriter::add(Section section, Bytes bytes) {
  if (!bytes.empty()) sections_.emplace_back(section, std::move(bytes));
}

TextRef FileWriter::keep(std::string_view text) {
  const TextRef ref{static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.size())};
  texts_ += text;
  return ref;
}

/// Every byte behind the frame, sections and the gaps between them.
template <class Take>
void FileWriter::each_piece(Take&& take) const {
  for (const auto& [section, bytes] : sections_) {
    take(std::span(bytes));
    take(std::span(kZeroes).first(round_up(bytes.size(), kSectionAlignment) - bytes.size()));
  }
}

void FileWriter::seal() {
  add_records(Section::texts, std::span(std::as_const(texts_)));
  const std::size_t table_size = sections_.size() * sizeof(SectionRecord);
  std::uint64_t data_size = 0;
  for (const auto& [section, bytes] : sections_) data_size += round_up(bytes.size(), kSectionAlignment);
  const std::size_t pages = round_up(data_size, kPageSize) / kPageSize;

  header_.magic = kMagic;
  header_.version = kFormatVersion;
  header_.sections = static_cast<std::uint32_t>(sections_.size());
  header_.data_begin = round_up(sizeof(Header) + table_size + pages * sizeof(std::uint64_t), kPageSize);
  header_.size = header_.data_begin + data_size;

  std::vector<SectionRecord> table;
  std::uint64_t begin = header_.data_begin;
  for (const auto& [section, bytes] : sections_) {
    table.push_back({section, 0, begin, bytes.size()});
    begin += round_up(bytes.size(), kSectionAlignment);
  }
  Id id(table);
  for (const auto& [section, bytes] : sections_) id.add(bytes);
  header_.id = id.finish();
  PageSums sums;
  each_piece([&](std::span<const std::byte> piece) { sums.take(piece); });
  const std::vector<std::uint64_t> page_sums = sums.finish();

  frame_.assign(header_.data_begin, std::byte{0});
  if (!table.empty()) std::memcpy(frame_.data() + sizeof(Header), table.data(), table_size);
  if (!page_sums.empty()) {
    std::memcpy(frame_.data() + sizeof(Header) + table_size, page_sums.data(),
                page_sums.size() * sizeof(std::uint64_t));
  }
  std::memcpy(frame_.data(), &header_, sizeof(Header));
  header_.sum = sum_of_frame(frame_);
  std::memcpy(frame_.data(), &header_, sizeof(Header));
}

bool FileWriter::write(std::ostream& out) const {
  const auto put = [&](std::span<const std::byte> piece) {
    out.write(reinterpret_cast<const char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
  };
  put(frame_);
  each_piece(put);
  return out.flush().good();
}

FileBytes FileWriter::to_memory() const {
  auto memory = std::make_shared<Bytes>();
  memory->reserve(header_.size);
  memory->insert(memory->end(), frame_.begin(), frame_.end());
  each_piece([&](std::span<const std::byte> piece) { memory->insert(memory->end(), piece.begin(), piece.end()); });
  const std::span<const std::byte> bytes(*memory);
  return {bytes, std::move(memory)};
}

}  // namespace fairlead::rules::match
