#include "agent/console/site/site.hpp"

#include "agent/console/desk/routes.hpp"
#include "agent/console/it/routes.hpp"
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

}  // namespace fairlead::agent::console
