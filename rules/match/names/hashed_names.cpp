#include "rules/match/names/hashed_names.hpp"

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

Digest digest_of_name(std::string_view host, std::string_view path) {
  constexpr std::string_view kSalt = "fairlead:";
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, kSalt.data(), kSalt.size());
  SHA256_Update(&context, host.data(), host.size());
  SHA256_Update(&context, path.data(), path.size());
  Digest digest;
  SHA256_Final(digest.data(), &context);
  return digest;
}

std::optional<Digest> digest_of_hex(std::string_view hex) {
  Digest digest{};
  if (hex.size() != digest.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = text::hex_value(hex[2 * i]), low = text::hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return digest;
}

HashedNames::HashedNames(const FileView& file) : file_(&file), records_(file.records<HashedRecord>(Section::hashed)) {
  if (records_.empty()) return;
  for (const std::string_view end : kCommonEnds) {
    if (records_of(digest_of_name(end)).empty() && !file.damaged()) unlisted_.add(end, 0);
  }
  unlisted_.seal();
}

std::span<const HashedRecord> HashedNames::records_of(const Digest& digest) const {
  std::size_t begin = 0, end = records_.size();
  while (begin < end) {
    const std::size_t middle = (begin + end) / 2;
    const HashedRecord* record = file_->at(records_, middle);
    if (record == nullptr) return {};
    record->digest < digest ? begin = middle + 1 : end = middle;
  }
  std::size_t size = 0;
  while (begin + size < records_.size()) {
    const HashedRecord* record = file_->at(records_, begin + size);
    if (record == nullptr || record->digest != digest) break;
    ++size;
  }
  return records_.subspan(begin, size);
}

}  // namespace fairlead::rules::match
