#include "agent/hub/notice_board.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "agent/events/appeal.hpp"
#include "agent/events/json_fields.hpp"
#include "agent/hub/merged.hpp"
#include "agent/hub/notices_sql.hpp"

namespace fairlead::agent::hub {
namespace {

using nlohmann::json;

std::string new_id() { return events::new_decision_id() + "-" + events::new_decision_id(); }

/// Returns the notice's id.
Result<std::string> hang(Connection& connection, std::int64_t device, decltype(exchange::Notice::what) what, Now now) {
  const exchange::Notice notice{new_id(), std::move(what)};
  const auto done =
      connection.run(sql::kAddNotice, {notice.id, device, column_of(now), exchange::write_notice(notice)});
  if (!done) return tl::unexpected(done.error());
  return notice.id;
}

Result<void> tell(Connection& connection, std::int64_t device, decltype(exchange::Notice::what) what, Now now) {
  const auto hung = hang(connection, device, std::move(what), now);
  if (!hung) return tl::unexpected(hung.error());
  return {};
}

/// A notice to each laptop that has events of an incident by a rule; null: by any.
/// about    makes what is told, of some of its events.
template <class About>
Result<void> tell_each(Connection& connection, std::uint64_t incident, const Value& rule, const About& about, Now now) {
  const auto rows = connection.run(sql::kEventsToName,
                                   {column_of(incident), rule, column_of(std::uint64_t{exchange::kMostNoticeEvents})});
  if (!rows) return tl::unexpected(rows.error());
  for (auto row = rows->begin(); row != rows->end();) {
    const std::int64_t device = number_at(*row, 0);
    std::vector<std::string> events;
    for (; row != rows->end() && number_at(*row, 0) == device; ++row) events.push_back(text_at(*row, 1));
    if (auto told = tell(connection, device, about(std::move(events)), now); !told) return told;
  }
  return {};
}

}  // namespace

Result<void> tell_answer(Connection& connection, const events::Entry& answer) {
  const auto laptop = find_event(connection, sql::kLaptopOfEvent, sql::kLaptopOfMerged, answer.subject, {});
  if (!laptop) return tl::unexpected(laptop.error());
  if (laptop->empty()) return {};  // its time is over, or the laptop was taken out
  return tell(connection, number_at(laptop->front(), 0),
              exchange::AnswerNotice{answer.subject, answer.time, answer.actor, answer.body}, answer.time);
}

Result<void> tell_task_answer(Connection& connection, const events::Entry& answer) {
  if (answer.subject.starts_with(events::kPassedOn)) return {};
  const auto task = connection.run(sql::kBodyOfTask, {answer.subject, column_of(answer.incident)});
  if (!task) return tl::unexpected(task.error());
  const auto asked = task->empty() ? json() : json::parse(text_at(task->front(), 0), nullptr, false);
  if (!asked.is_object()) return {};  // erased
  const std::string rule = events::text_in(asked, "rule");
  const json body = json::parse(answer.body, nullptr, false);
  json read_by_learner = json::object();
  for (const char* name : {"outcome", "says", "expires"})
    if (const std::string text = events::text_in(body, name); !text.empty()) read_by_learner[name] = text;
  const auto about = [&](std::vector<std::string> events) {
    return exchange::TaskAnswerNotice{std::move(events), answer.subject, rule, answer.time, read_by_learner.dump()};
  };
  return tell_each(connection, answer.incident, rule, about, answer.time);
}

Result<void> tell_review(Connection& connection, const events::Entry& review) {
  const json body = json::parse(review.body, nullptr, false);
  const std::string state = body.is_object() ? events::text_in(body, "state") : std::string();
  const auto about = [&](std::vector<std::string> events) {
    return exchange::ReviewNotice{std::move(events), review.time, review.actor, state};
  };
  return tell_each(connection, review.incident, Value(), about, review.time);
}

Result<std::string> tell_erasure(Connection& connection, std::int64_t device, exchange::ErasureNotice erasure,
                                 Now now) {
  return hang(connection, device, std::move(erasure), now);
}

Result<std::vector<std::string>> notices_for(Connection& connection, std::int64_t device) {
  const auto rows = connection.run(sql::kNoticesFor, {device, column_of(std::uint64_t{exchange::kMostNotices})});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::string> out;
  for (const Row& row : *rows) out.push_back(text_at(row, 0));
  return out;
}

Result<void> take_down(Connection& connection, std::int64_t device, const std::vector<std::string>& heard) {
  for (const std::string& id : heard) {
    if (auto done = connection.run(sql::kTakeDown, {device, id}); !done) return tl::unexpected(done.error());
  }
  return {};
}

}  // namespace fairlead::agent::hub
