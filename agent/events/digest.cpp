#include "agent/events/digest.hpp"

#include <algorithm>
#include <cstdlib>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "rules/base/text.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::size_t kSeedSize = 32;
constexpr std::size_t kSignatureSize = 64;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::span<char> out) { return reinterpret_cast<unsigned char*>(out.data()); }

/// SHA-256 over bytes in memory cannot fail unless OpenSSL itself is broken; a wrong digest would poison the chain.
void insist(bool done) {
  if (!done) std::abort();
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeText {
  void operator()(BIO* text) const { BIO_free_all(text); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeContext>;

bool verifies(EVP_PKEY* key, const Digest& message, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message.view()),
                          message.bytes.size()) == 1;
}

}  // namespace

std::string hex(std::string_view bytes) { return text::hex({bytes_of(bytes), bytes.size()}); }

Digest digest_from(std::string_view bytes) {
  Digest out;
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.bytes.size()), out.bytes.begin());
  return out;
}

struct Hasher::Impl {
  std::unique_ptr<EVP_MD, FreeDigest> sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  DigestContext context{EVP_MD_CTX_new()};
  void begin() { insist(EVP_DigestInit_ex2(context.get(), sha256.get(), nullptr) == 1); }
};

Hasher::Hasher() : impl_(std::make_unique<Impl>()) {
  insist(impl_->sha256 && impl_->context);
  impl_->begin();
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hasher& Hasher::add(std::string_view field) {
  add(static_cast<std::uint64_t>(field.size()));
  insist(EVP_DigestUpdate(impl_->context.get(), field.data(), field.size()) == 1);
  return *this;
}

Hasher& Hasher::add(std::uint64_t number) {
  std::array<unsigned char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(number >> (8 * i));
  insist(EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()) == 1);
  return *this;
}

Digest Hasher::finish() {
  Digest out;
  insist(EVP_DigestFinal_ex(impl_->context.get(), bytes_of(out.bytes), nullptr) == 1);
  impl_->begin();
  return out;
}

struct DeviceKey::Impl {
  Key key;
  Digest proof_key;
  std::string public_key, id;
};

DeviceKey::DeviceKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DeviceKey::~DeviceKey() = default;
DeviceKey::DeviceKey(DeviceKey&&) noexcept = default;
DeviceKey& DeviceKey::operator=(DeviceKey&&) noexcept = default;

Result<DeviceKey> DeviceKey::from_seed(std::string_view seed) {
  if (seed.size() != kSeedSize) return fail(Errc::broken_store, Side::local, "the device key has not 32 bytes");
  auto impl = std::make_unique<Impl>();
  impl->key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size()));
  std::array<char, 32> public_key{};
  std::size_t size = public_key.size();
  if (!impl->key || EVP_PKEY_get_raw_public_key(impl->key.get(), bytes_of(public_key), &size) != 1) {
    return fail(Errc::broken_store, Side::local, "the device key cannot be used");
  }
  impl->public_key.assign(public_key.data(), size);
  Hasher hasher;
  impl->proof_key = hasher.add("fairlead proof key 1").add(seed).finish();
  impl->id = device_id(impl->public_key);
  return DeviceKey(std::move(impl));
}

Result<std::string> DeviceKey::sign(const Digest& message) const {
  const DigestContext context(EVP_MD_CTX_new());
  std::string signature(kSignatureSize, '\0');
  std::size_t size = signature.size();
  // Ed25519 hashes by itself: it is given no digest of ours to use.
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, impl_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), bytes_of(std::span(signature)), &size, bytes_of(message.view()),
                     message.bytes.size()) != 1) {
    return fail(Errc::internal, Side::local, "the device key did not sign");
  }
  return signature;
}

Result<std::string> DeviceKey::private_key_pem() const {
  const std::unique_ptr<BIO, FreeText> out(BIO_new(BIO_s_mem()));
  char* text = nullptr;
  if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return fail(Errc::internal, Side::local, "the device key could not be written down");
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

bool DeviceKey::signed_by_us(const Digest& message, std::string_view signature) const {
  return verifies(impl_->key.get(), message, signature);
}

bool signed_by(std::string_view public_key, const Digest& message, std::string_view signature) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key), public_key.size()));
  return key && verifies(key.get(), message, signature);
}

std::string device_id(std::string_view public_key) {
  return hex(Hasher().add("fairlead device 1").add(public_key).finish().view().substr(0, 8));
}

Digest DeviceKey::proof(const Digest& message) const {
  Digest out;
  unsigned int size = 0;
  insist(HMAC(EVP_sha256(), impl_->proof_key.bytes.data(), static_cast<int>(impl_->proof_key.bytes.size()),
              bytes_of(message.view()), message.bytes.size(), bytes_of(out.bytes), &size) != nullptr);
  return out;
}

std::string_view DeviceKey::public_key() const { return impl_->public_key; }
std::string_view DeviceKey::id() const { return impl_->id; }

void fill_random(std::span<char> out) { insist(RAND_bytes(bytes_of(out), static_cast<int>(out.size())) == 1); }

}  // namespace fairlead::agent::events
