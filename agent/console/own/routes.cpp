#include "agent/console/own/routes.hpp"

#include <array>

#include "agent/console/frame.hpp"
#include "agent/console/own/pages.hpp"

namespace fairlead::agent::console::own {

using pages::Html;

namespace {

constexpr std::array kRoutes = {
    Route{"GET", "/recorded/copy", kEverybody, copy_page},
    Route{"GET", "/recorded/copy.json", kEverybody, copy_as_json},
    Route{"GET", "/answers", kEverybody, answers_page},
    Route{"GET", "/agreement", kEverybody, agreement_page},
    Route{"POST", "/agreement", kEverybody, take_agreement},
    Route{"GET", "/appeals", Role::lead, appeals_page, "Appeals"},
    Route{"POST", "/appeals", Role::lead, take_appeal_answer, {}, 32768},
    Route{"GET", "/agreements", Role::lead, agreements_page, "Agreement"},
    Route{"GET", "/agreements.csv", Role::lead, agreements_csv},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace fairlead::agent::console::own
