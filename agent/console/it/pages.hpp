#pragma once
// The pages of this room, each in a file of its own. Inside this room only.

#include <string>
#include <string_view>

#include "agent/console/routes.hpp"
#include "agent/console/visit.hpp"
#include "agent/pages/pages.hpp"

namespace fairlead::agent::console::it {

[[nodiscard]] pages::Answer health_page(const Visit& visit);
[[nodiscard]] pages::Answer lists_page(const Visit& visit);
[[nodiscard]] pages::Answer check_page(const Visit& visit);
[[nodiscard]] pages::Answer files_page(const Visit& visit);
[[nodiscard]] pages::Answer file_page(const Visit& visit);
[[nodiscard]] pages::Answer edit_file(const Visit& visit);
[[nodiscard]] pages::Answer changes_page(const Visit& visit);
[[nodiscard]] pages::Answer decide_change(const Visit& visit);
[[nodiscard]] pages::Answer tasks_page(const Visit& visit);
[[nodiscard]] pages::Answer answer_task(const Visit& visit);
[[nodiscard]] pages::Answer samples_page(const Visit& visit);

/// The latest entries about the filter itself, with heading; nothing without any.
[[nodiscard]] pages::Html lately(const Visit& visit);
/// "This did not work": what is wrong, and the way back.
[[nodiscard]] pages::Answer refuse(const Visit& visit, const Error& error, std::string_view back);
/// For refuse(), where no workshop is at hand.
[[nodiscard]] Error no_workshop();
/// A heading and its lines; nothing without lines.
[[nodiscard]] pages::Html changes_list(const std::vector<std::string>& lines, std::string_view heading,
                                       std::string_view id);

}  // namespace fairlead::agent::console::it
