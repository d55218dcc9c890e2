#pragma once
// What laptops have to hear of what was decided at the desk (exchange/notice.hpp): it hangs here until the laptop says
// that it was carried out. Functions over the hub's database, inside the caller's transaction where there is one; a
// revoked laptop is told nothing.

#include <cstdint>
#include <string>
#include <vector>

#include "agent/events/entry.hpp"
#include "agent/exchange/notice.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

/// The answer to an appeal (an entry of kind `appeal_answer`), to the laptop of its event.
[[nodiscard]] Result<void> tell_answer(Connection& connection, const events::Entry& answer);
/// What IT answered to a task (an entry of kind `task_answer`), to each laptop that has events of its incident by its
/// rule: what the learner reads, and not who answered. Of a task that was an appeal the appeal's answer tells.
[[nodiscard]] Result<void> tell_task_answer(Connection& connection, const events::Entry& answer);
/// Where an incident stands now (an entry of kind `review`), to each laptop that has events of it: the state alone.
[[nodiscard]] Result<void> tell_review(Connection& connection, const events::Entry& review);
/// That a person's details go, to one laptop (its number). Returns the notice's id.
[[nodiscard]] Result<std::string> tell_erasure(Connection& connection, std::int64_t device,
                                               exchange::ErasureNotice erasure, Now now);

/// The oldest notices of a laptop, as exchange::write_notices() takes them. device: its number.
[[nodiscard]] Result<std::vector<std::string>> notices_for(Connection& connection, std::int64_t device);
/// They were carried out, or cannot be.
[[nodiscard]] Result<void> take_down(Connection& connection, std::int64_t device,
                                     const std::vector<std::string>& heard);

}  // namespace fairlead::agent::hub
