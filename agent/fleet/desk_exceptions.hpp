#pragma once
// The exceptions that the organisation's desk made for this laptop: a file of the laptop's own in the form of
// policy.yaml, laid over whatever rules are in force, its own or a bundle's, and gone when the laptop leaves the fleet.
// It holds the set that the hub told last, as a whole, and names it. Texts are pure; what takes a folder blocks. Any
// thread; one writes.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/exchange/notice.hpp"
#include "rules/base/result.hpp"
#include "rules/catalog/exception_edit.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::fleet {

/// Below the state folder; explanations call it so too.
inline constexpr std::string_view kDeskExceptions = "fleet/exceptions.yaml";
inline constexpr std::size_t kMostDeskExceptionBytes = std::size_t{256} * 1024;
/// Nothing is opened for good, whatever the hub says. The desk offers a year, and a laptop's clock may be a year
/// behind.
inline constexpr std::chrono::days kFurthestEnd{2 * 366};

/// Empty where there are none.
/// Errors   denied, too_large.
[[nodiscard]] Result<std::string> read_desk_exceptions(const std::filesystem::path& state);
/// Whoever reads finds the old or the new text, whole.
[[nodiscard]] Result<void> write_desk_exceptions(const std::filesystem::path& state, std::string_view text);

/// The digest of the set that this laptop has taken over, as the hub names it; empty: none.
[[nodiscard]] std::string desk_set(const std::filesystem::path& state);

/// What the file shall hold.
struct DeskText {
  std::string text;                   // empty: nothing is open
  std::vector<std::string> left_out;  // why an exception of the set cannot be taken: its address or its end cannot be
                                      // read, the end is too far away, a field is empty or too long
};
/// One that the rules cannot use yet, as of a group that comes with the next bundle, is taken.
[[nodiscard]] DeskText desk_text(const exchange::ExceptionSet& set, const rules::catalog::Catalog& catalog,
                                 std::chrono::sys_seconds now);
/// The text, told apart from every set: it is not in force yet, or not all of it.
[[nodiscard]] std::string unfinished(std::string_view text);

/// A line of the book about one exception.
struct DeskChange {
  std::string by;     // who opened it; empty: it is no longer open
  std::string why;    // "opened x.example: a course", "no longer open: y.example"
  std::string alone;  // the text with it alone; empty: it is no longer open
};
/// What comes and goes with a set, in the order of the set.
/// before   the text until now
[[nodiscard]] std::vector<DeskChange> desk_changes(std::string_view before, const exchange::ExceptionSet& set,
                                                   const rules::catalog::Catalog& catalog,
                                                   std::chrono::sys_seconds now);
/// The text without those that have ended.
[[nodiscard]] std::string without_ended(std::string_view text, const rules::catalog::Catalog& catalog,
                                        std::chrono::sys_seconds now);

/// The rules with what stands in the file laid over them. What of it does not hold is told in warnings; whatever is
/// wrong with it, the rules alone stay. rules: may be null, and is given back then.
[[nodiscard]] std::shared_ptr<const rules::policy::Rules> lay_over(std::shared_ptr<const rules::policy::Rules> rules,
                                                                   const std::filesystem::path& state,
                                                                   std::vector<rules::catalog::Problem>& problems);

/// Of the problems of a load, what is to be said of that file, a line each.
[[nodiscard]] std::vector<std::string> about_desk_exceptions(const std::vector<rules::catalog::Problem>& problems);

}  // namespace fairlead::agent::fleet
