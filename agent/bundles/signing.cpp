#include "agent/bundles/signing.hpp"

#include <span>
#include <utility>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "agent/tls/base64.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::bundles {
namespace {

constexpr std::size_t kKeyBytes = 32, kSignatureBytes = 64;

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed<&EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Freed<&BIO_free_all>>;

const unsigned char* as_bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// A key that is locked with a password is none that could be used here.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

std::string signature_of(EVP_PKEY* key, std::string_view message) {
  const Context context(EVP_MD_CTX_new());
  std::string out(kSignatureBytes, '\0');
  std::size_t size = out.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, as_bytes(message),
                     message.size()) != 1)
    return {};
  return out;
}

}  // namespace

struct SigningKey::Impl {
  Key key;
  std::string id, line;  // the 8 bytes by which signatures name it
};

SigningKey::SigningKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SigningKey::~SigningKey() = default;
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;

/// minisign draws the id; here it is of the key, so that the private file need not hold it.
Result<SigningKey> SigningKey::of(std::unique_ptr<Impl> impl) {
  std::string key(kKeyBytes, '\0'), digest(32, '\0');
  std::size_t size = key.size();
  if (!impl->key || EVP_PKEY_get_id(impl->key.get()) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(impl->key.get(), reinterpret_cast<unsigned char*>(key.data()), &size) != 1 ||
      EVP_Digest(key.data(), key.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
                 nullptr) != 1)
    return fail(Errc::bad_file, Side::local, "this is no Ed25519 key that could sign");
  impl->id = digest.substr(0, minisign::KeyId().size());
  impl->line = tls::base64("Ed" + impl->id + key);
  return SigningKey(std::move(impl));
}

Result<SigningKey> SigningKey::make() {
  return of(std::make_unique<Impl>(Impl{Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), {}, {}}));
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return of(
      std::make_unique<Impl>(Impl{Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_password, nullptr)), {}, {}}));
}

Result<std::string> SigningKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  char* bytes = nullptr;
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return fail(Errc::internal, Side::local, "the key cannot be written");
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

const std::string& SigningKey::public_line() const { return impl_->line; }

std::string SigningKey::public_file() const {
  std::string id(impl_->id.rbegin(), impl_->id.rend());  // minisign prints it as a number, the last byte first
  id = text::hex(std::span(as_bytes(id), id.size()));
  for (char& digit : id)
    if (text::is_alpha(digit)) digit = static_cast<char>(digit - ('a' - 'A'));
  return "untrusted comment: minisign public key " + id + "\n" + impl_->line + "\n";
}

Result<std::string> SigningKey::sign(std::string_view text, const std::string& comment) const {
  std::string digest(64, '\0');
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_blake2b512(),
                 nullptr) != 1)
    return fail(Errc::internal, Side::local, "OpenSSL gave no digest");
  const std::string signature = signature_of(impl_->key.get(), digest);
  const std::string global = signature_of(impl_->key.get(), signature + comment);
  if (signature.empty() || global.empty()) return fail(Errc::internal, Side::local, "OpenSSL gave no signature");
  return "untrusted comment: signature of fairlead\n" + tls::base64("ED" + impl_->id + signature) +
         "\ntrusted comment: " + comment + "\n" + tls::base64(global) + "\n";
}

Result<minisign::PublicKey> read_public_key(std::string_view text) {
  text = text::trim(text);
  const std::size_t end = text.find('\n');
  auto key = minisign::parse_public_key(text::trim(end == std::string_view::npos ? text : text.substr(end + 1)));
  if (!key) return fail(Errc::bad_file, Side::local, "this is no public key as minisign writes it");
  return key;
}

}  // namespace fairlead::agent::bundles
