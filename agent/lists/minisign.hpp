#pragma once
// minisign's signatures of files: read strictly, checked in full. Only checking; agent/bundles/signing.hpp signs.
// Pure but for the file that is checked; any thread.
//
// A signature file has four lines: an untrusted comment, base64 of (algorithm, key id, signature), a trusted comment,
// base64 of the global signature, which covers the signature and the trusted comment. A public key is base64 of
// ("Ed", key id, Ed25519 key).
// Source: https://jedisct1.github.io/minisign/, "Signature format" and "Public key format".

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::lists::minisign {

constexpr std::size_t kMostSignatureBytes = 16384;

using KeyId = std::array<unsigned char, 8>;
using SignatureBytes = std::array<unsigned char, 64>;

struct PublicKey {
  KeyId id{};
  std::array<unsigned char, 32> key{};
};

/// What the signature was made over.
enum class Over : std::uint8_t {
  file,    // "Ed", minisign before 0.10
  digest,  // "ED", BLAKE2b-512 of the file
};

struct Signature {
  Over over = Over::digest;
  KeyId key_id{};
  SignatureBytes signature{}, global_signature{};
  std::string trusted_comment;  // trusted only once check() said so; printable text and tabs
};

/// text    the base64 line of a .pub file, 56 bytes.
/// Errors  bad_file.
[[nodiscard]] Result<PublicKey> parse_public_key(std::string_view text);

/// text    a whole .minisig file.
/// Errors  bad_file; the context says what is wrong with it.
[[nodiscard]] Result<Signature> parse_signature(std::string_view text);

/// Is the signature one of this key over this file, with its trusted comment?
/// Errors  refused, with a sentence for the administrator; not_found when the file cannot be read.
/// Cost    reads the file once; Over::file holds it in memory.
[[nodiscard]] Result<void> check(const std::filesystem::path& file, const PublicKey& key, const Signature& signature);

/// The same of bytes in memory. Errors: refused.
[[nodiscard]] Result<void> check_text(std::string_view bytes, const PublicKey& key, const Signature& signature);

}  // namespace fairlead::agent::lists::minisign
