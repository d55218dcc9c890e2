#include "agent/tls/request.hpp"

#include <array>
#include <memory>
#include <utility>

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "agent/tls/certificate.hpp"
#include "agent/tls/openssl_parts.hpp"
#include "agent/tls/pem.hpp"

namespace fairlead::agent::tls {
namespace {

constexpr std::chrono::days kAuthorityLasts{3652}, kBegins{1};
constexpr std::size_t kLongestRequest = 4096;

using Request = std::unique_ptr<X509_REQ, Freed<&X509_REQ_free>>;

/// A request that its own key signed: nobody else's key can be asked for.
Result<Request> read_request(std::string_view text) {
  const auto bad = [](std::string what) {
    return fail(Errc::bad_message, Side::client, openssl_failure(std::move(what)).value().context);
  };
  if (text.size() > kLongestRequest) return bad("the certificate request is too long");
  Request request(PEM_read_bio_X509_REQ(read_from(text).get(), nullptr, no_password, nullptr));
  if (!request) return bad("this is no certificate request in PEM");
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) return bad("a device's key is an Ed25519 key");
  if (X509_REQ_verify(request.get(), key) != 1) return bad("the certificate request is not signed by its key");
  return request;
}

}  // namespace

Result<Credential> make_fleet_authority(const std::string& organisation, std::chrono::sys_seconds now) {
  auto parts = begin_certificate(Key(EVP_EC_gen("P-256")), now - kBegins, now + kAuthorityLasts);
  if (!parts) return tl::unexpected(std::move(parts).error());
  X509* certificate = (*parts)->certificate.get();
  X509_NAME* name = X509_get_subject_name(certificate);
  if (!add_name(name, "O", organisation) || !add_name(name, "CN", "Fairlead fleet")) {
    return fail(Errc::bad_file, Side::local,
                openssl_failure("the organisation needs 1 to 64 characters in a certificate").value().context);
  }
  constexpr Extended kExtensions[] = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                      {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                      {NID_ext_key_usage, "serverAuth,clientAuth"},
                                      {NID_subject_key_identifier, "hash"}};
  const bool good = X509_set_issuer_name(certificate, name) == 1 &&
                    add_extensions(certificate, certificate, kExtensions) &&
                    X509_sign(certificate, (*parts)->key.get(), EVP_sha256()) > 0;
  if (!good) return openssl_failure("the fleet's authority could not be made");
  return Credential(std::move(*parts));
}

Result<std::string> fingerprint_of(std::string_view text) {
  const Certificate certificate(PEM_read_bio_X509(read_from(text).get(), nullptr, no_password, nullptr));
  if (!certificate)
    return fail(Errc::bad_message, Side::upstream, openssl_failure("this is no certificate in PEM").value().context);
  return fingerprint_of(certificate.get());
}

Result<std::string> organisation_of(std::string_view text) {
  const Certificate certificate(PEM_read_bio_X509(read_from(text).get(), nullptr, no_password, nullptr));
  const int at =
      certificate ? X509_NAME_get_index_by_NID(X509_get_subject_name(certificate.get()), NID_organizationName, -1) : -1;
  unsigned char* utf8 = nullptr;
  const int size =
      at < 0 ? -1
             : ASN1_STRING_to_UTF8(
                   &utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(X509_get_subject_name(certificate.get()), at)));
  if (size < 0) return fail(Errc::bad_message, Side::upstream, "the authority's certificate names no organisation");
  std::string out(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return out;
}

Result<std::string> make_request(std::string_view key) {
  const Key pair(PEM_read_bio_PrivateKey(read_from(key).get(), nullptr, no_password, nullptr));
  const Request request(X509_REQ_new());
  const Bio out(BIO_new(BIO_s_mem()));
  // Ed25519 hashes by itself, so no digest is named. RFC 8410
  const bool good = pair && request && out && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                    X509_REQ_set_pubkey(request.get(), pair.get()) == 1 &&
                    X509_REQ_sign(request.get(), pair.get(), nullptr) > 0 &&
                    PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
  if (!good) return openssl_failure("no certificate could be asked for");
  return written(out);
}

Result<std::string> key_of_request(std::string_view text) {
  const auto request = read_request(text);
  if (!request) return tl::unexpected(request.error());
  std::array<unsigned char, 32> key{};
  std::size_t size = key.size();
  if (EVP_PKEY_get_raw_public_key(X509_REQ_get0_pubkey(request->get()), key.data(), &size) != 1)
    return openssl_failure("the key of a certificate request could not be read");
  return std::string(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(size));
}

Result<std::string> grant(const Credential& authority, std::string_view text, const std::string& device,
                          std::chrono::sys_seconds now) {
  const auto request = read_request(text);
  if (!request) return tl::unexpected(request.error());
  Key key(X509_REQ_get_pubkey(request->get()));
  auto parts = begin_certificate(std::move(key), now - kBegins, now + kDeviceCertificateLasts);
  if (!parts) return tl::unexpected(std::move(parts).error());
  X509* certificate = (*parts)->certificate.get();
  X509* issuer = authority.parts().certificate.get();
  constexpr Extended kExtensions[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                      {NID_key_usage, "critical,digitalSignature"},
                                      {NID_ext_key_usage, "clientAuth"},
                                      {NID_authority_key_identifier, "keyid:always"}};
  const Bio out(BIO_new(BIO_s_mem()));
  const bool good = out && add_name(X509_get_subject_name(certificate), "CN", device) &&
                    X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
                    add_extensions(certificate, issuer, kExtensions) &&
                    X509_sign(certificate, authority.parts().key.get(), EVP_sha256()) > 0 &&
                    PEM_write_bio_X509(out.get(), certificate) == 1;
  if (!good) return openssl_failure("no certificate could be made for a device");
  return written(out);
}

}  // namespace fairlead::agent::tls
