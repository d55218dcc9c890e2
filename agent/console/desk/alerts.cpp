#include <algorithm>

#include "agent/alerts/outbox.hpp"
#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::desk {

using alerts::MessageState;
using alerts::SentAlert;
using pages::Html;

namespace {

constexpr std::size_t kShownAlerts = 50, kLinks = 10, kMostAlertPages = 200;

std::string_view way_words(alerts::AlertWay way) {
  if (way == alerts::AlertWay::daily) return "The day’s summary";
  return way == alerts::AlertWay::weekly ? "The week’s summary" : "At once";
}

Html alert_words(const Visit& visit, const SentAlert& alert) {
  Html part;
  switch (alert.state) {
    case MessageState::delivered:
      part.raw("Delivered ").text(told_time(visit, alert.delivered.value_or(alert.created)));
      if (alert.in_doubt > 0) part.raw("; it may have come twice");
      return part;
    case MessageState::parked:
      part.raw("<strong>Refused.</strong> It is kept and tried again; IT can mend it. The server ");
      break;
    case MessageState::withdrawn:
      part.raw("<strong>Not delivered.</strong> ");
      break;
    default:
      part.raw("<strong>Waits.</strong> ");
      if (alert.error.empty()) return part;
      part.raw("Tried ").text(counted(alert.attempts, "time", "times")).raw("; the server ");
  }
  return std::move(part.text(alert.error));
}

Html incident_links(const SentAlert& alert) {
  Html part;
  const std::size_t listed = std::min(alert.incidents.size(), kLinks);
  for (std::size_t i = 0; i < listed; ++i) {
    if (i > 0) part.raw(", ");
    part.raw("<a href=\"")
        .text(incident_address(alert.incidents[i]))
        .raw("\">")
        .text(std::to_string(alert.incidents[i]))
        .raw("</a>");
  }
  const std::uint64_t more = alert.incidents.size() - listed + alert.beyond;
  if (more > 0) part.raw(" and ").text(std::to_string(more)).raw(" more");
  return part;
}

Html alert_row(const Visit& visit, const SentAlert& alert) {
  Html part;
  part.raw("<tr><th scope=\"row\">").text(told_time(visit, alert.created)).raw("</th><td>");
  part.text(way_words(alert.way)).raw("</td><td>").text(alerts::shown_route(alert.route)).raw("</td><td>");
  part.part(incident_links(alert)).raw("</td><td>").part(alert_words(visit, alert));
  return std::move(part.raw("</td></tr>\n"));
}

}  // namespace

pages::Answer alerts_page(const Visit& visit) {
  const std::size_t number = std::max<std::size_t>(visit.form.number("page", kMostAlertPages).value_or(1), 1);
  auto rows = alerts::recent_alerts(visit.desk.hands.state, kShownAlerts + 1, (number - 1) * kShownAlerts);
  if (!rows) return not_now(visit, rows.error());
  const bool more = rows->size() > kShownAlerts;
  if (more) rows->resize(kShownAlerts);
  Html main;
  main.raw(
          "<h1>Alerts</h1>\n<p class=\"lead\">What this laptop told of incidents by mail or to another system, and "
          "whether it ")
      .raw("arrived. An alert that could not be delivered is kept and tried again.</p>\n");
  if (!visit.desk.rules->policy().alerts.has_channel())
    main.raw("<p class=\"notice\">Nobody is told at present: the policy names no address. IT can set one up.</p>\n");
  if (rows->empty()) {
    main.raw("<p>No alert was sent.</p>\n");
  } else {
    main.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Alerts\">\n<table>\n<thead><tr>")
        .raw("<th scope=\"col\">When</th><th scope=\"col\">How</th><th scope=\"col\">Where to</th>")
        .raw("<th scope=\"col\">Incidents</th><th scope=\"col\">What became of it</th></tr></thead>\n<tbody>\n");
    for (const SentAlert& alert : *rows) main.part(alert_row(visit, alert));
    main.raw("</tbody>\n</table>\n</div>\n");
  }
  if (more && number < kMostAlertPages) {
    Address next("/alerts");
    next.add("page", std::to_string(number + 1));
    main.raw("<nav class=\"pager\" aria-label=\"Pages of this list\"><a class=\"go\" rel=\"next\" href=\"")
        .text(next.str())
        .raw("\">Older alerts</a></nav>\n");
  }
  return page(visit, 200, "Alerts", main);
}

}  // namespace fairlead::agent::console::desk
