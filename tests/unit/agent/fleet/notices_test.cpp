#include "agent/fleet/notices.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/unit/agent/events/samples.hpp"

namespace fairlead::agent::fleet {
namespace {

using events::moment;
using exchange::Notice;

struct Laptop {
  Laptop() {
    std::filesystem::create_directory(folder.path() / "fleet");
    for (int i = 1; i <= 4; ++i) REQUIRE(events::record(*store, events::sample(i)) == events::Recorded::durable);
  }
  Result<void> hear(const std::vector<Notice>& all) { return hear(exchange::Told{all}); }
  Result<void> hear(const exchange::Told& told) {
    Notices notices({folder.path(), store.get(), [] { return moment(900); },
                     [this](const std::string& line) { log.push_back(line); },
                     [this](const exchange::ExceptionSet& set) -> Result<void> {
                       taken.push_back(set.digest);
                       if (full) return fail(Errc::disk_full, Side::local, "the disk is full");
                       return {};
                     }});
    auto done = notices.carry_out(told);
    heard = *notices.news();
    return done;
  }
  std::vector<events::Entry> entries(const std::string& kind) {
    events::EntryFilter filter;
    filter.kind = kind;
    return *store->entries(filter);
  }
  std::uint64_t incident_of(const std::string& event) { return store->show(event)->incident; }

  events::TemporaryFolder folder;
  std::unique_ptr<events::Store> store = std::move(*events::Store::open(folder.path() / "events"));
  std::vector<std::string> log, taken, heard;
  bool full = false;
};

Notice answer(const std::string& id) {
  return {id, exchange::AnswerNotice{"EV2", moment(500), "lead", R"({"outcome":"declined","says":"Not here."})"}};
}

TEST_CASE("notices: an answer is written once, whatever is told twice") {
  Laptop laptop;
  REQUIRE(laptop.hear({answer("one")}));
  REQUIRE(laptop.hear({answer("one")}));
  // It was written, and the power went before it was noted as heard.
  std::filesystem::remove(laptop.folder.path() / "fleet" / "heard.json");
  REQUIRE(laptop.hear({answer("one")}));
  const auto answers = laptop.entries("appeal_answer");
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].subject == "EV2");
  CHECK(answers[0].actor == "lead");
  CHECK(answers[0].incident == laptop.incident_of("EV2"));
  const auto body = nlohmann::json::parse(answers[0].body);
  CHECK(body["says"] == "Not here.");
  CHECK(body["from_hub"] == true);
  CHECK(laptop.heard == std::vector<std::string>{"one"});
}

TEST_CASE("notices: what IT answered to a task stands at each incident that is meant, once, with its rule alone") {
  Laptop laptop;
  const Notice mended{"nine", exchange::TaskAnswerNotice{{"EV1", "EV4", "EV2", "gone"},
                                                         "wrongly stopped: incident 7, task 1",
                                                         laptop.store->show("EV1")->event.rule,
                                                         moment(600),
                                                         R"({"outcome":"rule","says":"Mended."})"}};
  REQUIRE(laptop.hear({mended}));
  REQUIRE(laptop.hear({mended}));
  std::filesystem::remove(laptop.folder.path() / "fleet" / "heard.json");
  REQUIRE(laptop.hear({mended}));
  std::set<std::uint64_t> meant;
  for (const char* event : {"EV1", "EV2", "EV4"}) meant.insert(laptop.incident_of(event));
  const auto tasks = laptop.entries("task"), answers = laptop.entries("task_answer");
  CHECK(tasks.size() == meant.size());
  REQUIRE(answers.size() == meant.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    CHECK(tasks[i].subject == "at the desk: wrongly stopped: incident 7, task 1");
    CHECK(nlohmann::json::parse(tasks[i].body) ==
          nlohmann::json{{"rule", laptop.store->show("EV1")->event.rule}, {"from_hub", true}});
    CHECK(answers[i].subject == tasks[i].subject);
    CHECK(answers[i].incident == tasks[i].incident);
    CHECK(answers[i].actor == "");
    CHECK(nlohmann::json::parse(answers[i].body)["says"] == "Mended.");
    CHECK(nlohmann::json::parse(answers[i].body)["from_hub"] == true);
  }
}

TEST_CASE("notices: a review changes each incident that is meant, once") {
  Laptop laptop;
  const Notice review{"two", exchange::ReviewNotice{{"EV1", "EV2", "gone"}, moment(600), "lead", "in_review"}};
  REQUIRE(laptop.hear({review}));
  std::filesystem::remove(laptop.folder.path() / "fleet" / "heard.json");
  REQUIRE(laptop.hear({review}));
  CHECK(laptop.store->incident(laptop.incident_of("EV1"))->state == events::State::in_review);
  CHECK(laptop.store->incident(laptop.incident_of("EV2"))->state == events::State::in_review);
  CHECK(laptop.store->incident(laptop.incident_of("EV3"))->state == events::State::fresh);
  CHECK(laptop.entries("review").size() == 2);
}

