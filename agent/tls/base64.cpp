#include "agent/tls/base64.hpp"

#include <algorithm>

#include <openssl/evp.h>

#include "rules/base/text.hpp"

namespace fairlead::agent::tls {

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int size = text.size() % 4 != 0 ? -1
                                        : EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                                          reinterpret_cast<const unsigned char*>(text.data()),
                                                          static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // OpenSSL decodes padding as zeros, and takes white space.
  for (std::size_t at = text.size(); at > 0 && text[at - 1] == '=' && !out.empty(); --at) out.pop_back();
  if (base64(out) != text) return std::nullopt;
  return out;
}

std::string base64_of_pem(std::string_view pem) {
  std::string out;
  while (!pem.empty()) {
    const std::string_view line = pem.substr(0, pem.find('\n'));
    if (!line.starts_with("-----")) out += text::trim(line);
    pem.remove_prefix(std::min(line.size() + 1, pem.size()));
  }
  return out;
}

}  // namespace fairlead::agent::tls
