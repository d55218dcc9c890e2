#include "agent/tls/openssl.hpp"

#include <array>
#include <span>

#include <openssl/err.h>

#include "rules/base/text.hpp"

namespace fairlead::agent::tls {

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  return text::hex(std::span(digest).first(size));
}

tl::unexpected<Error> openssl_failure(std::string what) {
  if (const unsigned long code = ERR_peek_last_error(); code != 0) {
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    what.append(": ").append(text.data());
    ERR_clear_error();
  }
  return fail(Errc::internal, Side::local, std::move(what));
}

}  // namespace fairlead::agent::tls
