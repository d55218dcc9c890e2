#include "agent/console/desk/incident_in_path.hpp"

#include "agent/console/desk/words.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::desk {

Result<events::Incident> incident_in_path(const Visit& visit) {
  const auto number = number_in_path(visit);
  if (!number) return tl::unexpected(number.error());
  auto incident = visit.desk.store.incident(*number);
  if (incident || incident.error().code != Errc::not_found || *number == 0) return incident;
  const std::string subject = "refused: incident " + std::to_string(*number) + ", which is not shown to this account";
  const auto noted = record_access(visit, subject, std::vector<std::string>{""}, *number);
  if (!noted && noted.error().code != Errc::not_found) return tl::unexpected(noted.error());
  return incident;
}

}  // namespace fairlead::agent::console::desk
