#include "rules/match/file/sums.hpp"

#include <cstring>

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace fairlead::rules::match {

std::uint64_t sum_of_frame(std::span<const std::byte> frame) {
  Header header;
  std::memcpy(&header, frame.data(), sizeof(header));
  header.sum = 0;
  return XXH3_64bits_withSeed(frame.data() + sizeof(header), frame.size() - sizeof(header),
                              XXH3_64bits(&header, sizeof(header)));
}

struct Id::State {
  SHA256_CTX context;
};

Id::Id(std::span<const SectionRecord> table) : state_(std::make_unique<State>()) {
  SHA256_Init(&state_->context);
  add(std::as_bytes(table));
}
Id::~Id() = default;

void Id::add(std::span<const std::byte> section) { SHA256_Update(&state_->context, section.data(), section.size()); }

std::array<unsigned char, 32> Id::finish() {
  std::array<unsigned char, 32> id;
  SHA256_Final(id.data(), &state_->context);
  return id;
}

}  // namespace fairlead::rules::match
