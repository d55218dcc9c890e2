#include "agent/hub/fleet_counts.hpp"

#include "agent/hub/counts_sql.hpp"
#include "agent/hub/releases.hpp"

namespace fairlead::agent::hub {

Result<FleetCounts> count_fleet(Connection& connection, Now now) {
  const auto devices = connection.run(sql::kCountDevices, {column_of(now - std::chrono::days(1))});
  if (!devices) return tl::unexpected(devices.error());
  const auto notices = connection.run(sql::kCountNotices, {});
  if (!notices) return tl::unexpected(notices.error());
  const auto releases = Releases(connection).latest();
  if (!releases) return tl::unexpected(releases.error());
  const Row& row = devices->front();
  FleetCounts out{count_at(row, 0), count_at(row, 1), count_at(row, 2), count_at(notices->front(), 0)};
  if (releases->empty()) return out;
  const Release& latest = releases->front();
  out.version = latest.version;
  out.percent = latest.rollout.stages[latest.rollout.stage];
  out.stopped = !latest.rollout.stopped.empty();
  return out;
}

}  // namespace fairlead::agent::hub
