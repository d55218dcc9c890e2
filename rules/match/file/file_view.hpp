#pragma once
// A compiled ruleset, read in place. Opening checks the frame; each page of the rest is checked against its sum when it
// is first read. Damage is never undefined behaviour: what lies on a damaged page, or out of bounds, is not given, and
// damaged() says so from then on. Any thread.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "rules/base/result.hpp"
#include "rules/match/file/format.hpp"

namespace fairlead::rules::match {

/// The bytes of a file and what keeps them there: a mapping, or memory. Aligned to 16 at least.
struct FileBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

class FileView {
 public:
  /// Errors   Errc::bad_file: another kind of file, another version, cut off, or its frame is damaged.
  [[nodiscard]] static Result<std::unique_ptr<const FileView>> open(FileBytes file);

  /// The records of a section; empty when there is none.
  template <class T>
  [[nodiscard]] std::span<const T> records(Section section) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const std::span<const std::byte> bytes = section_bytes(section);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  /// Whether [begin, begin + size) of this file holds what was written. To be asked before the first read of any byte.
  [[nodiscard]] bool sound(const void* begin, std::size_t size) const {
    if (size == 0) return true;
    const auto first = static_cast<std::size_t>(static_cast<const std::byte*>(begin) - file_.bytes.data()) / kPageSize;
    const auto last =
        static_cast<std::size_t>(static_cast<const std::byte*>(begin) + size - 1 - file_.bytes.data()) / kPageSize;
    for (std::size_t page = first; page <= last; ++page) {
      if ((checked_[page / 64].load(std::memory_order_relaxed) >> (page % 64) & 1) == 0 && !check(page)) return false;
    }
    return true;
  }
  template <class T>
  [[nodiscard]] bool sound(const T& record) const {
    return sound(&record, sizeof(T));
  }
  /// The record, or null when it is out of bounds or damaged.
  template <class T>
  [[nodiscard]] const T* at(std::span<const T> records, std::size_t i) const {
    if (i >= records.size()) return report();
    return sound(records[i]) ? &records[i] : nullptr;
  }
  /// records[begin, begin + size), or nothing when that is out of bounds or damaged.
  template <class T>
  [[nodiscard]] std::span<const T> part(std::span<const T> records, std::size_t begin, std::size_t size) const {
    if (size == 0) return {};
    if (begin > records.size() || size > records.size() - begin) return report(), std::span<const T>{};
    const auto found = records.subspan(begin, size);
    return sound(found.data(), found.size_bytes()) ? found : std::span<const T>{};
  }
  [[nodiscard]] std::string_view text(TextRef text) const;

  /// Whether anything was found that is not what was written. Sticky: such a ruleset cannot clear any request.
  [[nodiscard]] bool damaged() const { return damaged_.load(std::memory_order_relaxed); }
  /// For readers that find nonsense on sound pages, which only a faulty writer could have left.
  std::nullptr_t report() const {
    damaged_.store(true, std::memory_order_relaxed);
    return nullptr;
  }

  [[nodiscard]] const Header& header() const { return *reinterpret_cast<const Header*>(file_.bytes.data()); }
  /// Reads all of it and compares with the id. Cost: about a millisecond a megabyte.
  [[nodiscard]] bool verify() const;

 private:
  explicit FileView(FileBytes file);
  [[nodiscard]] Result<void> check_frame() const;
  [[nodiscard]] std::span<const SectionRecord> table() const;
  [[nodiscard]] std::span<const std::byte> section_bytes(Section section) const;
  [[nodiscard]] bool check(std::size_t page) const;

  FileBytes file_;
  std::span<const char> texts_;
  std::span<const std::uint64_t> sums_;                      // of the pages from data_begin on
  mutable std::vector<std::atomic<std::uint64_t>> checked_;  // a bit a page
  mutable std::atomic<bool> damaged_{false};
};

}  // namespace fairlead::rules::match
