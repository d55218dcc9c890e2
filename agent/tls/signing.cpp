#include "agent/tls/signing.hpp"

#include <utility>

#include <openssl/ec.h>

#include "agent/tls/certificate.hpp"
#include "agent/tls/openssl_parts.hpp"

namespace fairlead::agent::tls {
namespace {

constexpr std::chrono::days kAuthorityLasts{5 * 365};

Key new_key() { return Key(EVP_EC_gen("P-256")); }

/// The one name that the certificate is for. Critical, since there is no subject. RFC 5280 section 4.2.1.6
bool add_host(X509* certificate, std::string_view host, rules::url::HostKind kind) {
  const std::unique_ptr<GENERAL_NAMES, Freed<&GENERAL_NAMES_free>> names(sk_GENERAL_NAME_new_null());
  std::unique_ptr<GENERAL_NAME, Freed<&GENERAL_NAME_free>> name(GENERAL_NAME_new());
  if (!names || !name) return false;
  const bool is_name = kind == rules::url::HostKind::name;
  std::string text(host);
  if (text.starts_with('[')) text = text.substr(1, text.size() - 2);
  using String = std::unique_ptr<ASN1_STRING, Freed<&ASN1_STRING_free>>;
  String value(is_name ? ASN1_IA5STRING_new() : a2i_IPADDRESS(text.c_str()));
  if (!value) return false;
  if (is_name && ASN1_STRING_set(value.get(), text.data(), static_cast<int>(text.size())) != 1) return false;
  GENERAL_NAME_set0_value(name.get(), is_name ? GEN_DNS : GEN_IPADD, value.release());
  if (sk_GENERAL_NAME_push(names.get(), name.get()) <= 0) return false;
  static_cast<void>(name.release());
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 1, X509V3_ADD_DEFAULT) == 1;
}

}  // namespace

Result<Credential> make_authority(const AuthorityNames& names, std::chrono::sys_seconds now) {
  auto parts = begin_certificate(new_key(), now - kLeafBegins, now + kAuthorityLasts);
  if (!parts) return tl::unexpected(std::move(parts).error());
  X509* certificate = (*parts)->certificate.get();
  X509_NAME* name = X509_get_subject_name(certificate);
  if (!add_name(name, "O", names.organisation) || !add_name(name, "CN", "Fairlead on " + names.device)) {
    return fail(Errc::bad_file, Side::local,
                openssl_failure("the organisation needs 1 to 64 characters in a certificate, the device 52 at most")
                    .value()
                    .context);
  }
  constexpr Extended kExtensions[] = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                      {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                      {NID_ext_key_usage, "serverAuth"},
                                      {NID_subject_key_identifier, "hash"}};
  const bool good = X509_set_issuer_name(certificate, name) == 1 &&
                    add_extensions(certificate, certificate, kExtensions) &&
                    X509_sign(certificate, (*parts)->key.get(), EVP_sha256()) > 0;
  if (!good) return openssl_failure("the authority's certificate could not be made");
  return Credential(std::move(*parts));
}

Result<Credential> make_leaf(const Credential& authority, std::string_view host, rules::url::HostKind kind,
                             const Credential* key_of, std::chrono::sys_seconds now) {
  // A URL's host may have a star in it; in a certificate it stands for many hosts. RFC 6125 section 6.4.3
  if (host.find('*') != std::string_view::npos) {
    return fail(Errc::bad_host, Side::client, "no certificate is made for many hosts: " + std::string(host));
  }
  Key key;
  if (key_of == nullptr) {
    key = new_key();
  } else if (EVP_PKEY_up_ref(key_of->parts().key.get()) == 1) {
    key.reset(key_of->parts().key.get());
  }
  auto parts = begin_certificate(std::move(key), now - kLeafBegins, now + kLeafLasts);
  if (!parts) return tl::unexpected(std::move(parts).error());
  X509* certificate = (*parts)->certificate.get();
  X509* issuer = authority.parts().certificate.get();
  constexpr Extended kExtensions[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                      {NID_key_usage, "critical,digitalSignature"},
                                      {NID_ext_key_usage, "serverAuth"},
                                      {NID_authority_key_identifier, "keyid:always"}};
  const bool good = X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
                    add_extensions(certificate, issuer, kExtensions) && add_host(certificate, host, kind) &&
                    X509_sign(certificate, authority.parts().key.get(), EVP_sha256()) > 0;
  if (!good) return openssl_failure("no certificate could be made for " + std::string(host));
  return Credential(std::move(*parts));
}

}  // namespace fairlead::agent::tls
