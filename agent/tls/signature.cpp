#include "agent/tls/signature.hpp"

#include <array>
#include <memory>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "agent/tls/openssl_parts.hpp"
#include "agent/tls/pem.hpp"

namespace fairlead::agent::tls {
namespace {

using Digesting = std::unique_ptr<EVP_MD_CTX, Freed<&EVP_MD_CTX_free>>;
using Numbers = std::unique_ptr<ECDSA_SIG, Freed<&ECDSA_SIG_free>>;

constexpr std::size_t kRawKey = 32, kDeviceSignature = 64, kLongestDer = 80;
constexpr int kNumber = 32;  // bytes of r and of s

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// kind   null: the key hashes by itself.
Result<std::string> sign(EVP_PKEY* key, const EVP_MD* kind, std::string_view message, std::size_t most) {
  const Digesting context(EVP_MD_CTX_new());
  std::string out(most, '\0');
  std::size_t size = out.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, kind, nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), bytes_of(out), &size, bytes_of(message), message.size()) != 1)
    return openssl_failure("a message could not be signed");
  out.resize(size);
  return out;
}

bool is_signed(EVP_PKEY* key, const EVP_MD* kind, std::string_view message, std::string_view signature) {
  const Digesting context(EVP_MD_CTX_new());
  const bool good =
      context && EVP_DigestVerifyInit(context.get(), nullptr, kind, nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

Key device_key(std::string_view pem) {
  Key key(PEM_read_bio_PrivateKey(read_from(pem).get(), nullptr, no_password, nullptr));
  if (key && EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) key.reset();
  return key;
}

std::string raw_key_of(const EVP_PKEY* key) {
  std::string out(kRawKey, '\0');
  std::size_t size = out.size();
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, bytes_of(out), &size) != 1)
    return {};
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), bytes_of(out), &size, EVP_sha256(), nullptr);
  out.resize(size);
  return out;
}

Result<std::string> sign_as_device(std::string_view pem, std::string_view message) {
  const Key key = device_key(pem);
  if (!key) return fail(Errc::bad_file, Side::local, openssl_failure("this is no device's key").value().context);
  return sign(key.get(), nullptr, message, kDeviceSignature);
}

Result<std::string> public_key_of(std::string_view pem) {
  std::string out = raw_key_of(device_key(pem).get());
  if (out.empty()) return fail(Errc::bad_file, Side::local, openssl_failure("this is no device's key").value().context);
  return out;
}

bool signed_by_device(std::string_view public_key, std::string_view message, std::string_view signature) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key), public_key.size()));
  if (!key) ERR_clear_error();
  return key && is_signed(key.get(), nullptr, message, signature);
}

Result<std::string> sign_as_authority(const Credential& authority, std::string_view message) {
  auto der = sign(authority.parts().key.get(), EVP_sha256(), message, kLongestDer);
  if (!der) return der;
  const unsigned char* at = bytes_of(*der);
  const Numbers numbers(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der->size())));
  std::string out(std::size_t{2} * kNumber, '\0');
  if (!numbers || BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), bytes_of(out), kNumber) != kNumber ||
      BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), bytes_of(out) + kNumber, kNumber) != kNumber)
    return openssl_failure("the authority's key is no P-256 key");
  return out;
}

bool signed_by_authority(std::string_view certificate, std::string_view message, std::string_view signature) {
  const Certificate issuer(PEM_read_bio_X509(read_from(certificate).get(), nullptr, no_password, nullptr));
  const Numbers numbers(ECDSA_SIG_new());
  BigNumber r, s;
  if (signature.size() == std::size_t{2} * kNumber) {
    r.reset(BN_bin2bn(bytes_of(signature), kNumber, nullptr));
    s.reset(BN_bin2bn(bytes_of(signature) + kNumber, kNumber, nullptr));
  }
  if (!issuer || !numbers || !r || !s || ECDSA_SIG_set0(numbers.get(), r.get(), s.get()) != 1) {
    ERR_clear_error();
    return false;
  }
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  std::string der(kLongestDer, '\0');
  unsigned char* at = bytes_of(der);
  const int size = i2d_ECDSA_SIG(numbers.get(), nullptr);
  if (size <= 0 || static_cast<std::size_t>(size) > der.size()) return false;
  der.resize(static_cast<std::size_t>(i2d_ECDSA_SIG(numbers.get(), &at)));
  EVP_PKEY* key = X509_get0_pubkey(issuer.get());
  return key != nullptr && EVP_PKEY_get_id(key) == EVP_PKEY_EC && is_signed(key, EVP_sha256(), message, der);
}

Vouched read_vouched(const Credential& authority, std::string_view der, std::chrono::sys_seconds now) {
  using Store = std::unique_ptr<X509_STORE, Freed<&X509_STORE_free>>;
  using Judging = std::unique_ptr<X509_STORE_CTX, Freed<&X509_STORE_CTX_free>>;
  const auto faulty = [](std::string why) {
    ERR_clear_error();
    return Vouched{{}, {}, std::move(why)};
  };
  const unsigned char* at = bytes_of(der);
  const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const Store store(X509_STORE_new());
  const Judging judging(X509_STORE_CTX_new());
  if (!certificate || at != bytes_of(der) + der.size()) return faulty("this is no certificate");
  if (!store || !judging || X509_STORE_add_cert(store.get(), authority.parts().certificate.get()) != 1 ||
      X509_STORE_CTX_init(judging.get(), store.get(), certificate.get(), nullptr) != 1 ||
      X509_STORE_CTX_set_purpose(judging.get(), X509_PURPOSE_SSL_CLIENT) != 1)
    return faulty("it cannot be judged");
  X509_STORE_CTX_set_time(judging.get(), 0, std::chrono::system_clock::to_time_t(now));
  if (X509_verify_cert(judging.get()) != 1)
    return faulty(X509_verify_cert_error_string(X509_STORE_CTX_get_error(judging.get())));
  std::array<char, 65> name{};
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                                             static_cast<int>(name.size()));
  Vouched out{size > 0 ? std::string(name.data()) : "", raw_key_of(X509_get0_pubkey(certificate.get())), {}};
  if (out.device.empty() || out.device.size() != static_cast<std::size_t>(size) || out.key.empty())
    return faulty("it is no device's");
  return out;
}

}  // namespace fairlead::agent::tls
