#pragma once
// Events that stayed on their laptop, as the row that stands for them names them: in its column `merged_ids`, which is
// "17=K7QM-2D4X 19=4BTW-9PAE " with their sequences.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

using MergedIds = std::vector<std::pair<std::uint64_t, std::string>>;  // by sequence

[[nodiscard]] std::string merged_text(const MergedIds& merged);
/// text   as merged_text() makes it.
[[nodiscard]] MergedIds merged_from(std::string_view text);

/// What stands in the `merged_ids` of the row alone that stands for the event of this id.
[[nodiscard]] std::string as_merged(std::string_view id);

/// Runs a statement that finds an event by its id and, where it finds none, one that finds the row that stands for it.
/// by_merged   takes as_merged() in the place of the id.
/// rest        what both are given after it.
[[nodiscard]] Result<Rows> find_event(Connection& connection, std::string_view by_id, std::string_view by_merged,
                                      const std::string& id, const Row& rest);

}  // namespace fairlead::agent::hub
