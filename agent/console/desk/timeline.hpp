#pragma once
// Events as a timeline: grouped by day, what a person did in front, what pages fetched folded away. Inside this room.

#include <cstdint>
#include <vector>

#include "agent/console/visit.hpp"
#include "agent/events/records.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console::desk {

enum class Noise : std::uint8_t { folded, open };

/// events  of one incident or one person, in the order of time.
/// noise   what pages fetched by themselves: folded away, or open for a copy that has to hold everything.
[[nodiscard]] pages::Html timeline(const Visit& visit, const std::vector<events::Stored>& events,
                                   Noise noise = Noise::folded);

/// What was asked for: the address as far as it is recorded, the words searched for.
[[nodiscard]] pages::Html asked_for(const events::Event& event);

}  // namespace fairlead::agent::console::desk
