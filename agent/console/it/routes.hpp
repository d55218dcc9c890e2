#pragma once
// IT's pages: health, lists, check, files, changes, tasks, samples. None of them shows whose entry anything was: no
// person, no device. Each may block for the store, the rules or the disk.

#include <span>

#include "agent/console/routes.hpp"

namespace fairlead::agent::console::it {

[[nodiscard]] std::span<const Route> routes();

}  // namespace fairlead::agent::console::it
