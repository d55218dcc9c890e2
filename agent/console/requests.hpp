#pragma once
// What is asked of IT and the safeguarding lead: appeals of learners ("this is wrong") and tasks that the lead gave to
// IT. Folded from the store's book: open until an answer stands there. Blocks for the store.
//
// IT sees rule and address. Who it was, and what they wrote, is for the lead; the lead may pass words on.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/visit.hpp"
#include "agent/events/entry.hpp"

namespace fairlead::agent::console {

/// What was answered. One whose change was taken back is no answer any more: whoever asked is still waiting. outcome:
/// "exception", "closed" (one that ended before its last day), "rule" (a file was changed), "declined".
struct Answered {
  std::string outcome, says, expires;
  bool waiting = false;  // for a second person, or for its time
  Moment time{};
  std::string change = {};  // of the files, that has to hold first, or what was opened at the desk; else empty
};

struct AskedFor {
  enum class Kind : std::uint8_t { appeal, task } kind = Kind::appeal;
  std::string subject;  // public: an event's id, or the task's name
  Moment time{};
  std::uint64_t incident = 0;
  std::string url, host, rule, source, category, severity, group;
  std::string words;   // of a task: what the lead passed on
  std::string person;  // for the lead's pages alone; empty for tasks
  std::optional<Answered> answered;
};

/// Appeals and tasks, the newest first; erased ones are left out. `open_only`: without an answer.
[[nodiscard]] Result<std::vector<AskedFor>> requests(const Visit& visit, bool open_only);
/// The tasks that the lead gave to IT about an incident, with IT's answers; the oldest first.
[[nodiscard]] Result<std::vector<AskedFor>> tasks_about(const Visit& visit, std::uint64_t incident);
[[nodiscard]] Result<AskedFor> request_named(const Visit& visit, std::string_view subject);

/// May IT answer it by themselves? Appeals about categories below `high`, and whatever the lead passed on.
[[nodiscard]] bool is_for_it(const Visit& visit, const AskedFor& asked);

/// What IT may read of an address: without what names the person it belongs to, in any letters. The host alone where
/// the rest names them, or nothing when it names them too.
[[nodiscard]] std::string address_without(std::string_view url, std::string_view host, std::string_view person);

/// Writes the answer: for the learner and the lead. Errors: those of the store.
[[nodiscard]] Result<void> write_answer(const Visit& visit, const AskedFor& asked, const Answered& answer);
/// Passes an appeal on to IT, with the words that IT may see; IT's answer answers the appeal too.
[[nodiscard]] Result<void> pass_on(const Visit& visit, const AskedFor& asked, std::string_view words);

/// What was answered to a person about an event: to their appeal, or to the lead's task about its incident.
[[nodiscard]] std::optional<Answered> answer_about(const Visit& visit, const std::string& event_id,
                                                   std::uint64_t incident, const std::string& rule);
/// "It is open now, until the end of 30 June 2027.", and the sentence that somebody wrote.
[[nodiscard]] std::string answer_words(const Visit& visit, const Answered& answer);

}  // namespace fairlead::agent::console
