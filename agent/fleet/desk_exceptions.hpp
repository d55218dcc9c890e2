#pragma once
// The exceptions that the organisation's desk made for a laptop whose rules come in bundles: a file of the laptop's own
// in the form of policy.yaml, laid over whatever bundle is in force, and gone when the laptop leaves the fleet. Texts
// are pure; what takes a folder blocks. Any thread; one writes.

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

/// The text with one exception more, or with it in the place of the one for the same address and groups. One that the
/// rules cannot use yet, as of a group that comes with the next bundle, is taken; a text that is none begins anew.
/// Errors   refused: its address or its end cannot be read, the end is too far away, a field is empty or too long, or
///          no more are kept.
[[nodiscard]] Result<std::string> with_desk_exception(std::string_view text,
                                                      const rules::catalog::ExceptionText& exception,
                                                      const rules::catalog::Catalog& catalog,
                                                      std::chrono::sys_seconds now);
/// The text without this one, if it stands there with the same address, groups, owner, reason and end.
[[nodiscard]] std::string without_desk_exception(std::string_view text, const rules::catalog::ExceptionText& exception,
                                                 const rules::catalog::Catalog& catalog);
/// The text without those that have ended.
[[nodiscard]] std::string without_ended(std::string_view text, const rules::catalog::Catalog& catalog,
                                        std::chrono::sys_seconds now);

/// The rules with what stands in the file laid over them. What of it does not hold, and that the file is full, is told
/// in warnings; whatever is wrong with it, the rules alone stay. rules: may be null, and is given back then.
[[nodiscard]] std::shared_ptr<const rules::policy::Rules> lay_over(std::shared_ptr<const rules::policy::Rules> rules,
                                                                   const std::filesystem::path& state,
                                                                   std::vector<rules::catalog::Problem>& problems);

/// Of the problems of a load, what is to be said of that file, a line each.
[[nodiscard]] std::vector<std::string> about_desk_exceptions(const std::vector<rules::catalog::Problem>& problems);

}  // namespace fairlead::agent::fleet
