#include "agent/lists/file_digests.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <span>
#include <vector>

#include <openssl/evp.h>

#include "rules/base/text.hpp"

namespace fairlead::agent::lists {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// digest  exactly as many bytes as the kind gives.
Result<void> read_and_digest(const std::filesystem::path& file, const EVP_MD* kind, std::span<unsigned char> digest) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(Errc::not_found, Side::local, "cannot read " + file.string());
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  bool good = context && EVP_DigestInit_ex(context.get(), kind, nullptr) == 1;
  std::vector<char> piece(std::size_t{1} << 18U);
  while (good && in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    good = EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(in.gcount())) == 1;
  }
  if (in.bad()) return fail(Errc::not_found, Side::local, "cannot read " + file.string() + " to its end");
  if (!good || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
    return fail(Errc::internal, Side::local, "OpenSSL gave no digest of " + file.string());
  return {};
}

}  // namespace

Result<std::string> sha256_of_file(const std::filesystem::path& file) {
  std::array<unsigned char, 32> digest{};
  if (auto done = read_and_digest(file, EVP_sha256(), digest); !done) return tl::unexpected(std::move(done).error());
  return text::hex(digest);
}

Result<std::string> sha256_of_tree(const std::filesystem::path& file_or_folder) {
  namespace fs = std::filesystem;
  std::error_code code;
  if (!fs::is_directory(file_or_folder, code)) return sha256_of_file(file_or_folder);
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(file_or_folder, code), end; !code && entry != end;
       entry.increment(code)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) files.push_back(entry->path());
  }
  if (code) return fail(Errc::not_found, Side::local, "cannot read " + file_or_folder.string());
  std::sort(files.begin(), files.end());
  std::string all;
  for (const fs::path& file : files) {
    auto digest = sha256_of_file(file);
    if (!digest) return digest;
    all += fs::relative(file, file_or_folder, code).string() + '\0' + *digest + '\n';
  }
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  if (EVP_Digest(all.data(), all.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    return fail(Errc::internal, Side::local, "OpenSSL gave no digest of " + file_or_folder.string());
  return text::hex(digest);
}

Result<Blake2b512> blake2b_of_file(const std::filesystem::path& file) {
  Blake2b512 digest{};
  if (auto done = read_and_digest(file, EVP_blake2b512(), digest); !done)
    return tl::unexpected(std::move(done).error());
  return digest;
}

}  // namespace fairlead::agent::lists
