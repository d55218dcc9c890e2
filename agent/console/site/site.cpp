#include "agent/console/site/site.hpp"

#include <algorithm>
#include <array>

#include "agent/console/desk/routes.hpp"
#include "agent/console/it/routes.hpp"
#include "agent/console/laptops/routes.hpp"
#include "agent/console/learner_routes.hpp"
#include "agent/console/own/routes.hpp"
#include "agent/console/report/routes.hpp"
#include "agent/console/sign_in.hpp"

namespace fairlead::agent::console {

std::vector<Route> all_routes() {
  std::vector<Route> routes;
  for (const std::span<const Route> room :
       {desk::routes(), own::routes(), it::routes(), report::routes(), learner_routes(), sign_in_routes()})
    routes.insert(routes.end(), room.begin(), room.end());
  return routes;
}

std::vector<Route> desk_routes() {
  constexpr std::array kOfLaptop = {"/alerts", "/incidents/{number}/evidence"};
  constexpr std::array kOfIt = {"/it/tasks", "/it/samples"};
  std::vector<Route> routes;
  for (const std::span<const Route> room :
       {desk::routes(), laptops::routes(), own::routes(), it::routes(), report::routes(), sign_in_routes()}) {
    for (const Route& route : room) {
      const bool for_learners = route.roles.has(Role::learner) && route.path != kSignInPath;
      const bool of_laptop = std::find(kOfLaptop.begin(), kOfLaptop.end(), route.path) != kOfLaptop.end();
      const bool of_it =
          room.data() != it::routes().data() || std::find(kOfIt.begin(), kOfIt.end(), route.path) != kOfIt.end();
      if (!for_learners && !of_laptop && of_it) routes.push_back(route);
    }
  }
  return routes;
}

}  // namespace fairlead::agent::console
