#include "agent/tls/client_context.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <openssl/err.h>

#include "agent/tls/distrusted.hpp"
#include "agent/tls/openssl_parts.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::tls {
namespace {

constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr const char* kTls12Suites = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr int k112Bits = 2;  // SSL_CTX_set_security_level: no RSA below 2,048 bits, no SHA-1 in a chain

/// "5ed36f99.0": what a certificate's file is called by the hash of its holder (openssl-rehash).
bool is_named_by_hash(std::string_view name) {
  constexpr std::size_t kDigits = 8;
  return name.size() > kDigits + 1 && name[kDigits] == '.' &&
         std::all_of(name.begin(), name.begin() + kDigits, [](char c) { return text::hex_value(c) >= 0; });
}

/// All at once: OpenSSL would look for each root on the disk when a handshake asks for it.
void load_roots(SSL_CTX* context) {
  SSL_CTX_set_default_verify_file(context);
  const char* moved = std::getenv(X509_get_default_cert_dir_env());
  std::error_code failed;
  std::filesystem::directory_iterator entry(moved == nullptr ? X509_get_default_cert_dir() : moved, failed), end;
  for (; !failed && entry != end; entry.increment(failed)) {
    const std::filesystem::path& file = entry->path();
    if (is_named_by_hash(file.filename().string())) SSL_CTX_load_verify_file(context, file.c_str());
  }
  ERR_clear_error();  // a file that holds none is no trouble: the others count
}

}  // namespace

struct ClientContext::Impl {
  explicit Impl(const Credential& never) : own(never) {}
  Distrusted own;
  Context context{SSL_CTX_new(TLS_client_method())};
};

ClientContext::ClientContext(const Credential& never) : impl_(std::make_unique<Impl>(never)) {
  SSL_CTX* context = impl_->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_security_level(context, k112Bits);
  SSL_CTX_set_cipher_list(context, kTls12Suites);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_protos(context, kHttp11.data(), kHttp11.size());
  load_roots(context);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  impl_->own.apply_to(context);
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
