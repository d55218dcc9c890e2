#pragma once
// Fills an evidence pack from an open events.db and signs it. Blocking: the whole store is verified first, because a
// signature must not be put under rows that somebody changed.

#include "agent/events/database.hpp"
#include "agent/events/device.hpp"
#include "agent/events/pack.hpp"

namespace fairlead::agent::events {

/// Errors   not_found (no such incident or event), too_large (more than kMostPacked events, or than
///          kLargestPack bytes), broken_store (verify names
///          a row: the context says which).
[[nodiscard]] Result<std::string> write_pack(const Database& database, const Device& device,
                                             const PackRequest& request);

}  // namespace fairlead::agent::events
