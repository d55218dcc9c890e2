#include "agent/tls/server_context.hpp"

#include <array>

#include "agent/tls/openssl_parts.hpp"

namespace fairlead::agent::tls {
namespace {

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

Endpoint ServerContext::endpoint_for(const Credential& leaf) const {
  auto impl = std::make_unique<Endpoint::Impl>(impl_->context.get(), Side::client);
  SSL* ssl = impl->ssl.get();
  SSL_set_accept_state(ssl);
  SSL_use_certificate(ssl, leaf.parts().certificate.get());
  SSL_use_PrivateKey(ssl, leaf.parts().key.get());
  return Endpoint(std::move(impl));
}

}  // namespace fairlead::agent::tls
