#include "agent/console/requests.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include <nlohmann/json.hpp>

#include "agent/console/controls.hpp"
#include "agent/events/appeal.hpp"
#include "agent/events/json_fields.hpp"
#include "agent/pages/sentences.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console {

using events::kPassedOn;
using events::text_in;
using nlohmann::json;

namespace {

json body_of(const events::Entry& entry) { return json::parse(entry.body, nullptr, false); }

Result<std::vector<events::Entry>> entries_of(const Visit& visit, const char* kind, std::string_view subject = {},
                                              std::uint64_t incident = 0) {
  events::EntryFilter filter;
  filter.kind = kind;
  filter.subject = subject;
  filter.incident = incident;
  return visit.desk.store.entries(filter);
}

/// What became of changes since they were asked for: the book of changes, read once and only when an answer waited for
/// one. Where no agent runs, nobody knows.
class ChangeStates {
 public:
  explicit ChangeStates(const Visit& visit) : workshop_(visit.desk.hands.workshop.get()) {}

  std::optional<ChangeState> of(const std::string& change) {
    if (change.empty() || workshop_ == nullptr) return std::nullopt;
    if (!changes_) changes_ = workshop_->changes().value_or(std::vector<Change>());
    const auto found =
        std::find_if(changes_->begin(), changes_->end(), [&](const Change& one) { return one.id == change; });
    if (found == changes_->end()) return std::nullopt;
    return found->state;
  }

