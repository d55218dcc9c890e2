#include "agent/fleet/notices.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"

namespace fairlead::agent::fleet {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMostHeard = 3 * exchange::kMostNotices;
constexpr auto kErasureKept = std::chrono::days(730);  // that it was done, as the console keeps it

fs::path heard_file(const fs::path& state) { return state / "fleet" / "heard.json"; }

/// What no later try makes better.
bool is_final(const Error& error) {
  return error.code == Errc::not_found || error.code == Errc::refused || error.code == Errc::too_large;
}

std::string body_with_origin(const std::string& body) {
  json out = json::parse(body, nullptr, false);
  if (!out.is_object()) out = json::object();
  out[std::string(exchange::kFromHub)] = true;
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Result<std::vector<std::string>> Notices::heard() const {
  const auto text = platform::read_small_file(heard_file(options_.state));
  if (!text) return tl::unexpected(text.error());
  std::vector<std::string> out;
  if (!*text) return out;
  const json parsed = json::parse(**text, nullptr, false);
  if (!parsed.is_array())
    return fail(Errc::bad_file, Side::local, heard_file(options_.state).string() + " cannot be read");
  for (const json& one : parsed)
    if (one.is_string()) out.push_back(one);
  return out;
}

Result<std::vector<std::string>> Notices::news() const {
  auto out = heard();
  if (out) std::erase_if(*out, [&](const std::string& id) { return hub_knows_.contains(id); });
  return out;
}

Result<void> Notices::note_heard(std::vector<std::string>& known, const std::string& id) const {
  known.push_back(id);
  if (known.size() > kMostHeard) known.erase(known.begin());
  return platform::replace_file(heard_file(options_.state), json(known).dump());
}

Result<void> Notices::carry_out(const exchange::Told& told) {
  auto known = heard();
  if (!known) return tl::unexpected(std::move(known).error());
  const auto is_news = [&](const std::string& id) {
    hub_knows_.erase(id);  // it was put back from a backup, else it would not tell it
    return std::find(known->begin(), known->end(), id) == known->end();
  };
  for (const exchange::Notice& notice : told.notices) {
    if (!is_news(notice.id)) continue;
    auto done = std::visit([&](const auto& what) { return carry_out(what); }, notice.what);
    if (!done && !is_final(done.error())) return done;
    if (!done)
      options_.tell("fleet: what the organisation's desk decided cannot be done here: " + done.error().context);
    if (auto noted = note_heard(*known, notice.id); !noted) return noted;
  }
  for (const auto& [id, kind] : told.unreadable) {
    if (!is_news(id)) continue;
    options_.tell("fleet: the organisation's desk decided something that this version cannot read ('" + kind +
                  "'), so it was left out; a newer version can");
    if (auto noted = note_heard(*known, id); !noted) return noted;
  }
  take(told);
  return {};
}

Result<void> Notices::carry_out(const exchange::AnswerNotice& answer) {
  const auto stored = options_.store->show(answer.event);
  if (!stored) return tl::unexpected(stored.error());
  events::Entry entry;
  entry.time = answer.time;
  entry.incident = stored->incident;
  entry.kind = "appeal_answer";
  entry.subject = answer.event;
  entry.actor = answer.by;
  entry.body = body_with_origin(answer.body);
  return write_once(std::move(entry));
}

/// A task alone, without what IT reads in one, stands before its answer: by its rule the learner's pages find it.
Result<void> Notices::carry_out(const exchange::TaskAnswerNotice& answer) {
  const auto incidents = incidents_of(answer.events);
  if (!incidents) return tl::unexpected(incidents.error());
  for (const std::uint64_t incident : *incidents) {
    events::Entry entry;
    entry.time = answer.time;
    entry.incident = incident;
    entry.subject = "at the desk: " + answer.task;  // numbers of incidents in it are the hub's
    entry.kind = "task";
    entry.body = body_with_origin(json{{"rule", answer.rule}}.dump());
    if (auto written = write_once(entry); !written) return written;
    entry.kind = "task_answer";
    entry.body = body_with_origin(answer.body);
    if (auto written = write_once(std::move(entry)); !written) return written;
  }
  return {};
}

Result<void> Notices::write_once(events::Entry entry) const {
  events::EntryFilter filter;
  filter.kind = entry.kind;
  filter.subject = entry.subject;
  filter.incident = entry.incident;
  const auto there = options_.store->entries(filter);
  if (!there) return tl::unexpected(there.error());
  for (const events::Entry& one : *there)
    if (one.time == entry.time && one.body == entry.body) return {};
  auto added = options_.store->add(std::move(entry));
  if (!added) return tl::unexpected(std::move(added).error());
  return {};
}

Result<std::set<std::uint64_t>> Notices::incidents_of(const std::vector<std::string>& events) const {
  std::set<std::uint64_t> out;
  for (const std::string& event : events) {
    const auto stored = options_.store->show(event);
    if (!stored && stored.error().code == Errc::not_found) continue;
    if (!stored) return tl::unexpected(stored.error());
    if (stored->incident != 0) out.insert(stored->incident);
  }
  return out;
}

Result<void> Notices::carry_out(const exchange::ReviewNotice& review) {
  const auto state = events::state_from(review.state);
  if (!state) return fail(Errc::refused, Side::upstream, "'" + review.state + "' is no state of an incident");
  const auto incidents = incidents_of(review.events);
  if (!incidents) return tl::unexpected(incidents.error());
  for (const std::uint64_t number : *incidents) {
    const auto incident = options_.store->incident(number);
    if (!incident) return tl::unexpected(incident.error());
    if (incident->state == *state) continue;
    events::Entry entry;
    entry.time = review.time;
    entry.incident = number;
    entry.kind = "review";
    entry.subject = "incident " + std::to_string(number);
    entry.actor = review.by;
    entry.person = incident->person;
    entry.body = body_with_origin(json{{"state", review.state}}.dump());
    if (auto added = options_.store->add(std::move(entry)); !added) return tl::unexpected(std::move(added).error());
  }
  return {};
}

/// Whatever keeps them from being taken over keeps nothing else: they are told again with the next answer.
void Notices::take(const exchange::Told& told) {
  std::string trouble;
  if (told.exceptions_unreadable) trouble = "this version cannot read them; a newer version can";
  if (told.exceptions) {
    if (auto taken = options_.except(*told.exceptions); !taken) trouble = taken.error().context;
  }
  if (!trouble.empty() && trouble != trouble_)
    options_.tell("fleet: the exceptions of the organisation's desk cannot be taken over: " + trouble);
  trouble_ = trouble;
}

Result<void> Notices::carry_out(const exchange::ErasureNotice& erasure) {
  options_.store->flush();  // what was recorded just now is theirs too
  const auto people = options_.store->people();
  if (!people) return tl::unexpected(people.error());
  const auto whom =
      std::find_if(people->begin(), people->end(), [&](const std::string& name) { return erasure.person.names(name); });
  if (whom == people->end()) return {};  // nothing is kept about them here
  const auto erased = options_.store->erase_person(*whom, [&](std::uint64_t rows) {
    events::Entry entry;
    entry.time = options_.now();
    entry.keep = entry.time + kErasureKept;
    entry.subject = "on request";
    entry.actor = erasure.by;
    entry.body = body_with_origin(json{{"entries", rows}}.dump());
    return entry;
  });
  if (!erased) return tl::unexpected(erased.error());
  return {};
}

}  // namespace fairlead::agent::fleet
