#pragma once
// Walks every row of an open events.db and says which one is the first that is not as it was written.
// Blocking, a few microseconds a row. Needs the device key: without it a signature proves nothing.

#include "agent/events/database.hpp"
#include "agent/events/device.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::events {

/// Damage and tampering are an answer (`first_bad`), not an error. Errors only where the store cannot be read at all.
[[nodiscard]] Result<Verified> verify_store(const Database& database, const Device& device);

}  // namespace fairlead::agent::events
