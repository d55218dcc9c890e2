#include "agent/console/laptops/routes.hpp"

#include <array>

#include "agent/console/laptops/pages.hpp"

namespace fairlead::agent::console::laptops {

namespace {

constexpr std::array kRoutes = {
    Route{"GET", "/", Role::it, laptops_page},
    Route{"GET", "/laptops", Role::it | Role::lead, laptops_page, "Laptops"},
    Route{"GET", "/opened", Role::lead, opened_page, "Opened"},
    Route{"POST", "/opened", Role::lead, close_opened},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace fairlead::agent::console::laptops
