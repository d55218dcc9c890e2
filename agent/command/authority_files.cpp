#include "agent/command/authority_files.hpp"

#include <string>
#include <string_view>
#include <system_error>

#include "agent/platform/small_file.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;

fs::path folder_in(const fs::path& state) { return state / "ca"; }
fs::path key_file(const fs::path& state) { return folder_in(state) / "key.pem"; }

constexpr std::string_view kMend =
    "'fairlead ca remove', then 'fairlead ca create' and 'fairlead ca install' put a new one in its place";

}  // namespace

fs::path authority_certificate(const fs::path& state) { return folder_in(state) / "root.pem"; }

std::string authority_pem(const fs::path& state) { return platform::text_of_small_file(authority_certificate(state)); }

Result<std::optional<tls::Credential>> read_authority(const fs::path& state) {
  std::error_code code;
  const fs::file_status key = fs::status(key_file(state), code);
  if (key.type() == fs::file_type::not_found) return std::nullopt;
  constexpr fs::perms kOfOthers = fs::perms::group_all | fs::perms::others_all;
  if (code)
    return fail(Errc::denied, Side::local, "cannot look at " + key_file(state).string() + ": " + code.message());
  if ((key.permissions() & kOfOthers) != fs::perms::none) {
    return fail(Errc::denied, Side::local,
                key_file(state).string() +
                    " must be readable by its owner alone (mode 0600); others may have read it: " + std::string(kMend));
  }
  auto read = tls::Credential::from_pem(platform::text_of_small_file(authority_certificate(state)),
                                        platform::text_of_small_file(key_file(state)));
  if (!read) {
    return fail(read.error().code, Side::local,
                folder_in(state).string() + ": " + read.error().context + ": " + std::string(kMend));
  }
  if (!read->is_authority()) {
    return fail(Errc::bad_file, Side::local,
                authority_certificate(state).string() + " is no certificate authority's: " + std::string(kMend));
  }
  return std::optional<tls::Credential>(std::move(*read));
}

Result<void> write_authority(const fs::path& state, const tls::Credential& authority) {
  std::error_code code;
  fs::create_directories(folder_in(state), code);
  if (code) return fail(Errc::denied, Side::local, "cannot make " + folder_in(state).string() + ": " + code.message());
  // The certificate first: a key without one is never used.
  auto written = platform::replace_file(authority_certificate(state), authority.certificate_pem());
  if (written) written = platform::replace_file(key_file(state), authority.key_pem());
  return written;
}

Result<void> remove_authority(const fs::path& state) {
  std::error_code code;
  fs::remove(key_file(state), code);
  if (!code) fs::remove_all(folder_in(state), code);
  if (code)
    return fail(Errc::denied, Side::local, "cannot remove " + folder_in(state).string() + ": " + code.message());
  return {};
}

}  // namespace fairlead::agent::command
