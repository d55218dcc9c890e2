// What laptops tell of learners' words and of what was done, and what they hear of the desk.

#include <nlohmann/json.hpp>

#include "agent/hub/desk.hpp"
#include "agent/hub/notice_board.hpp"
#include "agent/hub/store.hpp"

#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using events::BookRow;
using events::Table;

std::string digest_of(std::uint64_t sequence, char mark = 'd') {
  return std::string(31, mark) + static_cast<char>(sequence);
}

BookRow learner_report(std::uint64_t sequence, const std::string& event, const std::string& person) {
  events::Report said;
  said.person = person;
  said.kind = events::ReportKind::wrong;
  said.time = moment(50);
  said.words = "I need it for the course";
  return {1, sequence, digest_of(sequence), false, event, said};
}

BookRow entry(std::uint64_t sequence, const std::string& kind, const std::string& event, const std::string& body) {
  events::Entry done;
  done.kind = kind;
  done.subject = event;
  done.time = moment(60);
  done.actor = "lead";
  done.person = "learner1";
  done.body = body;
  return {1, sequence, digest_of(sequence), false, event, done};
}

struct Joined {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  std::unique_ptr<Connection> beside = std::move(*connect(place_in(folder)));
  Joined() {
    REQUIRE(store->add_code("ONE", "learners", 10, moment(1000), moment()));
    REQUIRE(store->add_code("TWO", "staff", 10, moment(1000), moment()));
    for (const char* device : {"a", "b"}) REQUIRE(*store->redeem("ONE", device, "Laptop", moment()) == Redeemed::yes);
    REQUIRE(*store->redeem("TWO", "c", "Laptop", moment()) == Redeemed::yes);
    for (const char* device : {"a", "b"}) REQUIRE(store->take(batch_of(device, 1, 6), device_of(device), moment(10)));
  }
  Device device_of(const std::string& id) { return **store->device(id); }
  exchange::Receipt take(Table table, const std::string& device, std::vector<BookRow> rows,
                         std::optional<exchange::Mark> mark = std::nullopt) {
    const exchange::BookBatch batch{{device, 1, 1, std::move(rows), std::move(mark)}, table};
    const auto receipt = store->take(batch, device_of(device), moment(100));
    REQUIRE(receipt);
    return *receipt;
  }
  std::vector<exchange::Notice> hear(const std::string& device, const std::vector<std::string>& heard = {}) {
    const auto told = store->hear(device_of(device), {"{}", heard}, moment(200));
    REQUIRE(told);
    return exchange::read_notices(exchange::write_notices(told->notices))->notices;
  }
  std::int64_t number(std::string_view sql) { return number_from(*beside, sql); }
  std::string text(std::string_view sql) { return text_at(beside->run(sql, {})->front(), 0); }
};

TEST_CASE("book: a learner's word is taken once, and its incident counts it") {
  Joined hub;
  CHECK(hub.take(Table::reports, "a", {}).high == 0);
  CHECK(hub.take(Table::reports, "a", {learner_report(1, "EV1", "learner1")}).high == 1);
  CHECK(hub.take(Table::reports, "a", {learner_report(1, "EV1", "learner1"), learner_report(2, "gone", "learner2")})
            .high == 2);
  CHECK(hub.number("SELECT count(*) FROM reports") == 2);
  CHECK(hub.number("SELECT sum(reports) FROM incidents") == 1);
  CHECK(hub.number("SELECT reports FROM incidents WHERE number = (SELECT incident FROM events WHERE id = 'EV1' AND "
                   "device = 1)") == 1);
  // Another laptop's of the same number is another.
  CHECK(hub.take(Table::reports, "b", {learner_report(1, "EV1", "learner1")}).high == 1);
  CHECK(hub.number("SELECT count(*) FROM reports") == 3);
}

TEST_CASE("book: a review on a laptop changes the incident here; what the hub told the laptop is no news") {
  Joined hub;
  CHECK(hub.take(Table::entries, "a",
                 {entry(1, "review", "EV1", R"({"state":"no_action"})"),
                  entry(2, "review", "EV1", R"({"from_hub":true,"state":"new"})"),
                  entry(3, "review", "EV1", R"({"state":"forgiven"})"), entry(4, "appeal", "EV1", "{}")})
            .high == 4);
  CHECK(hub.number("SELECT count(*) FROM entries") == 3);
  CHECK(hub.text("SELECT state FROM incidents WHERE number = (SELECT incident FROM events WHERE id = 'EV1' AND device "
                 "= 1)") == "no_action");
  CHECK(hub.number("SELECT count(*) FROM incidents WHERE state = 'no_action'") == 1);
}

TEST_CASE("book: what is personal has an end even where its incident is not here") {
  Joined hub;
  hub.take(Table::entries, "a", {entry(1, "appeal", "gone", "{}"), entry(2, "appeal", "EV1", "{}")});
  CHECK(hub.number("SELECT keep FROM entries WHERE sequence = 1") > column_of(moment()));
  CHECK(hub.number("SELECT keep FROM entries WHERE sequence = 2") == 0);
}

