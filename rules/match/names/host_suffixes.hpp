#pragma once
// The readings of a host at its label boundaries, each with its hash. Views into the host; no allocation.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

/// Whether a canonical host is an address: no name ends in a number (WHATWG, "ends in a number").
[[nodiscard]] bool is_address(std::string_view host);

}  // namespace fairlead::rules::match
