#pragma once
// The pages of this room, each in a file of its own. Inside this room only.

#include "agent/console/routes.hpp"
#include "agent/console/visit.hpp"
#include "agent/pages/pages.hpp"

namespace fairlead::agent::console::own {

inline constexpr std::chrono::days kAgreementKept{1095};

[[nodiscard]] pages::Answer copy_page(const Visit& visit);
[[nodiscard]] pages::Answer copy_as_json(const Visit& visit);
[[nodiscard]] pages::Answer answers_page(const Visit& visit);
[[nodiscard]] pages::Answer agreement_page(const Visit& visit);
[[nodiscard]] pages::Answer take_agreement(const Visit& visit);
[[nodiscard]] pages::Answer agreements_page(const Visit& visit);
[[nodiscard]] pages::Answer agreements_csv(const Visit& visit);
[[nodiscard]] pages::Answer appeals_page(const Visit& visit);
[[nodiscard]] pages::Answer take_appeal_answer(const Visit& visit);

}  // namespace fairlead::agent::console::own
