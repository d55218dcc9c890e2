#pragma once
// What the desk of an organisation decided about something on a laptop, as the hub tells it that laptop: an answer to a
// learner or of IT, where an incident stands, and whose details go; and the exceptions that stand there for it. Pure;
// both sides read and write it through here.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/events/event.hpp"
#include "agent/exchange/pseudonym.hpp"
#include "rules/base/result.hpp"
#include "rules/catalog/exception_edit.hpp"

namespace fairlead::agent::exchange {

/// A laptop's entries hold this in their body where a notice made them: they do not come back to the hub as news.
inline constexpr std::string_view kFromHub = "from_hub";

/// The answer to an appeal.
struct AnswerNotice {
  std::string event;  // its id
  events::TimePoint time{};
  std::string by, body;  // account at the hub; JSON as in the book
};
/// What IT answered to a task about incidents: that much of it which the learner reads.
struct TaskAnswerNotice {
  std::vector<std::string> events;  // ids, of every incident that is meant
  std::string task, rule;           // the task's name; the rule that it is about
  events::TimePoint time{};
  std::string body;  // JSON as in the book
};
/// Where incidents stand now. What was written about them stays with the hub.
struct ReviewNotice {
  std::vector<std::string> events;  // ids, of every incident that is meant
  events::TimePoint time{};
  std::string by, state;
};
/// Everything about a person is erased. Who it is, the laptop finds out among those it knows.
struct ErasureNotice {
  Pseudonym person;
  std::string by;
};

struct Notice {
  std::string id;  // random: told again until the laptop says that it was heard
  std::variant<AnswerNotice, TaskAnswerNotice, ReviewNotice, ErasureNotice> what;
};

/// An exception of the desk.
struct DeskException {
  std::string id, by;  // by: an account
  rules::catalog::ExceptionText exception;
};
/// All that stand for a laptop, in the order in which they were made. It takes them over as one, and names the set by
/// its digest from then on: it is told again until it does, and when another set stands.
struct ExceptionSet {
  std::string digest;  // empty: of no exception
  std::vector<DeskException> all;
};
/// ids   of the exceptions, in their order.
[[nodiscard]] std::string set_digest(const std::vector<std::string>& ids);

/// What a laptop was told. A hub may be newer than its laptops: what one of them cannot read keeps none of the others
/// from it.
struct Told {
  std::vector<Notice> notices;
  std::optional<ExceptionSet> exceptions = std::nullopt;  // nothing: as the laptop has them
  struct Unreadable {
    std::string id, kind;
  };
  std::vector<Unreadable> unreadable = {};
  bool exceptions_unreadable = false;
};

inline constexpr std::size_t kMostNotices = 20;       // in one answer
inline constexpr std::size_t kMostNoticeEvents = 50;  // of one notice
inline constexpr std::size_t kMostExceptions = 100;   // of the desk, that a laptop keeps

/// The ids of the events that a notice is about.
[[nodiscard]] std::vector<std::string> events_of(const Notice& notice);

/// One notice as JSON.
[[nodiscard]] std::string write_notice(const Notice& notice);

/// The hub's answer to how a laptop is: what it has to hear. texts: as write_notice() made them. exceptions: where
/// those of the laptop are others.
[[nodiscard]] std::string write_notices(const std::vector<std::string>& texts,
                                        const std::optional<ExceptionSet>& exceptions = std::nullopt);
/// Errors   bad_message: not even the ids can be read.
[[nodiscard]] Result<Told> read_notices(std::string_view json);

/// How a laptop is, with the ids of what it has heard, and which exceptions it has.
/// health       a JSON object
/// exceptions   the digest of their set
[[nodiscard]] std::string write_health(std::string_view health, const std::vector<std::string>& heard,
                                       const std::string& exceptions = {});
struct Health {
  std::string health;  // without the others
  std::vector<std::string> heard;
  std::string exceptions = {};
};
/// Errors   bad_message
[[nodiscard]] Result<Health> read_health(std::string_view json);

}  // namespace fairlead::agent::exchange
