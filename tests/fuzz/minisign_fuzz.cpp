// Any bytes as a signature file and as a public key: read or refused, and what is read is within what the format
// permits.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/lists/minisign.hpp"

namespace {

namespace minisign = fairlead::agent::lists::minisign;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto signature = minisign::parse_signature(text)) {
    require(size <= minisign::kMostSignatureBytes);
    require(text.find(signature->trusted_comment) != std::string_view::npos);
    require(signature->trusted_comment.find('\n') == std::string::npos);
    // Two comments, 100 and 88 base64 digits, three line ends: nothing shorter is whole.
    require(size >= 19 + 100 + 17 + 88 + 3);
  } else {
    require(!signature.error().context.empty());
  }
  require(!minisign::parse_public_key(text) || size == 56);
  return 0;
}
