#include "agent/tls/pinned_authority.hpp"

#include <openssl/ssl.h>

namespace fairlead::agent::tls {

void ignore_clock(void* ssl_context) {
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(static_cast<SSL_CTX*>(ssl_context)), X509_V_FLAG_NO_CHECK_TIME);
}

}  // namespace fairlead::agent::tls
