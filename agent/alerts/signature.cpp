#include "agent/alerts/signature.hpp"

#include <array>
#include <span>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "rules/base/text.hpp"

namespace fairlead::agent::alerts {

std::string signature_of(std::string_view secret, std::uint64_t timestamp, std::string_view body) {
  const std::string message = std::to_string(timestamp) + "." + std::string(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(), &size);
  return "v1=" + text::hex(std::span(digest.data(), size));
}

}  // namespace fairlead::agent::alerts
