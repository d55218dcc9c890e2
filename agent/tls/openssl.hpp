#pragma once
// OpenSSL's objects with an owner each. For the .cpp files of this folder only.

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "rules/base/result.hpp"

namespace fairlead::agent::tls {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<&BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, Freed<&BN_free>>;
using Certificate = std::unique_ptr<X509, Freed<&X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<&X509_EXTENSION_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;

/// SHA-256 over it, lower-case hexadecimal; empty when OpenSSL cannot.
[[nodiscard]] std::string fingerprint_of(const X509* certificate);

/// What OpenSSL said last, behind `what`; nothing is left in its queue.
[[nodiscard]] tl::unexpected<Error> openssl_failure(std::string what);

}  // namespace fairlead::agent::tls
