#pragma once
// Finds what was said about a host or about any parent of it, by hash, without allocation. Not a trie and not for
// patterns. Filled and sealed once by the thread that builds; after that every method is const and usable from any
// thread.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/names/host_suffixes.hpp"

namespace fairlead::rules::match {

/// Host → numbers of the rules that name exactly this host.
class HostTable {
 public:
  void add(std::string_view host, std::uint32_t value);
  /// Builds the index; nothing may be added afterwards.
  void seal();

  /// The values of `suffix`, in the order in which they were added; empty when nothing names it. O(1).
  [[nodiscard]] std::span<const std::uint32_t> find(const HostSuffix& suffix) const;
  [[nodiscard]] bool empty() const { return values_.empty(); }

 private:
  struct Added {
    std::string host;
    std::uint32_t value;
  };
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t text_begin = 0, text_size = 0;
    std::uint32_t values_begin = 0, values_size = 0;  // size 0: a free slot
  };
  std::vector<Added> added_;
  std::vector<Slot> slots_;  // open addressing, at most half full, a power of two
  std::string text_;
  std::vector<std::uint32_t> values_;
};

}  // namespace fairlead::rules::match
