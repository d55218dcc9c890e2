// What the lead has to know of the filter itself: that something gets past it, or that it rests. Nothing else. At the
// desk of an organisation, how its laptops stand.

#include <nlohmann/json.hpp>

#include "agent/console/controls.hpp"
#include "agent/console/desk/pages.hpp"
#include "agent/console/laptops/standing.hpp"
#include "agent/events/json_fields.hpp"

namespace fairlead::agent::console::desk {

using nlohmann::json;
using pages::Html;

Html filter_notices(const Visit& visit) {
  constexpr std::string_view kUnknown = "a while ago";
  Html part;
  if (visit.desk.hands.laptops) {
    if (const auto known = visit.desk.hands.laptops()) {
      part.raw("<p class=\"notice\"><a href=\"/laptops\">")
          .text(laptops::sentence(laptops::count(laptops::standings(*known, visit.desk.now))))
          .raw("</a></p>\n");
    }
    return part;
  }
  if (!visit.desk.hands.status) return part;
  const json status = json::parse(visit.desk.hands.status(), nullptr, false);
  if (!status.is_object()) return part;
  const auto pause = status.find("pause"), cover = status.find("cover");
  if (pause != status.end() && pause->is_object()) {
    part.raw("<p class=\"notice\">Filtering rests until ")
        .text(told_time(visit, events::number_in(*pause, "until"), kUnknown));
    part.raw(", because: ").text(events::text_in(*pause, "because"));
    part.raw(". What would be stopped is let through and written down.</p>\n");
  }
  if (cover != status.end() && cover->is_object() && events::text_in(*cover, "state") == "open") {
    part.raw("<p class=\"notice\">Programs on this laptop can get past the filter; it was found ");
    part.text(told_time(visit, events::number_in(*cover, "lost"), kUnknown))
        .raw(". IT sees on its page what has to be mended.</p>\n");
  }
  return part;
}

}  // namespace fairlead::agent::console::desk
