// What a learner can ask for: a copy of their own, and to agree to how the laptop is used.

#include <doctest/doctest.h>

#include <future>
#include <nlohmann/json.hpp>

#include "rules/policy/agreement.hpp"
#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
using agent::pages::Answer;

namespace {

struct Own : Console {
  void record(std::string who, std::string host) {
    agent::events::Event event;
    event.id = agent::events::new_decision_id();
    event.time = kNow;
    event.person = std::move(who);
    event.host = std::move(host);
    event.category = "gambling";
    event.severity = "medium";
    event.risk = "conduct";
    event.losers = "[]";
    Console::record(std::move(event));
  }
  void ask_for_agreement(rules::catalog::Agreement::Required required, const std::string& sentence = "I am <kind>.") {
    auto made = catalog();
    made.policy.version = "2026-01";
    made.policy.agreement = {required, {sentence}, "https://www.example.org/terms"};
    rules = rules_from(std::move(made));
    REQUIRE(rules != nullptr);
    hands.agreed = [this](const std::string& agreement, const std::string& who) {
      told += agreement + " " + who + "\n";
    };
  }
  std::string id() const { return rules::policy::agreement_id(rules->policy()); }
  std::size_t given() {
    agent::events::EntryFilter filter;
    filter.kind = "agreement";
    return store->entries(filter)->size();
  }
  std::string told;
};

}  // namespace

TEST_CASE_FIXTURE(Own, "copy: my own entries, and nobody else's") {
  record("sam", "mine.example");
  record("kim", "theirs.example");
  const std::string page = ask(get("/recorded/copy")).body;
  CHECK(has(page, "mine.example"));
  CHECK_FALSE(has(page, "theirs.example"));
  const Answer file = ask(get("/recorded/copy.json"));
  CHECK(has(field(file, "Content-Disposition"), "attachment"));
  const auto copy = nlohmann::json::parse(file.body);
  CHECK(copy["about"] == "sam");
  CHECK(copy["events"].size() == 1);
  CHECK_FALSE(has(file.body, "kim"));
  // Whoever asks for another's in the address gets their own.
  CHECK_FALSE(has(ask(get("/recorded/copy.json?person=kim")).body, "theirs.example"));
}

TEST_CASE_FIXTURE(Own, "copy: who is not known gets nobody's") {
  record("", "nobodys.example");
  person = "";
  CHECK(ask(get("/recorded/copy")).status == 404);
  CHECK_FALSE(has(ask(get("/recorded/copy.json")).body, "nobodys.example"));
  CHECK(ask(get("/answers")).status == 404);
}

TEST_CASE_FIXTURE(Own, "why: a store that cannot be read is not the same as an empty one") {
  CHECK(has(ask(get("/why")).body, "Nothing was stopped"));
  const std::filesystem::path no_folder = folder.path / "accounts.db" / "events";
  store = agent::events::Store::open_or_waiting(no_folder);
  const Answer answer = ask(get("/why"));
  CHECK(answer.status == 503);
  CHECK_FALSE(has(answer.body, "Nothing was stopped"));
}

TEST_CASE_FIXTURE(Own, "agreement: asked, given, recorded once, and asked anew when the text changes") {
  using rules::catalog::Agreement;
  CHECK(has(ask(get("/agreement")).body, "There is nothing to agree to"));
  CHECK_FALSE(has(ask(get("/")).body, "/agreement"));
  ask_for_agreement(Agreement::Required::wait);
  CHECK(has(ask(get("/")).body, "/agreement"));
  const std::string page = ask(get("/agreement")).body;
  CHECK(has(page, "I am &lt;kind&gt;."));
  CHECK(has(page, "I have read this, and I agree"));
  std::string sent = id();
  sent.replace(sent.find(' '), 1, "+");
  REQUIRE(ask(post("/agreement", "agreement=" + sent)).status == 303);
  CHECK(given() == 1);
  CHECK(told == id() + " sam\n");
  CHECK(has(ask(get("/agreement")).body, "You agreed"));
  REQUIRE(ask(post("/agreement", "agreement=" + sent)).status == 303);
  CHECK(given() == 1);
  ask_for_agreement(Agreement::Required::wait, "Another sentence.");
  CHECK_FALSE(has(ask(get("/agreement")).body, "You agreed"));
  // Who read the old text has not agreed to the new one.
  REQUIRE(ask(post("/agreement", "agreement=" + sent)).status == 303);
  CHECK(given() == 1);
}

TEST_CASE_FIXTURE(Own, "agreement: not from another site, and not for somebody who is not known") {
  ask_for_agreement(rules::catalog::Agreement::Required::wait);
  std::string sent = id();
  sent.replace(sent.find(' '), 1, "+");
  Request foreign = post("/agreement", "agreement=" + sent);
  foreign.sec_fetch_site = "cross-site";
  CHECK(ask(foreign).status == 403);
  person = "";
  REQUIRE(ask(post("/agreement", "agreement=" + sent)).status == 303);
  CHECK(given() == 0);
}

TEST_CASE_FIXTURE(Own, "agreement: the lead exports who has agreed, and a name is no formula") {
  ask_for_agreement(rules::catalog::Agreement::Required::ask);
  std::string sent = id();
  sent.replace(sent.find(' '), 1, "+");
  person = "=HYPERLINK(\"x\")";
  REQUIRE(ask(post("/agreement", "agreement=" + sent)).status == 303);
  person = "sam";
  const Answer csv = ask(get("/agreements.csv", cookie(Role::lead)));
  CHECK(has(csv.body, "\"'=HYPERLINK(\"\"x\"\")\""));
  CHECK(has(field(csv, "Content-Disposition"), "agreements.csv"));
  agent::events::EntryFilter filter;
  filter.kind = "export";
  CHECK(store->entries(filter)->size() == 1);
  CHECK(has(ask(get("/agreements", cookie(Role::lead))).body, "Who has agreed"));
  CHECK(ask(get("/agreements.csv", cookie(Role::it))).status == 403);
}
