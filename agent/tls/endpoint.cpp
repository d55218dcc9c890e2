#include "agent/tls/endpoint.hpp"

#include <algorithm>
#include <array>

#include <openssl/err.h>

#include "agent/tls/openssl_parts.hpp"

namespace fairlead::agent::tls {
namespace {

void append_waiting(BIO* bio, std::string& to) {
  const std::size_t held = to.size(), size = BIO_ctrl_pending(bio);
  if (size == 0) return;
  to.resize(held + size);
  BIO_read(bio, to.data() + held, static_cast<int>(size));
}

/// What a client says that has looked at our certificate and does not believe it. RFC 8446 section 6.2
bool is_distrust(unsigned long error) {
  const int reason = ERR_GET_REASON(error);
  return reason == SSL_R_TLSV1_ALERT_UNKNOWN_CA || reason == SSL_R_SSLV3_ALERT_BAD_CERTIFICATE ||
         reason == SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN;
}

Error session_broken(SSL* ssl, Side side) {
  const bool distrusted = is_distrust(ERR_peek_last_error());
  const long verified = SSL_get_verify_result(ssl);
  if (verified != X509_V_OK) return {Errc::untrusted, side, X509_verify_cert_error_string(verified)};
  return {distrusted ? Errc::untrusted : Errc::bad_message, side, openssl_failure("TLS").value().context};
}

}  // namespace

Endpoint::Impl::Impl(SSL_CTX* context, Side peer)
    : ssl(SSL_new(context)), in(BIO_new(BIO_s_mem())), out(BIO_new(BIO_s_mem())), side(peer) {
  SSL_set_bio(ssl.get(), in, out);
}

Endpoint::Endpoint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Endpoint::Endpoint(Endpoint&&) noexcept = default;
Endpoint& Endpoint::operator=(Endpoint&&) noexcept = default;
Endpoint::~Endpoint() = default;

Result<void> Endpoint::take(std::string_view bytes, std::string& plain, std::string& wire) {
  SSL* ssl = impl_->ssl.get();
  ERR_clear_error();  // of others in this thread: SSL_get_error() looks there
  BIO_write(impl_->in, bytes.data(), static_cast<int>(bytes.size()));
  std::array<char, 4096> room;
  int got = 0;
  do {
    got = SSL_read(ssl, room.data(), static_cast<int>(room.size()));
    if (got > 0) plain.append(room.data(), static_cast<std::size_t>(got));
  } while (got > 0);
  const int why = SSL_get_error(ssl, got);
  append_waiting(impl_->out, wire);
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return {};
  if (why == SSL_ERROR_ZERO_RETURN) return fail(Errc::closed, impl_->side, "the other side ended the session");
  return tl::unexpected(session_broken(ssl, impl_->side));
}

bool Endpoint::is_established() const { return SSL_is_init_finished(impl_->ssl.get()) == 1; }

Result<void> Endpoint::say(std::string_view plain, std::string& wire) {
  ERR_clear_error();
  std::size_t written = 0;
  const bool said = plain.empty() || SSL_write_ex(impl_->ssl.get(), plain.data(), plain.size(), &written) == 1;
  append_waiting(impl_->out, wire);
  if (!said) return fail(Errc::closed, impl_->side, openssl_failure("TLS").value().context);
  return {};
}

void Endpoint::end(std::string& wire) {
  ERR_clear_error();
  SSL_shutdown(impl_->ssl.get());
  append_waiting(impl_->out, wire);
}

}  // namespace fairlead::agent::tls
