#pragma once
// One value, or one text of a list, inside a JSON file that other people edit too: puts it in and takes it out again,
// and leaves every other byte as it stands. Pure; from any thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::cover {

/// The way to the list, from the outermost object: {"policies", "Certificates", "Install"}. At least one key.
using JsonKeys = std::span<const std::string_view>;

/// Does the list hold `item`? False when there is no such list.
/// Errors   Errc::bad_file when `json` is no JSON object.
[[nodiscard]] Result<bool> json_list_holds(std::string_view json, JsonKeys keys, std::string_view item);

/// What stands under these keys, as JSON; nothing when there is nothing.
/// Errors   as above.
[[nodiscard]] Result<std::optional<std::string>> json_at(std::string_view json, JsonKeys keys);

/// `json` with `value` under these keys, in the place of what stood there; what is missing on the way is made.
///
/// value    JSON.
/// Errors   as above, and when one of the keys before the last stands for something else than an object.
[[nodiscard]] Result<std::string> json_value_with(std::string_view json, JsonKeys keys, std::string_view value);

/// `json` without what stands under these keys.
/// Errors   as json_list_holds().
[[nodiscard]] Result<std::string> json_value_without(std::string_view json, JsonKeys keys);

/// `json` with `item` as the first of the list; what is missing on the way is made.
/// Errors   as above, and when one of the keys stands for something else than an object, the last for something else
///          than a list.
[[nodiscard]] Result<std::string> json_list_with(std::string_view json, JsonKeys keys, std::string_view item);

/// `json` without `item`, wherever in the list it stands; a list that holds nothing more goes too.
/// Errors   as json_list_holds().
[[nodiscard]] Result<std::string> json_list_without(std::string_view json, JsonKeys keys, std::string_view item);

}  // namespace fairlead::agent::cover
