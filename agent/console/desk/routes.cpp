#include "agent/console/desk/routes.hpp"

#include <array>

#include "agent/console/desk/pages.hpp"

namespace fairlead::agent::console::desk {

namespace {

constexpr std::size_t kNoteBody = 32768;  // a note of 2,000 characters, percent-encoded

constexpr std::array kRoutes = {
    Route{"GET", "/", Role::lead, start_page, "Start"},
    Route{"GET", "/incidents", Role::lead, incidents_page, "Incidents"},
    Route{"GET", "/incidents/{number}", Role::lead, incident_page},
    Route{"GET", "/incidents/{number}/evidence", Role::lead, incident_pack},
    Route{"POST", "/incidents/{number}/review", Role::lead, take_review, {}, kNoteBody},
    Route{"GET", "/events", Role::lead, events_page, "All entries"},
    Route{"GET", "/people/{name}", Role::lead, person_page},
    Route{"GET", "/people/{name}/copy", Role::lead, person_copy},
    Route{"GET", "/people/{name}/copy.json", Role::lead, person_copy_as_json},
    Route{"POST", "/people/{name}/erase", Role::lead, erase_person},
    Route{"POST", "/views", Role::lead, save_view},
    Route{"POST", "/views/remove", Role::lead, remove_view},
    Route{"GET", "/alerts", Role::lead, alerts_page, "Alerts"},
    Route{"GET", "/access", Role::lead, access_page, "Who looked"},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace fairlead::agent::console::desk