TEST_CASE("notices: a person's details go, and that they went is written down without them") {
  Laptop laptop;
  REQUIRE(laptop.hear({{"three", exchange::ErasureNotice{exchange::pseudonym_of("learner1"), "lead"}}}));
  CHECK(laptop.store->show("EV1")->erased);
  CHECK(laptop.store->show("EV4")->erased);
  CHECK_FALSE(laptop.store->show("EV2")->erased);
  const auto erasures = laptop.entries("erasure");
  REQUIRE(erasures.size() == 1);
  CHECK(nlohmann::json::parse(erasures[0].body)["entries"] == 2);
  // Who is not known here leaves no trace.
  REQUIRE(laptop.hear({{"other", exchange::ErasureNotice{exchange::pseudonym_of("stranger"), "lead"}}}));
  CHECK(laptop.entries("erasure").size() == 1);
  CHECK(laptop.heard.size() == 2);
  CHECK(laptop.store->verify()->first_bad == "");
}

TEST_CASE("notices: what can never be done counts as heard and is told") {
  Laptop laptop;
  REQUIRE(laptop.hear({{"five", exchange::AnswerNotice{"gone", moment(), "lead", "{}"}},
                       {"six", exchange::ReviewNotice{{"EV1"}, moment(), "lead", "forgiven"}}}));
  CHECK(laptop.heard == std::vector<std::string>{"five", "six"});
  CHECK(laptop.log.size() == 2);
}

TEST_CASE("notices: exceptions that cannot be taken over keep nothing else back, and are told of") {
  Laptop laptop;
  exchange::Told told{{answer("one")}};
  told.exceptions = exchange::ExceptionSet{"a set", {}};
  laptop.full = true;
  REQUIRE(laptop.hear(told));
  CHECK(laptop.heard == std::vector<std::string>{"one"});
  CHECK(laptop.log == std::vector<std::string>{
                          "fleet: the exceptions of the organisation's desk cannot be taken over: the disk is full"});
  laptop.full = false;
  REQUIRE(laptop.hear(told));
  CHECK(laptop.taken == std::vector<std::string>{"a set", "a set"});
  CHECK(laptop.log.size() == 1);
  exchange::Told strange;
  strange.exceptions_unreadable = true;
  REQUIRE(laptop.hear(strange));
  CHECK(laptop.log.size() == 2);
}

TEST_CASE("notices: what a newer hub tells keeps nothing else from the laptop, and is told of once") {
  Laptop laptop;
  exchange::Told told{{answer("one")}};
  told.unreadable = {{"two", "praise"}};
  REQUIRE(laptop.hear(told));
  REQUIRE(laptop.hear(told));
  CHECK(laptop.entries("appeal_answer").size() == 1);
  CHECK(laptop.heard == std::vector<std::string>{"one", "two"});
  CHECK(laptop.log == std::vector<std::string>{"fleet: the organisation's desk decided something that this version "
                                               "cannot read ('praise'), so it was left out; a newer version can"});
}

TEST_CASE("notices: what the hub knows to be heard it is not told again, unless it asks again") {
  Laptop laptop;
  Notices notices(
      {laptop.folder.path(), laptop.store.get(), [] { return moment(900); }, [](const std::string&) {}, {}});
  REQUIRE(notices.carry_out({{answer("one")}}));
  CHECK(*notices.news() == std::vector<std::string>{"one"});
  CHECK(*notices.news() == std::vector<std::string>{"one"});  // the answer to it may have been lost
  notices.confirm({"one"});
  CHECK(notices.news()->empty());
  REQUIRE(notices.carry_out({{answer("one")}}));
  CHECK(*notices.news() == std::vector<std::string>{"one"});
  CHECK(laptop.entries("appeal_answer").size() == 1);
}

TEST_CASE("notices: a file that somebody spoilt is told of, and nothing is done twice because of it") {
  Laptop laptop;
  std::ofstream(laptop.folder.path() / "fleet" / "heard.json") << "{";
  Notices notices({laptop.folder.path(), laptop.store.get(), {}, {}, {}});
  CHECK(notices.news().error().code == Errc::bad_file);
  CHECK_FALSE(notices.carry_out({{answer("one")}}));
  CHECK(laptop.entries("appeal_answer").empty());
}

