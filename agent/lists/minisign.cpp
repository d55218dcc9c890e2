#include "agent/lists/minisign.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <span>

#include <openssl/evp.h>

#include "agent/lists/file_digests.hpp"
#include "agent/tls/base64.hpp"

namespace fairlead::agent::lists::minisign {
namespace {

constexpr std::string_view kUntrusted = "untrusted comment: ";
constexpr std::string_view kTrusted = "trusted comment: ";

tl::unexpected<Error> malformed(const std::string& what) {
  return fail(Errc::bad_file, Side::upstream, "the signature file is no minisign signature: " + what);
}

/// Fills `out` exactly, or says no.
bool decode_base64(std::string_view text, std::span<unsigned char> out) {
  const auto bytes = tls::from_base64(text);
  if (!bytes || bytes->size() != out.size()) return false;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

/// The next line without its end; nothing when there is no more. Files made on Windows end lines with CR LF.
std::optional<std::string_view> next_line(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_comment(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || byte == '\t';
  });
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

bool signed_by(const PublicKey& key, const SignatureBytes& signature, std::span<const unsigned char> message) {
  const std::unique_ptr<EVP_PKEY, FreeKey> public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.key.data(), key.key.size()));
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  return public_key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

Result<std::string> bytes_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return fail(Errc::not_found, Side::local, "cannot read " + file.string());
  return bytes;
}

std::span<const unsigned char> as_bytes(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

/// minisign prints key ids as a number, the last byte first.
std::string printed(const KeyId& id) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  std::for_each(id.rbegin(), id.rend(), [&](unsigned char byte) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  });
  return out;
}

Result<bool> covers_file(const std::filesystem::path& file, const PublicKey& key, const Signature& signature) {
  if (signature.over == Over::digest) {
    const auto digest = blake2b_of_file(file);
    if (!digest) return tl::unexpected(digest.error());
    return signed_by(key, signature.signature, *digest);
  }
  const auto bytes = bytes_of_file(file);
  if (!bytes) return tl::unexpected(bytes.error());
  return signed_by(key, signature.signature, as_bytes(*bytes));
}

bool covers_bytes(std::string_view bytes, const PublicKey& key, const Signature& signature) {
  if (signature.over == Over::file) return signed_by(key, signature.signature, as_bytes(bytes));
  Blake2b512 digest{};
  return EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_blake2b512(), nullptr) == 1 &&
         signed_by(key, signature.signature, digest);
}

/// Is it one of this key, with its trusted comment? What it was made over is another question.
Result<void> check_own(const PublicKey& key, const Signature& signature, std::string_view named_by) {
  if (signature.key_id != key.id) {
    return fail(Errc::refused, Side::upstream,
                "the signature was made with key " + printed(signature.key_id) + ", not with " + printed(key.id) +
                    std::string(named_by));
  }
  // The cheap one first: it also tells a signature file that was put together from two.
  std::string covered(signature.signature.begin(), signature.signature.end());
  covered += signature.trusted_comment;
  if (!signed_by(key, signature.global_signature, as_bytes(covered)))
    return fail(Errc::refused, Side::upstream, "the signature file was changed after it was signed");
  return {};
}

}  // namespace

Result<PublicKey> parse_public_key(std::string_view text) {
  std::array<unsigned char, 42> bytes{};
  if (!decode_base64(text, bytes) || bytes[0] != 'E' || bytes[1] != 'd')
    return fail(Errc::bad_file, Side::local, "public_key is no minisign key: copy the second line of the .pub file");
  PublicKey key;
  std::copy_n(bytes.begin() + 2, key.id.size(), key.id.begin());
  std::copy_n(bytes.begin() + 10, key.key.size(), key.key.begin());
  return key;
}

Result<Signature> parse_signature(std::string_view text) {
  if (text.size() > kMostSignatureBytes) return malformed("it is too long");
  const auto untrusted = next_line(text);
  const auto signature_line = next_line(text);
  const auto trusted = next_line(text);
  const auto global_line = next_line(text);
  if (!global_line) return malformed("it has fewer than four lines");
  if (!text.empty()) return malformed("it has more than four lines");
  if (!untrusted->starts_with(kUntrusted)) return malformed("line 1 is no untrusted comment");
  if (!trusted->starts_with(kTrusted)) return malformed("line 3 is no trusted comment");
  if (!is_comment(*untrusted) || !is_comment(*trusted)) return malformed("a comment holds control characters");

  Signature out;
  std::array<unsigned char, 74> bytes{};
  if (!decode_base64(*signature_line, bytes)) return malformed("line 2 is not base64 of 74 bytes");
  if (bytes[0] != 'E' || (bytes[1] != 'd' && bytes[1] != 'D')) return malformed("its algorithm is unknown");
  out.over = bytes[1] == 'd' ? Over::file : Over::digest;
  std::copy_n(bytes.begin() + 2, out.key_id.size(), out.key_id.begin());
  std::copy_n(bytes.begin() + 10, out.signature.size(), out.signature.begin());
  if (!decode_base64(*global_line, out.global_signature)) return malformed("line 4 is not base64 of 64 bytes");
  out.trusted_comment = trusted->substr(kTrusted.size());
  return out;
}

Result<void> check(const std::filesystem::path& file, const PublicKey& key, const Signature& signature) {
  if (auto own = check_own(key, signature, ", which lists.yaml names"); !own) return own;
  const auto covers = covers_file(file, key, signature);
  if (!covers) return tl::unexpected(covers.error());
  if (!*covers) return fail(Errc::refused, Side::upstream, "the signature is not one over this file");
  return {};
}

Result<void> check_text(std::string_view bytes, const PublicKey& key, const Signature& signature) {
  if (auto own = check_own(key, signature, ""); !own) return own;
  if (!covers_bytes(bytes, key, signature))
    return fail(Errc::refused, Side::upstream, "the signature is not one over this text");
  return {};
}

}  // namespace fairlead::agent::lists::minisign
