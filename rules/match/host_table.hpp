#pragma once
// Finds what was said about a host or about any parent of it, by hash, without allocation. Not a trie and not for
// patterns. Filled and sealed once by the thread that builds; after that every method is const and usable from any
// thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::match {

/// One reading of a host at a label boundary: "www.example.org", "example.org" or "org".
struct HostSuffix {
  std::string_view text;
  std::uint64_t hash;
};

/// Every suffix of a canonical host, the longest first; an address has only itself. Views into the host.
/// A name with more labels than DNS allows keeps its 127 shortest suffixes: no such name resolves, and every rule that
/// could speak about it sits at its end.
class HostSuffixes {
 public:
  explicit HostSuffixes(std::string_view host, url::HostKind kind = url::HostKind::name);
  explicit HostSuffixes(const url::CanonicalUrl& url) : HostSuffixes(url.host(), url.host_kind()) {}

  [[nodiscard]] std::size_t size() const { return kMost - first_; }
  [[nodiscard]] HostSuffix operator[](std::size_t i) const {
    return {host_.substr(suffixes_[first_ + i].begin), suffixes_[first_ + i].hash};
  }

 private:
  static constexpr std::size_t kMost = 127;
  struct Suffix {
    std::uint64_t hash;
    std::size_t begin;
  };
  std::string_view host_;
  std::size_t first_ = kMost;
  std::array<Suffix, kMost> suffixes_;  // filled from the back; the rest stays as it is, which saves 2 KiB of zeroes
};

/// The hash under which a whole host is kept; the same that HostSuffixes computes.
[[nodiscard]] std::uint64_t hash_host(std::string_view host);

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