TEST_CASE("book: other rows of the same numbers are told of, and nothing is taken") {
  Joined hub;
  hub.take(Table::reports, "a", {learner_report(1, "EV1", "learner1"), learner_report(2, "EV2", "learner2")});
  BookRow other = learner_report(2, "EV3", "learner0");
  other.digest = digest_of(2, 'x');
  CHECK(hub.take(Table::reports, "a", {other, learner_report(3, "EV3", "learner0")}).differs_from == 2);
  CHECK(hub.number("SELECT count(*) FROM reports") == 2);
  CHECK(hub.take(Table::reports, "a", {}, exchange::Mark{1, digest_of(1, 'x')}).differs_from == 1);
  CHECK(hub.take(Table::reports, "a", {}, exchange::Mark{1, digest_of(1)}).differs_from == 0);
  // The entries of that laptop count for themselves.
  CHECK(hub.take(Table::entries, "a", {entry(1, "appeal", "EV1", "{}")}).high == 1);
}

TEST_CASE("notice board: an answer goes to the laptop of its event, until that has heard it") {
  Joined hub;
  events::Entry answer;
  answer.kind = "appeal_answer";
  answer.subject = "EV2";
  answer.time = moment(70);
  answer.actor = "lead";
  answer.body = R"({"says":"yes"})";
  REQUIRE(hub.beside->run("UPDATE events SET id = 'EV2-of-b' WHERE id = 'EV2' AND device = 2", {}));
  REQUIRE(tell_answer(*hub.beside, answer));
  CHECK(hub.hear("b").empty());
  const auto told = hub.hear("a");
  REQUIRE(told.size() == 1);
  CHECK(std::get<exchange::AnswerNotice>(told[0].what).event == "EV2");
  CHECK(hub.hear("a").size() == 1);
  CHECK(hub.hear("b", {told[0].id}).empty());
  CHECK(hub.hear("a").size() == 1);  // another laptop's word takes nothing down
  CHECK(hub.hear("a", {"unknown", told[0].id}).empty());
  answer.subject = "gone";
  REQUIRE(tell_answer(*hub.beside, answer));
  CHECK(hub.number("SELECT count(*) FROM notices") == 0);
}

TEST_CASE("notice board: a review goes to each laptop of its incident with the state alone") {
  Joined hub;
  REQUIRE(
      hub.beside->run("UPDATE events SET incident = CASE WHEN sequence <= 2 THEN 1 ELSE 2 END,"
                      " person = (SELECT person FROM incidents WHERE number = 1)",
                      {}));
  events::Entry review;
  review.kind = "review";
  review.incident = 1;
  review.time = moment(80);
  review.actor = "lead";
  review.body = R"({"state":"in_review","note":"told me about their home"})";
  REQUIRE(tell_review(*hub.beside, review));
  for (const char* device : {"a", "b"}) {
    const auto told = hub.hear(device);
    REQUIRE(told.size() == 1);
    const auto& notice = std::get<exchange::ReviewNotice>(told[0].what);
    CHECK(notice.state == "in_review");
    CHECK(notice.events.size() == 2);
  }
  CHECK(hub.number("SELECT count(*) FROM notices WHERE body LIKE '%home%'") == 0);
}

TEST_CASE("notice board: what IT answered goes to laptops with events of that rule, as the learner reads it") {
  Joined hub;
  REQUIRE(
      hub.beside->run("UPDATE events SET incident = 1, person = (SELECT person FROM incidents WHERE number = 1),"
                      " rule = CASE WHEN device = 1 AND sequence <= 2 THEN 'too-wide' ELSE 'another' END",
                      {}));
  Desk desk(place_in(hub.folder));
  events::Entry task;
  task.incident = 1;
  task.time = moment(70);
  task.kind = "task";
  task.subject = "wrongly stopped: incident 1, task 1";
  task.actor = "lead";
  task.body = R"({"rule":"too-wide","url":"https://tools.example/","words":"Kim needs it"})";
  REQUIRE(desk.add(task));
  events::Entry answer = task;
  answer.kind = "task_answer";
  answer.actor = "it-a";
  answer.body = R"({"outcome":"rule","says":"Mended.","change":"secret"})";
  REQUIRE(desk.add(answer));
  CHECK(hub.hear("b").empty());
  const auto told = hub.hear("a");
  REQUIRE(told.size() == 1);
  const auto& notice = std::get<exchange::TaskAnswerNotice>(told[0].what);
  CHECK(notice.events == std::vector<std::string>{"EV2", "EV1"});
  CHECK(notice.rule == "too-wide");
  CHECK(nlohmann::json::parse(notice.body) == nlohmann::json{{"outcome", "rule"}, {"says", "Mended."}});
  for (const char* kept : {"it-a", "Kim", "tools.example", "secret"})
    CHECK(hub.text("SELECT body FROM notices").find(kept) == std::string::npos);
  // What the lead passed on was an appeal: its own answer tells of it, and nobody else reads that.
  task.subject = answer.subject = "appeal EV1";
  REQUIRE(desk.add(task));
  REQUIRE(desk.add(answer));
  CHECK(hub.hear("a").size() == 1);
}

}  // namespace
}  // namespace fairlead::agent::hub
