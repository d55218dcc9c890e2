#pragma once
// Names of opaque categories and lists: the file holds SHA-256("fairlead:" + name), never the name. The full digest is
// compared. Read in place; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rules/match/file/file_view.hpp"
#include "rules/match/host_table.hpp"
#include "rules/match/names/name_sorter.hpp"

namespace fairlead::rules::match {

using Digest = std::array<unsigned char, 32>;

/// SHA-256 of "fairlead:" + host + path, where the path is empty, or the begin of one. About 0.1 µs.
[[nodiscard]] Digest digest_of_name(std::string_view host, std::string_view path = {});
/// Of 64 lower-case hex digits; nothing of any other text.
[[nodiscard]] std::optional<Digest> digest_of_hex(std::string_view hex);

class HashedNames {
 public:
  /// file  must outlive this.
  explicit HashedNames(const FileView& file);

  [[nodiscard]] bool empty() const { return records_.empty(); }
  /// Calls `each(posting)` for every entry of this host.
  template <class Function>
  void find(const HostSuffix& host, Function&& each) const {
    if (unlisted_.find(host).empty()) find(host.text, {}, each);
  }
  /// And of this host and path prefix.
  template <class Function>
  void find(std::string_view host, std::string_view path, Function&& each) const {
    for (const HashedRecord& record : records_of(digest_of_name(host, path))) each(Posting{record.file, record.place});
  }
  /// Every entry of a digest.
  [[nodiscard]] std::span<const HashedRecord> records_of(const Digest& digest) const;

 private:
  const FileView* file_;
  std::span<const HashedRecord> records_;  // sorted
  HostTable unlisted_;                     // common ends of names that are no entry: every request would hash them
};

}  // namespace fairlead::rules::match
