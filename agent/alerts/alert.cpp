#include "agent/alerts/alert.hpp"

namespace fairlead::agent::alerts {

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::fresh:
      return "new";
    case Reason::more_severe:
      return "more_severe";
    case Reason::goes_on:
      break;
  }
  return "goes_on";
}

std::string shown_route(std::string_view name) {
  const std::size_t scheme = name.find("://");
  if (!name.starts_with("webhook ") || scheme == std::string_view::npos) return std::string(name);
  return std::string(name.substr(0, name.find_first_of("/?", scheme + 3)));
}

std::vector<Route> routes_of(const rules::catalog::Alerts& alerts) {
  std::vector<Route> out;
  const auto add = [&out](Route route) {
    // Two channels to one place are one route: nobody is told twice.
    for (const Route& known : out) {
      if (known.name == route.name) return;
    }
    out.push_back(std::move(route));
  };
  for (std::size_t i = 0; i < alerts.mail.size(); ++i) {
    for (const std::string& to : alerts.mail[i].to) add({"mail " + to, false, i, to});
  }
  for (std::size_t i = 0; i < alerts.webhooks.size(); ++i) add({"webhook " + alerts.webhooks[i].url, true, i, {}});
  return out;
}

}  // namespace fairlead::agent::alerts
