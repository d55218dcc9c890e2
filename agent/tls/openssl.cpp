#include "agent/tls/openssl.hpp"

#include <array>

#include <openssl/err.h>

namespace fairlead::agent::tls {

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
