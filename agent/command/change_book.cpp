#include "agent/command/change_book.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "agent/events/json_fields.hpp"

namespace fairlead::agent::command {

using console::ChangeState;
using console::Moment;
using events::text_in;
using nlohmann::json;

namespace {

void begin(const events::Entry& entry, const json& body, BookedChange& booked) {
  console::Change& change = booked.change;
  change.id = entry.subject;
  change.account = entry.actor;
  change.time = entry.time;
  change.file = text_in(body, "file");
  change.why = text_in(body, "why");
  booked.before = text_in(body, "before");
  booked.after = text_in(body, "after");
  if (const auto due = events::number_in(body, "due")) change.due = Moment(std::chrono::milliseconds(*due));
  change.loosens = events::texts_in(body, "loosens");
}

ChangeState state_of(std::string_view step) {
  if (step == "applied") return ChangeState::applied;
  if (step == "withdrawn") return ChangeState::withdrawn;
  return step == "refused" ? ChangeState::refused : ChangeState::waiting;
}

}  // namespace

events::Entry entry_of(const ChangeStep& step, Moment now) {
  events::Entry entry;
  entry.time = now;
  entry.keep = now + kChangesKept;
  entry.kind = "change";
  entry.subject = step.change;
  entry.actor = step.account;
  json body = {{"step", step.step}};
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) body[key] = text;
  };
  put("file", step.file);
  put("before", step.before);
  put("after", step.after);
  put("why", step.why);
  put("says", step.says);
  put("ruleset_before", step.ruleset_before);
  put("ruleset_after", step.ruleset_after);
  if (step.due) body["due"] = step.due->time_since_epoch().count();
  if (!step.loosens.empty()) body["loosens"] = step.loosens;
  entry.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return entry;
}

std::vector<BookedChange> fold_changes(const std::vector<events::Entry>& entries) {
  std::vector<BookedChange> changes;
  for (const events::Entry& entry : entries) {
    if (entry.kind != "change" || entry.subject == kReloadSubject) continue;
    const auto body = json::parse(entry.body, nullptr, false);
    if (!body.is_object()) continue;  // erased: too old to be waited for
    const std::string step = text_in(body, "step");
    auto booked = std::find_if(changes.begin(), changes.end(),
                               [&](const BookedChange& known) { return known.change.id == entry.subject; });
    if (booked == changes.end()) {
      booked = changes.emplace(changes.end());
      begin(entry, body, *booked);
    } else {
      booked->change.decided_by = entry.actor;
    }
    booked->change.state = state_of(step);
    booked->change.says = text_in(body, "says");
    booked->change.decided = entry.time;
  }
  return changes;
}

Result<std::vector<BookedChange>> read_changes(const events::Store& store) {
  events::EntryFilter filter;
  filter.kind = "change";
  const auto entries = store.entries(filter);
  if (!entries) return tl::unexpected(entries.error());
  std::vector<BookedChange> changes = fold_changes(*entries);
  std::reverse(changes.begin(), changes.end());
  return changes;
}

}  // namespace fairlead::agent::command
