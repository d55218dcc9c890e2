#pragma once
// Where programs of this laptop look for the authorities that they trust, and how the laptop's own one gets in there
// and out again without a trace. What was changed is written down in the state folder first, so that it can be undone
// at any time. Only the certificate goes there, never the key. Blocks; changes need the administrator.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::command {

enum class Trust : std::uint8_t {
  none,     // no certificate of an authority of ours
  other,    // of an authority that this laptop had before
  present,  // of the one that it has
};

struct StoreState {
  std::string_view name;  // for people: "Firefox"
  Trust trust = Trust::none;
  std::string where;  // the file
  Result<void> done;  // what came of the change that was asked for
};

/// What each store holds. Reads only files that everybody may read.
///
/// certificate   PEM, of the authority that the laptop has; empty when it has none.
[[nodiscard]] std::vector<StoreState> look_at_stores(const std::string& certificate);

/// Puts the certificate into every store that does not hold it yet, in the place of one from before. A store that
/// cannot be changed keeps the others from nothing.
[[nodiscard]] std::vector<StoreState> install_certificate(const std::string& certificate,
                                                          const std::filesystem::path& state);

/// Takes out of every store what install_certificate() put in with this state folder. What others have changed in the
/// same files since then stays.
/// Errors   of the first store that could not be changed; all are tried.
[[nodiscard]] Result<void> uninstall_certificate(const std::filesystem::path& state);

}  // namespace fairlead::agent::command
