// What the lead has to know of the filter itself: that something gets past it, or that it rests. Nothing else.

#include <nlohmann/json.hpp>

#include "agent/console/controls.hpp"
#include "agent/console/desk/pages.hpp"

namespace fairlead::agent::console::desk {

using nlohmann::json;
using pages::Html;

namespace {

std::string time_at(const Visit& visit, const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return "a while ago";
  return told_time(visit, Moment(std::chrono::milliseconds(found->get<std::int64_t>())));
}

}  // namespace

Html filter_notices(const Visit& visit) {
  Html part;
  if (!visit.desk.hands.status) return part;
  const json status = json::parse(visit.desk.hands.status(), nullptr, false);
  if (!status.is_object()) return part;
  const auto pause = status.find("pause"), cover = status.find("cover");
  if (pause != status.end() && pause->is_object()) {
    part.raw("<p class=\"notice\">Filtering rests until ").text(time_at(visit, *pause, "until"));
    part.raw(", because: ").text(pause->value("because", std::string()));
    part.raw(". What would be stopped is let through and written down.</p>\n");
  }
  if (cover != status.end() && cover->is_object() && cover->value("state", json()) == json("open")) {
    part.raw("<p class=\"notice\">Programs on this laptop can get past the filter; it was found ");
    part.text(time_at(visit, *cover, "lost")).raw(". IT sees on its page what has to be mended.</p>\n");
  }
  return part;
}

}  // namespace fairlead::agent::console::desk
