#include "agent/tls/server_session.hpp"

#include <array>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "agent/tls/openssl_parts.hpp"

namespace fairlead::agent::tls {
namespace {

using Context = std::unique_ptr<SSL_CTX, Freed<&SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Freed<&SSL_free>>;

constexpr std::array<unsigned char, 9> kOurs{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Pages are answered over HTTP/1.1; a client that cannot speak it is told so by the handshake. RFC 7301 section 3.2
int choose_protocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned size, void* /*data*/) {
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_size, kOurs.data(), kOurs.size(), offered, size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void append_waiting(BIO* bio, std::string& to) {
  const std::size_t held = to.size(), size = BIO_ctrl_pending(bio);
  if (size == 0) return;
  to.resize(held + size);
  BIO_read(bio, to.data() + held, static_cast<int>(size));
}

}  // namespace

struct ServerContext::Impl {
  Context context{SSL_CTX_new(TLS_server_method())};
};

ServerContext::ServerContext() : impl_(std::make_unique<Impl>()) {
  SSL_CTX* context = impl_->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}
ServerContext::ServerContext(ServerContext&&) noexcept = default;
ServerContext& ServerContext::operator=(ServerContext&&) noexcept = default;
ServerContext::~ServerContext() = default;

struct ServerSession::Impl {
  Ssl ssl;
  BIO *in, *out;  // of ssl
};

ServerSession::ServerSession(const ServerContext& context, const Credential& leaf)
    : impl_(std::make_unique<Impl>(
          Impl{Ssl(SSL_new(context.impl_->context.get())), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem())})) {
  SSL* ssl = impl_->ssl.get();
  SSL_set_bio(ssl, impl_->in, impl_->out);
  SSL_set_accept_state(ssl);
  SSL_use_certificate(ssl, leaf.parts().certificate.get());
  SSL_use_PrivateKey(ssl, leaf.parts().key.get());
}
ServerSession::ServerSession(ServerSession&&) noexcept = default;
ServerSession::~ServerSession() = default;

Result<void> ServerSession::take(std::string_view bytes, std::string& plain, std::string& wire) {
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
  if (why == SSL_ERROR_ZERO_RETURN) return fail(Errc::closed, Side::client, "the client ended the session");
  return fail(Errc::bad_message, Side::client, openssl_failure("TLS handshake").value().context);
}

bool ServerSession::is_established() const { return SSL_is_init_finished(impl_->ssl.get()) == 1; }

void ServerSession::finish(std::string_view plain, std::string& wire) {
  SSL* ssl = impl_->ssl.get();
  if (!plain.empty()) SSL_write(ssl, plain.data(), static_cast<int>(plain.size()));
  SSL_shutdown(ssl);
  append_waiting(impl_->out, wire);
}

}  // namespace fairlead::agent::tls