TEST_CASE("notices: what is written is read, and what is of another shape is refused") {
  const std::vector<Notice> all = {
      answer("a"),
      {"b", exchange::ReviewNotice{{"EV1", "EV2"}, moment(1), "lead", "no_action"}},
      {"d", exchange::ErasureNotice{exchange::pseudonym_of("learner1"), "lead"}},
      {"e", exchange::TaskAnswerNotice{{"EV3"}, "wrongly stopped: incident 1, task 1", "a-rule", moment(2), "{}"}}};
  std::vector<std::string> texts;
  for (const Notice& one : all) texts.push_back(exchange::write_notice(one));
  const auto read = exchange::read_notices(exchange::write_notices(texts));
  REQUIRE(read);
  CHECK(read->unreadable.empty());
  REQUIRE(read->notices.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(exchange::write_notice(read->notices[i]) == texts[i]);
  for (const char* bad :
       {"", "[]", "{}", R"({"notices":[1]})", R"({"notices":[{"kind":"review"}]})",
        R"({"notices":[{"id":"","kind":"review","time":1,"by":"b","state":"new","events":["x"]}]})"}) {
    CAPTURE(bad);
    CHECK_FALSE(exchange::read_notices(bad));
  }
}

TEST_CASE("notices: one of another shape is told of by its kind, and the others are read") {
  for (const char* bad : {R"("kind":"praise","time":1)", R"("kind":"erasure","salt":"61","digest":"62","by":"b")",
                          R"("kind":"review","time":1,"by":"b","state":"new","events":["x",7])",
                          R"("kind":"task_answer","time":1,"task":"t","body":"{}","events":["x"])",
                          R"("kind":"answer","time":"now","event":"x","by":"b","body":"{}")"}) {
    CAPTURE(bad);
    const auto read = exchange::read_notices(R"({"notices":[{"id":"a",)" + std::string(bad) + "}," +
                                             exchange::write_notice(answer("b")) + "]}");
    REQUIRE(read);
    REQUIRE(read->unreadable.size() == 1);
    CHECK(read->unreadable[0].id == "a");
    CHECK(std::string(bad).starts_with("\"kind\":\"" + read->unreadable[0].kind + '"'));
    REQUIRE(read->notices.size() == 1);
    CHECK(read->notices[0].id == "b");
  }
}

TEST_CASE("exceptions: a set travels whole, and one that cannot be read is no set") {
  const exchange::ExceptionSet set{
      exchange::set_digest({"one", "two"}),
      {{"one", "lead", {"tools.example/x", {"learners", "staff"}, {}, "site office", "a course", "2027-02-03"}},
       {"two", "lead", {"y.example", {"staff"}, {}, "o", "r", "2027-02-04"}}}};
  const std::string text = exchange::write_notices({exchange::write_notice(answer("a"))}, set);
  const auto read = exchange::read_notices(text);
  REQUIRE(read);
  CHECK(read->notices.size() == 1);
  REQUIRE(read->exceptions);
  CHECK(read->exceptions->digest == set.digest);
  CHECK(exchange::write_notices({exchange::write_notice(answer("a"))}, read->exceptions) == text);
  CHECK(read->exceptions->all[0].exception.groups == std::vector<std::string>{"learners", "staff"});
  CHECK_FALSE(exchange::read_notices(exchange::write_notices({}))->exceptions);
  // None at all is a set too.
  CHECK(exchange::read_notices(exchange::write_notices({}, exchange::ExceptionSet()))->exceptions->all.empty());
  for (const char* bad : {"7", "{}", R"({"digest":"a"})", R"({"digest":"a","all":[7]})",
                          R"({"digest":"a","all":[{"id":"b","by":"c","url":"d","groups":"e"}]})"}) {
    CAPTURE(bad);
    const auto told = exchange::read_notices(R"({"notices":[],"exceptions":)" + std::string(bad) + "}");
    REQUIRE(told);
    CHECK_FALSE(told->exceptions);
    CHECK(told->exceptions_unreadable);
  }
}

TEST_CASE("exceptions: a set is told apart by what is in it, and in which order") {
  CHECK(exchange::set_digest({}) == "");
  CHECK(exchange::set_digest({"a"}).size() == 16);
  CHECK(exchange::set_digest({"a", "b"}) != exchange::set_digest({"b", "a"}));
  CHECK(exchange::set_digest({"ab"}) != exchange::set_digest({"a", "b"}));
}

TEST_CASE("health: what was heard travels beside it and is not kept with it") {
  const auto read = exchange::read_health(exchange::write_health(R"({"cover":{"state":"open"}})", {"a", "b"}));
  REQUIRE(read);
  CHECK(read->health == R"({"cover":{"state":"open"}})");
  CHECK(read->heard == std::vector<std::string>{"a", "b"});
  const auto with_set = exchange::read_health(exchange::write_health("{}", {}, "0123"));
  CHECK(with_set->exceptions == "0123");
  CHECK(with_set->health == "{}");
  CHECK(exchange::write_health("{}", {}) == "{}");
  CHECK(exchange::read_health("{}")->heard.empty());
  CHECK_FALSE(exchange::read_health(R"({"exceptions":7})"));
  CHECK_FALSE(exchange::read_health("[]"));
  CHECK_FALSE(exchange::read_health(R"({"heard":"a"})"));
  CHECK_FALSE(exchange::read_health(R"({"heard":[1]})"));
}

}  // namespace
}  // namespace fairlead::agent::fleet
