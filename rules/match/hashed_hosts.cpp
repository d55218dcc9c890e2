#include "rules/match/hashed_hosts.hpp"

#include <algorithm>
#include <cstring>

#include <openssl/sha.h>

#include "rules/base/text.hpp"

namespace fairlead::rules::match {

Digest digest_of_host(std::string_view host) {
  constexpr std::string_view kSalt = "fairlead:";
  constexpr std::size_t kLongestHost = 1024;  // what canonical_host() takes; longer names do not exist
  std::array<unsigned char, kSalt.size() + kLongestHost> text;
  host = host.substr(0, kLongestHost);
  std::memcpy(text.data(), kSalt.data(), kSalt.size());
  std::memcpy(text.data() + kSalt.size(), host.data(), host.size());
  Digest digest;
  SHA256(text.data(), kSalt.size() + host.size(), digest.data());
  return digest;
}

void HashedHosts::add(std::string_view hex, std::uint32_t value) {
  Digest digest{};
  if (hex.size() != digest.size() * 2) return;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = text::hex_value(hex[2 * i]), low = text::hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return;
    digest[i] = static_cast<unsigned char>(high * 16 + low);
  }
  entries_.emplace_back(digest, value);
}

void HashedHosts::seal() {
  std::sort(entries_.begin(), entries_.end());
  entries_.shrink_to_fit();
}

std::vector<HashedHosts::Entry>::const_iterator HashedHosts::first_of(const Digest& digest) const {
  return std::lower_bound(entries_.begin(), entries_.end(), digest,
                          [](const Entry& entry, const Digest& wanted) { return entry.first < wanted; });
}

}  // namespace fairlead::rules::match
