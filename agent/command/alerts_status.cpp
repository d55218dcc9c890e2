#include "agent/command/alerts_status.hpp"

#include <algorithm>
#include <chrono>

#include <date/date.h>

namespace fairlead::agent::command {
namespace {

using alerts::shown_route;
using nlohmann::json;

json time_or_null(const std::optional<alerts::TimePoint>& time) {
  if (!time) return nullptr;
  return date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(*time));
}

json json_of(const alerts::RouteStatus& route) {
  return {{"route", alerts::shown_route(route.route)},
          {"incidents", route.incidents},
          {"waiting", route.waiting},
          {"refused", route.parked},
          {"delivered", route.delivered},
          {"last_delivered", time_or_null(route.last_delivered)},
          {"next_try", time_or_null(route.next_try)},
          {"perhaps_twice", route.in_doubt},
          {"not_listed", route.beyond},
          {"trouble", route.trouble}};
}

}  // namespace

void add_alerts(json& status, const alerts::AlerterStatus& alerts) {
  json& out = status["alerts"];
  out = {{"routes", json::array()},
         {"withdrawn", alerts.withdrawn},
         {"trouble", alerts.trouble},
         {"notice", alerts.notice}};
  json& warnings = status["warnings"];
  if (!alerts.trouble.empty())
    warnings.push_back("Alerts wait, because they cannot be written down: " + alerts.trouble);
  if (!alerts.notice.empty()) warnings.push_back(alerts.notice);
  for (const auto& route : alerts.routes) {
    out["routes"].push_back(json_of(route));
    if (route.parked > 0) {
      warnings.push_back(std::to_string(route.parked) + " alerts were refused: " + shown_route(route.route) + " " +
                         route.trouble +
                         ". Mend it and run 'fairlead alerts test'; they are kept, and tried every six hours.");
    } else if (route.waiting > 0 && !route.trouble.empty()) {
      warnings.push_back("Alerts wait: " + shown_route(route.route) + " " + route.trouble + ".");
    }
    if (route.beyond > 0) {
      warnings.push_back(std::to_string(route.beyond) + " incidents are too many for the queue of " +
                         shown_route(route.route) +
                         ": the next alert says how many there are, and the console lists them.");
    }
  }
  if (alerts.withdrawn > 0) {
    warnings.push_back(
        std::to_string(alerts.withdrawn) +
        " alerts of the last sixty days were never delivered: policy.yaml no longer names where they were to go, "
        "or nobody took them for thirty days. 'fairlead alerts list' shows them.");
  }
}

std::string text_of_alerts(const json& alerts) {
  const json& routes = alerts["routes"];
  if (routes.empty()) return "nobody is told: policy.yaml names no channel under 'alerts'";
  std::uint64_t waiting = 0, refused = 0, delivered = 0;
  std::string last;
  for (const json& route : routes) {
    waiting += route["waiting"].get<std::uint64_t>() + route["incidents"].get<std::uint64_t>();
    refused += route["refused"].get<std::uint64_t>();
    delivered += route["delivered"].get<std::uint64_t>();
    if (route["last_delivered"].is_string()) last = std::max(last, route["last_delivered"].get<std::string>());
  }
  return std::to_string(delivered) + " delivered, " + std::to_string(waiting) + " waiting, " + std::to_string(refused) +
         " refused" + (last.empty() ? "" : "; the last delivered " + last);
}

json json_of_test(const alerts::Alerter::Tested& tested) {
  json out = json::array();
  for (const auto& [route, outcome] : tested) {
    const bool arrived = outcome.verdict == alerts::Verdict::delivered;
    out.push_back({{"route", alerts::shown_route(route.name)}, {"arrived", arrived}, {"says", outcome.says}});
  }
  return {{"tested", std::move(out)}};
}

}  // namespace fairlead::agent::command
