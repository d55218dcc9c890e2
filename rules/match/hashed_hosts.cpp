#include "rules/match/hashed_hosts.hpp"

#include <algorithm>

// The plain functions and not EVP: EVP allocates and looks its algorithm up each time, which costs as much as all the
// rest of a decision.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "rules/base/text.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::array<std::string_view, 20> kCommonEnds = {"com", "uk",  "co.uk", "org.uk", "ac.uk", "gov.uk", "net",
                                                          "org", "io",  "eu",    "de",     "fr",    "nl",     "it",
                                                          "es",  "app", "dev",   "tv",     "info",  "me"};

}  // namespace

Digest digest_of_host(std::string_view host) {
  constexpr std::string_view kSalt = "fairlead:";
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, kSalt.data(), kSalt.size());
  SHA256_Update(&context, host.data(), host.size());
  Digest digest;
  SHA256_Final(digest.data(), &context);
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
  for (const std::string_view end : kCommonEnds) {
    const Digest digest = digest_of_host(end);
    const auto entry = first_of(digest);
    if (entry == entries_.end() || entry->first != digest) unlisted_.add(end, 0);
  }
  unlisted_.seal();
}

std::vector<HashedHosts::Entry>::const_iterator HashedHosts::first_of(const Digest& digest) const {
  return std::lower_bound(entries_.begin(), entries_.end(), digest,
                          [](const Entry& entry, const Digest& wanted) { return entry.first < wanted; });
}

}  // namespace fairlead::rules::match
