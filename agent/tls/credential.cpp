#include "agent/tls/credential.hpp"

#include <utility>

#include <openssl/pem.h>

#include "agent/tls/openssl_parts.hpp"
#include "agent/tls/pem.hpp"

namespace fairlead::agent::tls {
namespace {

std::chrono::sys_seconds time_of(const ASN1_TIME* time) {
  const std::unique_ptr<ASN1_TIME, Freed<&ASN1_TIME_free>> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0, seconds = 0;
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::days(days) + std::chrono::seconds(seconds));
}

}  // namespace

Credential::Credential(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Credential::Credential(Credential&&) noexcept = default;
Credential& Credential::operator=(Credential&&) noexcept = default;
Credential::~Credential() = default;

Result<Credential> Credential::from_pem(std::string_view certificate, std::string_view key) {
  const auto bad = [](std::string what) { return fail(Errc::bad_file, Side::local, std::move(what)); };
  auto parts = std::make_unique<Parts>();
  parts->certificate.reset(PEM_read_bio_X509(read_from(certificate).get(), nullptr, no_password, nullptr));
  if (!parts->certificate) return bad(openssl_failure("not a certificate in PEM").value().context);
  parts->key.reset(PEM_read_bio_PrivateKey(read_from(key).get(), nullptr, no_password, nullptr));
  if (!parts->key) return bad(openssl_failure("not a private key in PEM").value().context);
  if (X509_check_private_key(parts->certificate.get(), parts->key.get()) != 1) {
    return bad(openssl_failure("the key does not belong to the certificate").value().context);
  }
  return Credential(std::move(parts));
}

std::string Credential::certificate_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), parts_->certificate.get()) != 1) return {};
  return written(bio);
}

std::string Credential::key_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), parts_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return {};
  }
  return written(bio);
}

std::string Credential::subject() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  const X509_NAME* name = X509_get_subject_name(parts_->certificate.get());
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
  return written(bio);
}

std::string Credential::fingerprint() const { return fingerprint_of(parts_->certificate.get()); }

std::chrono::sys_seconds Credential::not_before() const {
  return time_of(X509_get0_notBefore(parts_->certificate.get()));
}
std::chrono::sys_seconds Credential::not_after() const {
  return time_of(X509_get0_notAfter(parts_->certificate.get()));
}
bool Credential::is_authority() const { return X509_check_ca(parts_->certificate.get()) == 1; }

}  // namespace fairlead::agent::tls
