#include "agent/tls/signing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "agent/tls/leaf_cache.hpp"
#include "agent/tls/openssl_parts.hpp"

namespace fairlead::agent::tls {
namespace {

using rules::url::HostKind;
using std::chrono::days;
using std::chrono::sys_seconds;

const sys_seconds kNow = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

Credential authority(std::string device = "lap-7") {
  auto made = make_authority({"Multi Trades Training", std::move(device)}, kNow);
  REQUIRE(made);
  return std::move(*made);
}
Credential leaf_of(const Credential& authority, std::string_view host, HostKind kind = HostKind::name) {
  auto made = make_leaf(authority, host, kind, nullptr, kNow);
  REQUIRE(made);
  return std::move(*made);
}

/// What OpenSSL, as a client that trusts `root`, says of `leaf` for a host; X509_V_OK is 0.
int verdict(const Credential& leaf, const Credential& root, const std::string& host, bool address = false,
            sys_seconds at = kNow) {
  const std::unique_ptr<X509_STORE, Freed<&X509_STORE_free>> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), root.parts().certificate.get());
  const std::unique_ptr<X509_STORE_CTX, Freed<&X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf.parts().certificate.get(), nullptr);
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_VERIFY_PARAM* how = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_time(how, at.time_since_epoch().count());
  if (address) {
    X509_VERIFY_PARAM_set1_ip_asc(how, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(how, host.c_str(), host.size());
  }
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

TEST_CASE("make_authority: a root that may sign servers, and nothing below them") {
  const Credential root = authority();
  CHECK(root.is_authority());
  CHECK(root.subject() == "O = Multi Trades Training, CN = Fairlead on lap-7");
  CHECK(root.not_before() == kNow - days(1));
  CHECK(root.not_after() == kNow + days(5 * 365));
  CHECK(EVP_PKEY_get_bits(root.parts().key.get()) == 256);
  X509* certificate = root.parts().certificate.get();
  CHECK(X509_get_pathlen(certificate) == 0);
  CHECK(X509_get_key_usage(certificate) == (KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  CHECK(X509_get_extended_key_usage(certificate) == XKU_SSL_SERVER);
  CHECK(authority().fingerprint() != root.fingerprint());
  CHECK(root.fingerprint().size() == 64);
}

TEST_CASE("make_authority: a name that does not fit is said") {
  const auto made = make_authority({std::string(65, 'x'), "lap-7"}, kNow);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == Errc::bad_file);
  CHECK(made.error().context.starts_with("the organisation needs 1 to 64 characters"));
  CHECK_FALSE(make_authority({"", "lap-7"}, kNow));
  CHECK_FALSE(make_authority({"Multi Trades Training", std::string(53, 'x')}, kNow));
  CHECK(make_authority({std::string(64, 'x'), std::string(52, 'x')}, kNow));
  CHECK(make_authority({"Caf\xC3\xA9", "lap-7"}, kNow)->subject() == "O = Caf\xC3\xA9, CN = Fairlead on lap-7");
}

TEST_CASE("make_leaf: a client that trusts the authority takes it for its host alone") {
  const Credential root = authority();
  const Credential leaf = leaf_of(root, "www.blocked.example");
  CHECK(verdict(leaf, root, "www.blocked.example") == X509_V_OK);
  CHECK(verdict(leaf, root, "blocked.example") == X509_V_ERR_HOSTNAME_MISMATCH);
  CHECK(verdict(leaf, root, "a.www.blocked.example") == X509_V_ERR_HOSTNAME_MISMATCH);
  CHECK_FALSE(leaf.is_authority());
  CHECK(leaf.subject().empty());
}

TEST_CASE("make_leaf: another laptop's authority does not vouch for it") {
  const Credential leaf = leaf_of(authority(), "blocked.example");
  CHECK(verdict(leaf, authority(), "blocked.example") != X509_V_OK);  // of the same name, with another key
}

TEST_CASE("make_leaf: a leaf is no authority") {
  CHECK_FALSE(make_leaf(leaf_of(authority(), "blocked.example"), "other.example", HostKind::name, nullptr, kNow));
}

TEST_CASE("make_leaf: seven days, from a day before") {
  const Credential root = authority();
  const Credential leaf = leaf_of(root, "blocked.example");
  CHECK(leaf.not_after() - leaf.not_before() <= days(7));
  CHECK(verdict(leaf, root, "blocked.example", false, kNow - days(1)) == X509_V_OK);
  CHECK(verdict(leaf, root, "blocked.example", false, kNow + days(5)) == X509_V_OK);
  CHECK(verdict(leaf, root, "blocked.example", false, kNow + days(7)) == X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_CASE("make_leaf: addresses and long names") {
  const Credential root = authority();
  CHECK(verdict(leaf_of(root, "192.0.2.7", HostKind::ipv4), root, "192.0.2.7", true) == X509_V_OK);
  CHECK(verdict(leaf_of(root, "[2001:db8::7]", HostKind::ipv6), root, "2001:db8::7", true) == X509_V_OK);
  CHECK(verdict(leaf_of(root, "192.0.2.7", HostKind::ipv4), root, "192.0.2.8", true) != X509_V_OK);
  std::string longest;
  for (int i = 0; i < 3; ++i) longest += std::string(63, static_cast<char>('a' + i)) + ".";
  longest += std::string(61, 'd');
  CHECK(verdict(leaf_of(root, longest), root, longest) == X509_V_OK);
  CHECK(verdict(leaf_of(root, "xn--80ak6aa92e.com"), root, "xn--80ak6aa92e.com") == X509_V_OK);
}

TEST_CASE("make_leaf: a star in a host is no certificate for many hosts") {
  for (const char* host : {"*.blocked.example", "*", "a*.blocked.example"}) {
    const auto made = make_leaf(authority(), host, HostKind::name, nullptr, kNow);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Errc::bad_host);
  }
}

TEST_CASE("Credential: what is written is read again, and nothing else is") {
  const Credential root = authority();
  const auto read = Credential::from_pem(root.certificate_pem(), root.key_pem());
  REQUIRE(read);
  CHECK(read->fingerprint() == root.fingerprint());
  CHECK(verdict(leaf_of(*read, "blocked.example"), root, "blocked.example") == X509_V_OK);

  const auto refusal = [](std::string_view certificate, std::string_view key) {
    const auto credential = Credential::from_pem(certificate, key);
    return credential ? "" : credential.error().context;
  };
  CHECK(refusal(root.certificate_pem(), authority().key_pem()).starts_with("the key does not belong"));
  CHECK(refusal("", root.key_pem()).starts_with("not a certificate"));
  CHECK(refusal(root.certificate_pem(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
            .starts_with("not a private key"));
  CHECK(refusal(root.certificate_pem().substr(0, 200), root.key_pem()).starts_with("not a certificate"));
}

std::string serial_of(const Credential& credential) {
  const BigNumber number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(credential.parts().certificate.get()), nullptr));
  const std::unique_ptr<char, decltype([](char* text) { OPENSSL_free(text); })> text(BN_bn2hex(number.get()));
  return text.get();
}

TEST_CASE("LeafCache: one signature for a host, one key for all, none that is about to end") {
  LeafCache cache(authority());
  const auto first = cache.leaf_for("a.example", HostKind::name, kNow);
  const auto other = cache.leaf_for("b.example", HostKind::name, kNow);
  REQUIRE(first);
  REQUIRE(other);
  CHECK(cache.leaf_for("a.example", HostKind::name, kNow + days(4)).value() == *first);
  CHECK(serial_of(**first) != serial_of(**other));
  CHECK(EVP_PKEY_eq((*first)->parts().key.get(), (*other)->parts().key.get()) == 1);
  const auto later = cache.leaf_for("a.example", HostKind::name, kNow + days(5) + std::chrono::hours(1));
  REQUIRE(later);
  CHECK(*later != *first);
  CHECK((*later)->not_after() > (*first)->not_after());
  // A clock that was put back.
  CHECK((*cache.leaf_for("a.example", HostKind::name, kNow - days(30)))->not_before() <= kNow - days(30));
  CHECK(cache.size() == 2);
}

TEST_CASE("LeafCache: bounded, the one not used for longest goes") {
  LeafCache cache(authority());
  const auto first = cache.leaf_for("first.example", HostKind::name, kNow).value();
  const auto second = cache.leaf_for("second.example", HostKind::name, kNow).value();
  for (std::size_t i = 0; i < LeafCache::kMost - 1; ++i) {
    REQUIRE(cache.leaf_for("host" + std::to_string(i) + ".example", HostKind::name, kNow));
    REQUIRE(cache.leaf_for("first.example", HostKind::name, kNow).value() == first);
  }
  CHECK(cache.size() == LeafCache::kMost);
  CHECK(cache.leaf_for("second.example", HostKind::name, kNow).value() != second);
}

}  // namespace
}  // namespace fairlead::agent::tls
