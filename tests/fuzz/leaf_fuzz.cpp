// A certificate that is made for a host is for that host and no other, as OpenSSL reads it again.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/tls/openssl_parts.hpp"
#include "agent/tls/signing.hpp"

namespace {

using namespace fairlead;
using namespace fairlead::agent::tls;

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'900'000'000)};

void require(bool holds) {
  if (!holds) std::abort();
}

const Credential& authority() {
  static const Credential made = *make_authority({"Organisation", "laptop"}, kNow);
  return made;
}

/// The one name in the certificate; addresses as their bytes.
std::string only_name(X509* certificate, int kind) {
  const std::unique_ptr<GENERAL_NAMES, Freed<&GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  require(names && sk_GENERAL_NAME_num(names.get()) == 1);
  const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), 0);
  require(name->type == kind);
  const ASN1_STRING* value = kind == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
          static_cast<std::size_t>(ASN1_STRING_length(value))};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 1024) return 0;
  rules::url::CanonicalUrl url;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!url.assign("https://" + std::string(text) + "/")) return 0;
  const std::string host(url.host());
  const auto leaf = make_leaf(authority(), host, url.host_kind(), &authority(), kNow);
  // A star, which a URL may hold, would make it one for many hosts.
  require(leaf.has_value() == (host.find('*') == std::string::npos));
  if (!leaf) return 0;
  const auto read = Credential::from_pem(leaf->certificate_pem(), leaf->key_pem());
  require(read.has_value() && read->fingerprint() == leaf->fingerprint() && !read->is_authority());
  X509* certificate = read->parts().certificate.get();
  const bool is_name = url.host_kind() == rules::url::HostKind::name;
  const std::string name = only_name(certificate, is_name ? GEN_DNS : GEN_IPADD);
  if (is_name) {
    require(name == host && name.find('\0') == std::string::npos);
    require(X509_check_host(certificate, ("a." + host).c_str(), 0, 0, nullptr) == 0);
  } else {
    const std::string address = host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
    require(X509_check_ip_asc(certificate, address.c_str(), 0) == 1);
  }
  require(X509_verify(certificate, authority().parts().key.get()) == 1);
  return 0;
}
