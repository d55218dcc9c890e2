#pragma once
// What the types of this folder are made of. For its .cpp files, and tests of them, only.

#include <openssl/ssl.h>

#include "agent/tls/credential.hpp"
#include "agent/tls/endpoint.hpp"
#include "agent/tls/openssl.hpp"

namespace fairlead::agent::tls {

using Context = std::unique_ptr<SSL_CTX, Freed<&SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Freed<&SSL_free>>;

struct Credential::Parts {
  Certificate certificate;
  Key key;
};

struct Endpoint::Impl {
  /// peer   whose fault an error is.
  Impl(SSL_CTX* context, Side peer);
  Ssl ssl;
  BIO *in, *out;  // of ssl
  Side side;
};

}  // namespace fairlead::agent::tls
