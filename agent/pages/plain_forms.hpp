#pragma once
// The answers for what is not a page: JSON for programs, an empty image, script or style for a page's parts. Without
// I/O.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "agent/pages/pages.hpp"

namespace fairlead::agent::pages {

inline constexpr std::string_view kJsonType = "application/json";

/// One line of JSON. Never throws: bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value);

/// Form::image is a transparent pixel, script and style are empty files of that type, nothing is empty.
[[nodiscard]] Answer empty_answer(int status, Form form);

}  // namespace fairlead::agent::pages
