#pragma once
// What the store's terms are called on the lead's pages: plain words for somebody who is not technical. Pure.

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "agent/console/controls.hpp"
#include "agent/console/visit.hpp"
#include "agent/events/incident.hpp"
#include "agent/events/records.hpp"

namespace fairlead::agent::console::desk {

inline constexpr std::array kSeverityChoices = {Choice{"", "All"}, Choice{"critical", "Critical"},
                                                Choice{"high", "High"}, Choice{"medium", "Medium"},
                                                Choice{"low", "Low"}};
inline constexpr std::array kRiskChoices = {Choice{"", "All"}, Choice{"content", "Content: harmful material"},
                                            Choice{"contact", "Contact: harmful contact with others"},
                                            Choice{"conduct", "Conduct: behaviour that causes harm"}};

/// The category as its file calls it; the id where the file is gone.
[[nodiscard]] std::string category_title(const Visit& visit, std::string_view id);
/// All categories, "All" first; borrows from the rules of the visit.
[[nodiscard]] std::vector<Choice> category_choices(const Visit& visit);

[[nodiscard]] std::string_view severity_word(std::string_view severity);
/// The word with its shape: an octagon, a triangle, a diamond or a circle.
[[nodiscard]] pages::Html severity_badge(std::string_view severity);
[[nodiscard]] std::string_view risk_words(std::string_view risk);
[[nodiscard]] std::string_view state_words(events::State state);
[[nodiscard]] pages::Html state_badge(events::State state);
/// "3 visits on 2 days", "a path: Hate, then Weapons", "Fetched by pages; nobody went there".
[[nodiscard]] std::string pattern_words(const Visit& visit, const events::Incident& incident);
/// Why the incident is as severe as it is said to be.
[[nodiscard]] std::string_view weighed_words(events::Weighed weighed);
/// Did a person go there? With the sign that told, in words.
[[nodiscard]] std::string navigation_words(const events::Event& event);

/// "and 312 more like it until 14:59, kept on the laptop", of an entry that stands for others.
[[nodiscard]] std::string merged_words(const Visit& visit, const events::Stored& stored);

/// "sam"; "Somebody not known"; "Erased".
[[nodiscard]] std::string_view person_words(std::string_view person, bool erased);
/// The same, as a link to the person's page where there is a name.
[[nodiscard]] pages::Html person_link(std::string_view person, bool erased);
[[nodiscard]] std::string person_address(std::string_view person);
[[nodiscard]] std::string incident_address(std::uint64_t number);
[[nodiscard]] std::string_view report_words(events::ReportKind kind);

/// The number in the path of the visit.
/// Errors  not_found
[[nodiscard]] Result<std::uint64_t> number_in_path(const Visit& visit);

/// The incident as one entry of a list.
[[nodiscard]] pages::Html incident_card(const Visit& visit, const events::Incident& incident);

}  // namespace fairlead::agent::console::desk
