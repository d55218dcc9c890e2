#pragma once
// What became of the changes that were asked for in the console, as the store's book tells it: `change` entries, oldest
// first, folded to one value a change. No state of its own, so that nothing is lost at a restart. Blocks for the store.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/workshop.hpp"
#include "agent/events/entry.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::command {

/// One change with what is needed to make it later, or to take it back.
struct BookedChange {
  console::Change change;
  std::string before, after;  // digests of the file's text
};

/// One line of the book. step: "asked", "applied", "withdrawn", "refused".
struct ChangeStep {
  std::string step, change, account;
  std::string file, before, after, why;  // of "asked", and of "applied" where nothing was asked before
  std::optional<console::Moment> due;
  std::vector<std::string> loosens;
  std::string says;                           // of "refused"
  std::string ruleset_before, ruleset_after;  // of a reload
};

inline constexpr std::chrono::days kChangesKept{1095};
/// The subject of what the agent notes itself when other rules come into force, whoever changed the files.
inline constexpr std::string_view kReloadSubject = "rules in force";

[[nodiscard]] events::Entry entry_of(const ChangeStep& step, console::Moment now);
/// entries  of kind `change`, oldest first.
[[nodiscard]] std::vector<BookedChange> fold_changes(const std::vector<events::Entry>& entries);
/// The newest first.
[[nodiscard]] Result<std::vector<BookedChange>> read_changes(const events::Store& store);

}  // namespace fairlead::agent::command
