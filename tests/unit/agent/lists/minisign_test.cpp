#include "agent/lists/minisign.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include <openssl/evp.h>

#include "samples.hpp"

namespace fairlead::agent::lists::minisign {
namespace {

std::string fixture(const std::string& name) {
  return read_file(std::string(FAIRLEAD_SOURCE_DIR) + "/tests/unit/agent/lists/minisign/" + name);
}

std::filesystem::path fixture_path(const std::string& name) {
  return std::string(FAIRLEAD_SOURCE_DIR) + "/tests/unit/agent/lists/minisign/" + name;
}

std::string base64(const std::string& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// Signs as minisign does, with a key made of 32 equal bytes.
class Signer {
 public:
  explicit Signer(char seed) {
    const std::string bytes(32, seed);
    key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                            reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
  }
  std::string sign(const std::string& message) const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    REQUIRE(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
    REQUIRE(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                           reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1);
    return signature;
  }
  std::string public_key(const std::string& id = "12345678") const {
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    REQUIRE(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size) == 1);
    return base64("Ed" + id + raw);
  }
  /// A signature in the form that signs the file itself.
  std::string file_signature(const std::string& bytes, const std::string& comment = "made for a test") const {
    const std::string signature = sign(bytes);
    return "untrusted comment: x\n" + base64("Ed12345678" + signature) + "\ntrusted comment: " + comment + "\n" +
           base64(sign(signature + comment)) + "\n";
  }

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_{nullptr, EVP_PKEY_free};
};

Result<void> check_texts(const std::filesystem::path& file, const std::string& key, const std::string& signature) {
  const auto public_key = parse_public_key(key);
  if (!public_key) return tl::unexpected(public_key.error());
  const auto parsed = parse_signature(signature);
  if (!parsed) return tl::unexpected(parsed.error());
  return check(file, *public_key, *parsed);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

TEST_CASE("minisign: what the real minisign signed holds, in its new and its old form") {
  std::string key = fixture("key.pub");
  key.pop_back();
  for (const auto& row :
       {std::pair("trades_list.txt.minisig", Over::digest), std::pair("trades_list_whole.txt.minisig", Over::file)}) {
    const auto& name = row.first;
    const auto over = row.second;
    CAPTURE(name);
    const auto signature = parse_signature(fixture(name));
    REQUIRE(signature);
    CHECK(signature->over == over);
    CHECK(signature->trusted_comment.starts_with("timestamp:"));
    CHECK(check(fixture_path("trades_list.txt"), *parse_public_key(key), *signature));
    const auto of_another = check(fixture_path("key.pub"), *parse_public_key(key), *signature);
    REQUIRE_FALSE(of_another);
    CHECK(of_another.error().context == "the signature is not one over this file");
  }
}

TEST_CASE("minisign: lines may end as on Windows, and the last one need not end") {
  std::string text = fixture("trades_list.txt.minisig");
  CHECK(parse_signature(text.substr(0, text.size() - 1)));
  std::string windows;
  for (const char c : text) windows += c == '\n' ? "\r\n" : std::string(1, c);
  const auto read = parse_signature(windows);
  REQUIRE(read);
  CHECK(read->trusted_comment == parse_signature(text)->trusted_comment);
}

TEST_CASE("minisign: a trusted comment that was changed is refused, an untrusted one is anybody's") {
  TemporaryFolder folder;
  write_file(folder.path() / "list", "slots.example\n");
  const Signer signer('k');
  const std::string signature = signer.file_signature("slots.example\n");
  CHECK(check_texts(folder.path() / "list", signer.public_key(), signature));
  CHECK(check_texts(folder.path() / "list", signer.public_key(), replaced(signature, "comment: x", "comment: y z")));
  const auto changed =
      check_texts(folder.path() / "list", signer.public_key(), replaced(signature, "for a test", "for a rest"));
  REQUIRE_FALSE(changed);
  CHECK(changed.error().code == Errc::refused);
  CHECK(changed.error().context == "the signature file was changed after it was signed");
}

TEST_CASE("minisign: the key's number and the key itself must both be the ones of lists.yaml") {
  TemporaryFolder folder;
  write_file(folder.path() / "list", "slots.example\n");
  const Signer signer('k'), other('o');
  const std::string signature = signer.file_signature("slots.example\n");
  const auto number = check_texts(folder.path() / "list", signer.public_key("87654321"), signature);
  REQUIRE_FALSE(number);
  CHECK(number.error().context ==
        "the signature was made with key 3837363534333231, not with 3132333435363738, which lists.yaml names");
  const auto key = check_texts(folder.path() / "list", other.public_key(), signature);
  REQUIRE_FALSE(key);
  CHECK(key.error().code == Errc::refused);
}

TEST_CASE("minisign: every single bit of a signature's bytes matters") {
  TemporaryFolder folder;
  write_file(folder.path() / "list", "slots.example\n");
  const Signer signer('k');
  const auto good = parse_signature(signer.file_signature("slots.example\n"));
  const auto key = parse_public_key(signer.public_key());
  REQUIRE(check(folder.path() / "list", *key, *good));
  for (std::size_t bit = 0; bit < 64 * 8; ++bit) {
    Signature changed = *good;
    changed.signature[bit / 8] ^= static_cast<unsigned char>(1U << bit % 8);
    CHECK_FALSE(check(folder.path() / "list", *key, changed));
    changed = *good;
    changed.global_signature[bit / 8] ^= static_cast<unsigned char>(1U << bit % 8);
    CHECK_FALSE(check(folder.path() / "list", *key, changed));
  }
}

TEST_CASE("minisign: a signature file that is not exactly one is refused with what is wrong with it") {
  const std::string good = fixture("trades_list.txt.minisig");
  const std::string prefix = "the signature file is no minisign signature: ";
  const struct {
    std::string text, says;
  } rows[] = {
      {"", "it has fewer than four lines"},
      {good.substr(0, good.rfind('\n', good.size() - 2) + 1), "it has fewer than four lines"},
      {good + "\n", "it has more than four lines"},
      {good + good, "it has more than four lines"},
      {replaced(good, "untrusted comment: ", "untrusted comment:"), "line 1 is no untrusted comment"},
      {replaced(good, "\ntrusted comment: ", "\nTrusted comment: "), "line 3 is no trusted comment"},
      {replaced(good, "minisign secret", std::string("minisign\x1b[31m")), "a comment holds control characters"},
      {replaced(good, "timestamp", std::string("time\0stamp", 10)), "a comment holds control characters"},
      {replaced(good, "RUT", "RU"), "line 2 is not base64 of 74 bytes"},
      {replaced(good, "RUT", " RUT"), "line 2 is not base64 of 74 bytes"},
      {replaced(good, "gJdQ4=", "gJdQ5="), "line 2 is not base64 of 74 bytes"},
      {replaced(good, "gJdQ4=", "gJdQ4A"), "line 2 is not base64 of 74 bytes"},
      {replaced(good, "RUT", "RXT"), "its algorithm is unknown"},
      {replaced(good, "RUT", "QUT"), "its algorithm is unknown"},
      {replaced(good, "bBQ==", "bBR=="), "line 4 is not base64 of 64 bytes"},
      {replaced(good, "bBQ==", "b-Q=="), "line 4 is not base64 of 64 bytes"},
      {"untrusted comment: " + std::string(kMostSignatureBytes, 'x') + good, "it is too long"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.says);
    const auto read = parse_signature(row.text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::bad_file);
    CHECK(read.error().context == prefix + row.says);
  }
}

TEST_CASE("minisign: a public key is 56 bytes of base64 that begin with its algorithm") {
  std::string key = fixture("key.pub");
  key.pop_back();
  CHECK(parse_public_key(key));
  for (const std::string& bad : {std::string(), key + "\n", key.substr(1), "RUT" + key.substr(3),
                                 key + "====", std::string("untrusted comment: minisign public key\n") + key}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_public_key(bad));
  }
}

TEST_CASE("minisign: a file that cannot be read is not one whose signature is wrong") {
  std::string key = fixture("key.pub");
  key.pop_back();
  for (const char* name : {"trades_list.txt.minisig", "trades_list_whole.txt.minisig"}) {
    const auto checked = check(fixture_path("not-there"), *parse_public_key(key), *parse_signature(fixture(name)));
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Errc::not_found);
  }
}

}  // namespace
}  // namespace fairlead::agent::lists::minisign
