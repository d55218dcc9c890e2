#pragma once
// The exact store of names, read in place: which files name this host, or this host and path, and on which line. Any
// thread; nothing is allocated where nothing is found.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/file/file_view.hpp"
#include "rules/match/names/fuse_filter.hpp"
#include "rules/match/names/name_sorter.hpp"
#include "rules/match/names/text_code.hpp"

namespace fairlead::rules::match {

class NameStore {
 public:
  /// base  Section::hosts or Section::paths of `file`, which must outlive this.
  NameStore(const FileView& file, Section base);

  [[nodiscard]] bool empty() const { return filter_.empty(); }
  [[nodiscard]] const FuseFilter& filter() const { return filter_; }

  /// Appends a posting for each file that names `key`; returns whether there was one.
  /// Cost     about 0.3 µs. Damage adds nothing and is told by the file.
  bool find(std::string_view key, std::vector<Posting>& postings) const;

  /// Calls `each(key, postings)` for the entries from `begin` on, in order, until it returns false.
  using Visit = std::function<bool(std::string_view key, std::span<const Posting> postings)>;
  void each_from(std::string_view begin, const Visit& visit) const;

 private:
  class Block;
  [[nodiscard]] std::optional<std::size_t> block_for(std::string_view key) const;
  [[nodiscard]] std::size_t first_above(std::uint64_t prefix, bool or_equal) const;
  [[nodiscard]] bool head_is_above(std::size_t block, std::string_view key) const;
  [[nodiscard]] std::span<const std::byte> block_bytes(std::size_t number) const;
  bool read_places(std::span<const std::byte> bytes, std::span<const std::uint32_t> sets,
                   std::vector<Posting>& postings) const;
  template <class Each>
  void each_file(std::uint32_t set, Each&& each) const;

  const FileView* file_;
  std::span<const Symbol> symbols_;
  std::span<const std::uint64_t> tops_, prefixes_;
  std::span<const std::uint32_t> offsets_;
  std::span<const std::byte> blocks_;
  std::size_t files_;  // sets below this number are one file each
  std::span<const SetRecord> sets_;
  std::span<const std::uint32_t> set_members_;
  FuseFilter filter_;
};

}  // namespace fairlead::rules::match
