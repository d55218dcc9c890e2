#include "agent/console/password.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "agent/events/digest.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console {

namespace {

constexpr std::size_t kSalt = 16, kHash = 32;
constexpr std::uint64_t kMostMemory = std::uint64_t{256} << 20U;

/// Empty when the parameters are none that this program would write.
std::string scrypt(const KeptPassword& how, std::string_view password) {
  std::string hash(kHash, '\0');
  const int done = EVP_PBE_scrypt(
      password.data(), password.size(), reinterpret_cast<const unsigned char*>(how.salt.data()), how.salt.size(), how.n,
      how.r, how.p, kMostMemory, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
  return done == 1 ? hash : std::string();
}

}  // namespace

Result<KeptPassword> keep_password(std::string_view password) {
  std::size_t characters = 0;
  for (std::string_view rest = password; !rest.empty(); ++characters) {
    const pages::CodePoint point = pages::read_code_point(rest);
    if (!point.valid || !pages::is_showable(point.value) || point.value == '\n')
      return fail(Errc::refused, Side::client, "the password holds what cannot be typed");
    rest.remove_prefix(point.size);
  }
  if (characters < kShortestPassword)
    return fail(Errc::refused, Side::client,
                "the password is too short: at least " + std::to_string(kShortestPassword) + " characters");
  if (password.size() > kLongestPassword) return fail(Errc::refused, Side::client, "the password is too long");
  KeptPassword kept;
  kept.salt.assign(kSalt, '\0');
  events::fill_random(kept.salt);
  kept.hash = scrypt(kept, password);
  if (kept.hash.empty()) return fail(Errc::internal, Side::local, "the password could not be hashed");
  return kept;
}

bool matches(const KeptPassword& kept, std::string_view password) {
  KeptPassword how = kept;
  if (how.salt.empty()) how.salt.assign(kSalt, '\0');
  if (password.size() > kLongestPassword) password = password.substr(0, kLongestPassword + 1);
  const std::string hash = scrypt(how, password);
  return !kept.hash.empty() && equal_secrets(hash, kept.hash);
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace fairlead::agent::console
