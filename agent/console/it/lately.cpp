// What became of the filter lately: the book's entries of kind `health`, as sentences.

#include <nlohmann/json.hpp>

#include "agent/console/controls.hpp"
#include "agent/console/it/pages.hpp"
#include "agent/events/json_fields.hpp"

namespace fairlead::agent::console::it {

using events::text_in;
using nlohmann::json;
using pages::Html;

namespace {

constexpr std::size_t kShownLately = 12;

std::string time_in(const Visit& visit, const json& body, const char* key) {
  return told_time(visit, events::number_in(body, key), "a time that is not known");
}

std::string lines_in(const json& body, const char* key) {
  std::string lines;
  for (const std::string& one : events::texts_in(body, key)) lines.append(lines.empty() ? "" : "; ").append(one);
  return lines;
}

std::string stopped_words(const Visit& visit, const json& body) {
  std::string words =
      "The filter was last alive " + time_in(visit, body, "from") + ", and ran again " + time_in(visit, body, "to");
  words.append(text_in(body, "ended") == "told_to" ? ": it was told to end." : ": it ended unexpectedly.");
  const auto off = body.find("laptop_was_off");
  if (off != body.end() && *off == json(true)) words.append(" The laptop was started anew in between.");
  return words;
}

std::string words_of(const Visit& visit, const events::Entry& entry) {
  const json body = json::parse(entry.body, nullptr, false);
  if (!body.is_object()) return "What this was is past its time.";
  if (entry.subject == "cover_lost") return "Not covered any more: " + lines_in(body, "what");
  if (entry.subject == "cover_restored") return "Covered again: " + lines_in(body, "what");
  if (entry.subject == "agent_stopped") return stopped_words(visit, body);
  if (entry.subject == "clock_changed") {
    return "The laptop's clock was set. It had shown: " + time_in(visit, body, "from") +
           ". It showed then: " + time_in(visit, body, "to") + ".";
  }
  if (entry.subject == "pause_begun") {
    return "Filtering began to rest, until " + time_in(visit, body, "until") + ": " + text_in(body, "because");
  }
  if (entry.subject == "pause_ended") return "Filtering went on after its rest: " + text_in(body, "because");
  return entry.subject;
}

}  // namespace

Html lately(const Visit& visit) {
  events::EntryFilter filter;
  filter.kind = "health";
  filter.newest_first = true;
  filter.limit = kShownLately;
  const auto entries = visit.desk.store.entries(filter);
  Html part;
  if (!entries || entries->empty()) return part;
  part.raw("<section aria-labelledby=\"lately\">\n<h2 id=\"lately\">What happened to the filter lately</h2>\n<dl>\n");
  for (const events::Entry& entry : *entries) {
    part.raw("<dt>").text(told_time(visit, entry.time)).raw("</dt><dd>").text(words_of(visit, entry)).raw("</dd>\n");
  }
  return std::move(part.raw("</dl>\n</section>\n"));
}

}  // namespace fairlead::agent::console::it