 private:
  Workshop* workshop_;
  std::optional<std::vector<Change>> changes_;
};

/// Nothing when it has come to nothing: its change was taken back, or could not be made.
std::optional<Answered> read_answer(ChangeStates& changes, const events::Entry& entry) {
  const json body = body_of(entry);
  Answered answer{text_in(body, "outcome"), text_in(body, "says"), text_in(body, "expires"), false, entry.time};
  answer.change = text_in(body, "change");
  answer.waiting = body.is_object() && body.value("waiting", json(false)) == json(true);
  if (!answer.waiting) return answer;
  const auto state = changes.of(answer.change);
  if (state == ChangeState::withdrawn || state == ChangeState::refused) return std::nullopt;
  answer.waiting = state != ChangeState::applied;
  return answer;
}

std::string write_body(const Answered& answer) {
  json body = {{"outcome", answer.outcome}, {"says", answer.says}};
  if (!answer.expires.empty()) body["expires"] = answer.expires;
  if (answer.waiting) body["waiting"] = true;
  if (!answer.change.empty()) body["change"] = answer.change;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

AskedFor read_asked(AskedFor::Kind kind, const events::Entry& entry, const json& body) {
  AskedFor asked;
  asked.kind = kind;
  asked.subject = entry.subject;
  asked.time = entry.time;
  asked.incident = entry.incident;
  asked.url = text_in(body, "url");
  asked.host = text_in(body, "host");
  asked.rule = text_in(body, "rule");
  asked.source = text_in(body, "source");
  asked.category = text_in(body, "category");
  asked.severity = text_in(body, "severity");
  asked.group = text_in(body, "group");
  asked.words = text_in(body, "words");
  if (kind == AskedFor::Kind::appeal) asked.person = entry.person;
  return asked;
}

/// What was asked for under one kind of entry, with the latest answer to each; erased ones are left out.
Result<std::vector<AskedFor>> asked_in(const Visit& visit, const char* kind, const char* answer_kind,
                                       AskedFor::Kind asked_kind, std::uint64_t incident) {
  const auto asked = entries_of(visit, kind, {}, incident), answers = entries_of(visit, answer_kind, {}, incident);
  if (!asked) return tl::unexpected(asked.error());
  if (!answers) return tl::unexpected(answers.error());
  std::map<std::string_view, const events::Entry*> latest;
  for (const events::Entry& answer : *answers) latest[answer.subject] = &answer;
  ChangeStates changes(visit);
  std::vector<AskedFor> all;
  for (const events::Entry& entry : *asked) {
    const json body = body_of(entry);
    if (!body.is_object()) continue;  // erased
    AskedFor one = read_asked(asked_kind, entry, body);
    if (const auto found = latest.find(entry.subject); found != latest.end())
      one.answered = read_answer(changes, *found->second);
    all.push_back(std::move(one));
  }
  return all;
}

Result<void> add_entry(const Visit& visit, events::Entry entry) {
  entry.time = visit.desk.now;
  entry.actor = visit.visitor.account;
  auto added = visit.desk.store.add(std::move(entry));
  if (!added) return tl::unexpected(std::move(added).error());
  return {};
}

/// "2027-02-26" as "26 February 2027"; anything else stays.
std::string day_words(const std::string& date) {
  const auto day = date_from(date);
  return day ? pages::full_date(*day) : date;
}

}  // namespace

Result<std::vector<AskedFor>> requests(const Visit& visit, bool open_only) {
  auto all = asked_in(visit, "appeal", "appeal_answer", AskedFor::Kind::appeal, 0);
  if (!all) return all;
  auto tasks = asked_in(visit, "task", "task_answer", AskedFor::Kind::task, 0);
  if (!tasks) return tasks;
  std::move(tasks->begin(), tasks->end(), std::back_inserter(*all));
  if (open_only) std::erase_if(*all, [](const AskedFor& one) { return one.answered.has_value(); });
  std::stable_sort(all->begin(), all->end(), [](const auto& a, const auto& b) { return a.time > b.time; });
  return all;
}

Result<std::vector<AskedFor>> tasks_about(const Visit& visit, std::uint64_t incident) {
  return asked_in(visit, "task", "task_answer", AskedFor::Kind::task, incident);
}

Result<AskedFor> request_named(const Visit& visit, std::string_view subject) {
  auto all = requests(visit, false);
  if (!all) return tl::unexpected(std::move(all).error());
  for (AskedFor& one : *all) {
    if (one.subject == subject) return std::move(one);
  }
  return fail(Errc::not_found, Side::client, "nothing of that name is asked for");
}

bool is_for_it(const Visit& visit, const AskedFor& asked) {
  if (asked.kind == AskedFor::Kind::task) return true;
  const auto* category = category_named(visit.desk.rules->catalog(), asked.category);
  // What is known of no category is judged by what the event said of it then.
  const bool light = category != nullptr ? category->severity < rules::catalog::Severity::high && !category->statutory
                                         : asked.severity == "low" || asked.severity == "medium";
  return light;
}

std::string address_without(std::string_view url, std::string_view host, std::string_view person) {
  const auto names = [&](std::string_view text) {
    return !person.empty() && text::lower(text).find(text::lower(person)) != std::string::npos;
  };
  if (!url.empty() && !names(url)) return std::string(url);
  return names(host) ? std::string() : std::string(host);
}

Result<void> write_answer(const Visit& visit, const AskedFor& asked, const Answered& answer) {
  events::Entry entry;
  entry.incident = asked.incident;
  entry.subject = asked.subject;
  entry.body = write_body(answer);
  if (asked.kind == AskedFor::Kind::appeal) {
    entry.kind = "appeal_answer";
    entry.person = asked.person;
    return add_entry(visit, std::move(entry));
  }
  entry.kind = "task_answer";
  if (auto added = add_entry(visit, entry); !added) return added;
  if (!asked.subject.starts_with(kPassedOn)) return {};
  const auto appeal = request_named(visit, std::string_view(asked.subject).substr(kPassedOn.size()));
  if (!appeal) return {};  // erased meanwhile: there is nobody to tell
  return write_answer(visit, *appeal, answer);
}

Result<void> pass_on(const Visit& visit, const AskedFor& asked, std::string_view words) {
  events::Entry entry;
  entry.incident = asked.incident;
  entry.kind = "task";
  entry.subject = std::string(kPassedOn) + asked.subject;
  const auto known = entries_of(visit, "task", entry.subject);
  if (!known) return tl::unexpected(known.error());
  if (!known->empty()) return fail(Errc::refused, Side::client, "IT has it already");
  entry.body = json{
      {"url", address_without(asked.url, "", asked.person)},
      {"host", address_without("", asked.host, asked.person)},
      {"rule", asked.rule},
      {"source", asked.source},
      {"category", asked.category},
      {"group", asked.group},
      {"words",
       words}}.dump(-1, ' ', false, json::error_handler_t::replace);
  return add_entry(visit, std::move(entry));
}

std::optional<Answered> answer_about(const Visit& visit, const std::string& event_id, std::uint64_t incident,
                                     const std::string& rule) {
  ChangeStates changes(visit);
  if (const auto answers = entries_of(visit, "appeal_answer", event_id); answers && !answers->empty())
    return read_answer(changes, answers->back());
  if (incident == 0) return std::nullopt;
  const auto tasks = entries_of(visit, "task", {}, incident), answers = entries_of(visit, "task_answer", {}, incident);
  if (!tasks || !answers) return std::nullopt;
  for (const events::Entry& task : *tasks) {
    if (task.subject.starts_with(kPassedOn) || text_in(body_of(task), "rule") != rule) continue;
    for (const events::Entry& answer : *answers) {
      if (answer.subject != task.subject) continue;
      if (auto read = read_answer(changes, answer)) return read;
    }
  }
  return std::nullopt;
}

std::string answer_words(const Visit& visit, const Answered& answer) {
  const std::string until = answer.expires.empty() ? "" : ", until the end of " + day_words(answer.expires);
  const auto end = day_end(visit, answer.expires);
  std::string words;
  if (answer.outcome == "declined") {
    words = "It stays closed.";
  } else if (answer.outcome == "closed") {
    words = "It was open for a time, and is closed again.";
  } else if (answer.outcome == "rule") {
    words = "The rule was put right: it is open as soon as the laptop has the new rules.";
  } else if (answer.waiting) {
    words = "Somebody agreed to open it; one more person has to agree before it opens.";
  } else if (end && *end <= visit.desk.now) {
    words = "It was open" + until + ", and is closed again.";
  } else {
    words = "It is open now" + until + ".";
  }
  return answer.says.empty() ? words : words + " " + answer.says;
}

}  // namespace fairlead::agent::console
