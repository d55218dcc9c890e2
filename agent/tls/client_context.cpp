#include "agent/tls/client_context.hpp"

#include <array>
#include <string>

#include "agent/tls/openssl_parts.hpp"

namespace fairlead::agent::tls {
namespace {

constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr const char* kTls12Suites = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr int k112Bits = 2;  // SSL_CTX_set_security_level: no RSA below 2,048 bits, no SHA-1 in a chain

/// Our own authority stands in the system's store for the sake of browsers; an origin that shows it is an attack.
int refuse_own(int good, X509_STORE_CTX* store) {
  const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* never = static_cast<X509*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  const X509* shown = X509_STORE_CTX_get_current_cert(store);
  if (good == 1 && shown != nullptr && X509_cmp(shown, never) == 0) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
  }
  return good;
}

}  // namespace

struct ClientContext::Impl {
  Certificate never;
  Context context{SSL_CTX_new(TLS_client_method())};
};

ClientContext::ClientContext(const Credential& never) : impl_(std::make_unique<Impl>()) {
  SSL_CTX* context = impl_->context.get();
  impl_->never.reset(X509_dup(never.parts().certificate.get()));
  SSL_CTX_set_app_data(context, impl_->never.get());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_security_level(context, k112Bits);
  SSL_CTX_set_cipher_list(context, kTls12Suites);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_protos(context, kHttp11.data(), kHttp11.size());
  SSL_CTX_set_default_verify_paths(context);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, refuse_own);
}
ClientContext::ClientContext(ClientContext&&) noexcept = default;
ClientContext& ClientContext::operator=(ClientContext&&) noexcept = default;
ClientContext::~ClientContext() = default;

Endpoint ClientContext::endpoint_to(std::string_view host, rules::url::HostKind kind) const {
  auto impl = std::make_unique<Endpoint::Impl>(impl_->context.get(), Side::upstream);
  SSL* ssl = impl->ssl.get();
  SSL_set_connect_state(ssl);
  const std::string name(host);
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool is_name = kind == rules::url::HostKind::name;
  const int set = is_name ? X509_VERIFY_PARAM_set1_host(wanted, name.data(), name.size())
                          : X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str());
  // Without a name to compare with, every certificate of the world would do.
  if (set != 1) X509_VERIFY_PARAM_set1_host(wanted, "unusable.invalid", 0);
  if (is_name) SSL_set_tlsext_host_name(ssl, name.c_str());
  return Endpoint(std::move(impl));
}

}  // namespace fairlead::agent::tls
