#include "agent/tls/certificate.hpp"

#include <ctime>
#include <utility>

namespace fairlead::agent::tls {
namespace {

/// A positive number of 127 random bits. RFC 5280 section 4.1.2.2
bool set_serial(X509* certificate) {
  const BigNumber number(BN_new());
  return number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_validity(X509* certificate, std::chrono::sys_seconds from, std::chrono::sys_seconds until) {
  return ASN1_TIME_set(X509_getm_notBefore(certificate), from.time_since_epoch().count()) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), until.time_since_epoch().count()) != nullptr;
}

}  // namespace

bool add_name(X509_NAME* name, const char* field, const std::string& value) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
  return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, static_cast<int>(value.size()), -1, 0) == 1;
}

bool add_extensions(X509* certificate, X509* issuer, std::span<const Extended> extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const Extended& wanted : extensions) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, wanted.kind, wanted.value));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return false;
  }
  return true;
}

Result<std::unique_ptr<Credential::Parts>> begin_certificate(Key key, std::chrono::sys_seconds from,
                                                             std::chrono::sys_seconds until) {
  auto parts = std::make_unique<Credential::Parts>();
  parts->key = std::move(key);
  parts->certificate.reset(X509_new());
  X509* certificate = parts->certificate.get();
  const bool good = parts->key && certificate != nullptr && X509_set_version(certificate, X509_VERSION_3) == 1 &&
                    set_serial(certificate) && set_validity(certificate, from, until) &&
                    X509_set_pubkey(certificate, parts->key.get()) == 1;
  if (!good) return openssl_failure("a certificate could not be begun");
  return parts;
}

}  // namespace fairlead::agent::tls
