#include "agent/console/desk/routes.hpp"

#include <array>

#include "agent/console/frame.hpp"

namespace fairlead::agent::console::desk {

namespace {

pages::Answer start(const Visit& visit) {
  pages::Html main;
  main.raw("<h1>Since you last looked</h1>\n");
  return page(visit, 200, "Start", main);
}

constexpr std::array kRoutes = {
    Route{"GET", "/", kSignedIn, start, "Start"},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace fairlead::agent::console::desk
