#include "agent/tls/distrusted.hpp"

#include "agent/tls/openssl_parts.hpp"

namespace fairlead::agent::tls {

struct Distrusted::Impl {
  Certificate certificate;
};

namespace {

/// In the place of OpenSSL's own check, which it calls. authority: X509*.
int verify(X509_STORE_CTX* store, void* authority) {
  if (X509_verify_cert(store) != 1) return 0;
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(store);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    if (X509_cmp(sk_X509_value(chain, i), static_cast<const X509*>(authority)) != 0) continue;
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
  }
  return 1;
}

}  // namespace

Distrusted::Distrusted(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Distrusted::Distrusted(const Credential& authority)
    : impl_(std::make_unique<const Impl>(Impl{Certificate(X509_dup(authority.parts().certificate.get()))})) {}
Distrusted::Distrusted(Distrusted&&) noexcept = default;
Distrusted& Distrusted::operator=(Distrusted&&) noexcept = default;
Distrusted::~Distrusted() = default;

Result<Distrusted> Distrusted::from_pem(std::string_view certificate) {
  const Bio bio(BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())));
  Certificate read(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!read) return fail(Errc::bad_file, Side::local, openssl_failure("certificate").value().context);
  return Distrusted(std::make_unique<const Impl>(Impl{std::move(read)}));
}

void Distrusted::apply_to(void* ssl_context) const {
  SSL_CTX_set_cert_verify_callback(static_cast<SSL_CTX*>(ssl_context), verify, impl_->certificate.get());
}

}  // namespace fairlead::agent::tls
