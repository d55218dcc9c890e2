#include "agent/command/hub_authority.hpp"

#include <system_error>
#include <utility>

#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;
constexpr auto kCertificate = "authority.pem", kKey = "authority.key";
constexpr std::size_t kLongestKey = 8192;

}  // namespace

Result<tls::Credential> read_hub_authority(const fs::path& state) {
  const auto certificate = platform::read_small_file(state / kCertificate);
  if (!certificate) return tl::unexpected(certificate.error());
  if (!*certificate) {
    return fail(Errc::not_found, Side::local,
                state.string() + " holds no authority; 'fairlead hub init --organisation NAME' makes one");
  }
  const auto key = platform::read_secret_file(state / kKey, kLongestKey);
  if (!key) return tl::unexpected(key.error());
  return tls::Credential::from_pem(**certificate, *key);
}

bool holds_hub_authority(const fs::path& state) {
  std::error_code ignored;
  return fs::exists(state / kCertificate, ignored);
}

Result<void> write_hub_authority(const fs::path& state, const tls::Credential& authority) {
  std::error_code failed;
  fs::create_directories(state, failed);
  if (!failed) fs::permissions(state, fs::perms::owner_all, failed);
  if (failed) return fail(Errc::denied, Side::local, state.string() + ": " + failed.message());
  if (fs::exists(state / kCertificate, failed)) {
    return fail(Errc::refused, Side::local,
                state.string() + " has an authority already: with another one every laptop would have to join again");
  }
  if (auto done = platform::replace_file(state / kKey, authority.key_pem()); !done) return done;
  return platform::replace_file(state / kCertificate, authority.certificate_pem());
}

}  // namespace fairlead::agent::command
