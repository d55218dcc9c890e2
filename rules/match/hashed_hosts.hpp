#pragma once
// Hosts of opaque categories: the file holds SHA-256("fairlead:" + host), never the name. The full digest is compared.
// Built once; const and usable from any thread afterwards.

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/match/host_table.hpp"

namespace fairlead::rules::match {

using Digest = std::array<unsigned char, 32>;

/// SHA-256 of "fairlead:" + host. About 0.1 µs.
[[nodiscard]] Digest digest_of_host(std::string_view host);

class HashedHosts {
 public:
  /// hex  64 lower-case hex digits, as the loader has checked; anything else is never found.
  void add(std::string_view hex, std::uint32_t value);
  void seal();

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// Calls `each(value)` for every entry of this host.
  template <class Function>
  void find(const HostSuffix& host, Function&& each) const {
    if (!unlisted_.find(host).empty()) return;
    const Digest digest = digest_of_host(host.text);
    for (auto entry = first_of(digest); entry != entries_.end() && entry->first == digest; ++entry) each(entry->second);
  }

 private:
  using Entry = std::pair<Digest, std::uint32_t>;
  [[nodiscard]] std::vector<Entry>::const_iterator first_of(const Digest& digest) const;
  std::vector<Entry> entries_;  // sorted
  HostTable unlisted_;          // common ends of names that are no entry: every request would hash them
};

}  // namespace fairlead::rules::match
