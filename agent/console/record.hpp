#pragma once
// What the console writes down about its own use: who looked at a personal record, who signed in or was locked out.
// Blocks until it is on the disk; a page that shows a person is not sent before.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/visit.hpp"

namespace fairlead::agent::console {

inline constexpr std::chrono::days kAccessKept{730};

/// Somebody is about to be shown what is recorded about people.
///
/// subject   public and kept for good, so without a person: "incident 17", "list of incidents", "export".
/// people    whose records are shown, an empty name for who is not known; each is named in the entry, none twice. With
///           nobody there is nothing to write down.
/// incident  0: none.
/// Errors    those of the store: then nothing may be shown.
[[nodiscard]] Result<void> record_access(const Visit& visit, std::string_view subject,
                                         const std::vector<std::string>& people, std::uint64_t incident = 0);
/// The same for one person.
[[nodiscard]] Result<void> record_access(const Visit& visit, std::string_view subject, std::string_view person);

/// The same for what leaves the console as a file: `export` instead of `access`.
[[nodiscard]] Result<void> record_export(const Visit& visit, std::string_view subject,
                                         const std::vector<std::string>& people, std::uint64_t incident = 0);

/// An account signed in.
[[nodiscard]] Result<void> record_sign_in(const Visit& visit, std::string_view account);
/// Somebody typed too many wrong passwords. Who it was is the person on the other end; the account did nothing.
/// account  whose name was typed, or empty for a name that is no account: it might be a password in the wrong place.
[[nodiscard]] Result<void> record_lock(const Visit& visit, std::string_view subject, std::string_view account);

/// "This cannot be shown now" (503), for when the entry could not be written or the store not be read.
[[nodiscard]] pages::Answer not_now(const Visit& visit, const Error& error);

}  // namespace fairlead::agent::console
