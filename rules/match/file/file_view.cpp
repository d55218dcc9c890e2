#include "rules/match/file/file_view.hpp"

#include <algorithm>
#include <cstring>

#define OPENSSL_SUPPRESS_DEPRECATED  // the plain functions: EVP looks its algorithm up each time
#include <openssl/sha.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "rules/match/file/sums.hpp"

namespace fairlead::rules::match {
namespace {

tl::unexpected<Error> bad_file(std::string context) {
  return fail(Errc::bad_file, Side::local, "the compiled ruleset " + std::move(context));
}

std::size_t pages_of(std::uint64_t size) { return (size + kPageSize - 1) / kPageSize; }

}  // namespace

FileView::FileView(FileBytes file) : file_(std::move(file)), checked_(pages_of(file_.bytes.size()) / 64 + 1) {}

Result<std::unique_ptr<const FileView>> FileView::open(FileBytes file) {
  std::unique_ptr<FileView> view(new FileView(std::move(file)));
  if (auto checked = view->check_frame(); !checked) return tl::unexpected(std::move(checked).error());
  const Header& header = view->header();
  const std::size_t data_pages = pages_of(header.size) - header.data_begin / kPageSize;
  const std::byte* sums = view->file_.bytes.data() + sizeof(Header) + header.sections * sizeof(SectionRecord);
  view->sums_ = {reinterpret_cast<const std::uint64_t*>(sums), data_pages};
  view->texts_ = view->records<char>(Section::texts);
  for (std::size_t page = 0; page < header.data_begin / kPageSize; ++page) {  // what check_frame() has summed up
    view->checked_[page / 64].fetch_or(std::uint64_t{1} << (page % 64), std::memory_order_relaxed);
  }
  return view;
}

Result<void> FileView::check_frame() const {
  const std::span<const std::byte> bytes = file_.bytes;
  if (bytes.size() < sizeof(Header)) return bad_file("is too short to be one");
  const Header& header = this->header();
  if (header.magic != kMagic) return bad_file("is another kind of file");
  if (header.version != kFormatVersion) return bad_file("was written by another version of Fairlead; build it again");
  if (header.size != bytes.size()) return bad_file("is cut off, or something was added to it");
  // No sum of the bounds below can overflow: each is at most the size of the file, which fits memory.
  const std::uint64_t table_size = std::uint64_t{header.sections} * sizeof(SectionRecord);
  const bool fits = header.data_begin % kPageSize == 0 && header.data_begin <= header.size &&
                    sizeof(Header) + table_size <= header.data_begin;
  if (!fits) return bad_file("is damaged (its header)");
  const std::uint64_t sums_size = (pages_of(header.size) - header.data_begin / kPageSize) * sizeof(std::uint64_t);
  if (sizeof(Header) + table_size + sums_size > header.data_begin) return bad_file("is damaged (its table of sums)");
  if (header.sum != sum_of_frame(bytes.first(header.data_begin))) return bad_file("is damaged (its first pages)");
  for (const SectionRecord& record : table()) {
    if (record.begin < header.data_begin || record.begin % kSectionAlignment != 0 || record.begin > header.size ||
        record.size > header.size - record.begin) {
      return bad_file("is damaged (its table of sections)");
    }
  }
  return {};
}

std::span<const SectionRecord> FileView::table() const {
  return {reinterpret_cast<const SectionRecord*>(file_.bytes.data() + sizeof(Header)), header().sections};
}

std::span<const std::byte> FileView::section_bytes(Section section) const {
  for (const SectionRecord& record : table()) {
    if (record.section == section) return file_.bytes.subspan(record.begin, record.size);
  }
  return {};
}

bool FileView::check(std::size_t page) const {
  const std::size_t number = page - header().data_begin / kPageSize;
  const std::size_t begin = page * kPageSize;
  const std::size_t size = std::min(kPageSize, file_.bytes.size() - begin);
  if (number >= sums_.size() || XXH3_64bits(file_.bytes.data() + begin, size) != sums_[number]) {
    report();
    return false;
  }
  checked_[page / 64].fetch_or(std::uint64_t{1} << (page % 64), std::memory_order_relaxed);
  return true;
}

std::string_view FileView::text(TextRef text) const {
  const auto found = part(texts_, text.begin, text.size);
  return {found.data(), found.size()};
}

bool FileView::verify() const {
  Id id(table());
  for (const SectionRecord& record : table()) id.add(file_.bytes.subspan(record.begin, record.size));
  return id.finish() == header().id && sound(file_.bytes.data(), file_.bytes.size());
}

}  // namespace fairlead::rules::match
