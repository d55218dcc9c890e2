#include "agent/events/event.hpp"

#include <nlohmann/json.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace fairlead::agent::events {
namespace {

using rules::catalog::Category;
using rules::catalog::Record;
using rules::policy::Candidate;
using rules::policy::Decision;
using rules::policy::Person;
using rules::policy::RuleKind;
using rules::policy::Rules;
using rules::policy::Verdict;
using rules::url::CanonicalUrl;

/// A decision made by hand: which rule spoke does not matter here, only what may be written down of it.
struct Case {
  std::shared_ptr<const Rules> rules = Rules::builtin_minimum();
  Category category;
  Decision decision;
  CanonicalUrl url;

  Case(Record record, std::string_view address) {
    category.id = "gambling";
    category.risk = rules::catalog::Risk::conduct;
    category.severity = rules::catalog::Severity::medium;
    category.review = rules::catalog::Review::week;
    category.record = record;
    decision.verdict = Verdict::block;
    decision.level = rules::policy::Level::category;
    decision.winner = Candidate{};
    decision.winner->level = decision.level;
    decision.winner->asks = Verdict::block;
    decision.winner->category = &category;
    decision.winner->kind = RuleKind::pattern;
    decision.winner->rule = "casino-label";
    decision.winner->file = "conduct/gambling.yaml";
    decision.winner->line = 12;
    REQUIRE(url.assign(address));
  }
  Event event() const {
    const Person person{"learner1", {"learners"}, rules::policy::Found::socket_owner};
    return make_event(*rules, decision, url, person, {"GET", Navigation::yes, "sec-fetch-mode", TimePoint{}},
                      "K7QM-2D4X");
  }
};

/// Every text of an event in one, to look for what must not be in it.
std::string everything(const Event& event) {
  std::string out;
  for (const auto field : {&Event::id,         &Event::person,        &Event::found,
                           &Event::group,      &Event::method,        &Event::url,
                           &Event::host,       &Event::words,         &Event::navigation_sign,
                           &Event::category,   &Event::risk,          &Event::severity,
                           &Event::review,     &Event::rule,          &Event::source,
                           &Event::span,       &Event::level,         &Event::losers,
                           &Event::ruleset_id, &Event::policy_version})
    out += event.*field + '\n';
  return out;
}

TEST_CASE("new_decision_id: eight characters that cannot be misread, and no two alike") {
  std::set<std::string> seen;
  std::set<char> used;
  for (int i = 0; i < 5'000; ++i) {
    const std::string id = new_decision_id();
    REQUIRE(id.size() == 9);
    CHECK(id[4] == '-');
    CHECK(id.find_first_of("01OILUabcdefghijklmnopqrstuvwxyz") == std::string::npos);
    CHECK(std::count(id.begin(), id.end(), '-') == 1);
    seen.insert(id);
    used.insert(id.begin(), id.end());
  }
  CHECK(seen.size() == 5'000);
  CHECK(used.size() == 31);  // all thirty, and the hyphen
}

TEST_CASE("make_event: holds what the decision says") {
  Case one(Record::host, "https://casino7.example/");
  one.decision.winner->span = "casino7.example";
  const Event event = one.event();
  CHECK(event.id == "K7QM-2D4X");
  CHECK(event.kind == Kind::blocked);
  CHECK(event.person == "learner1");
  CHECK(event.found == to_string(rules::policy::Found::socket_owner));
  CHECK(event.group == one.rules->policy().groups.at(0).id);
  CHECK(event.method == "GET");
  CHECK(event.host == "casino7.example");
  CHECK(event.navigation == Navigation::yes);
  CHECK(event.category == "gambling");
  CHECK(event.risk == "conduct");
  CHECK(event.severity == "medium");
  CHECK(event.review == "week");
  CHECK(event.rule == "casino-label");
  CHECK(event.source == "conduct/gambling.yaml:12");
  CHECK(event.span == "casino7.example");
  CHECK(event.level == to_string(rules::policy::Level::category));
  CHECK(event.losers == "[]");
  CHECK(event.ruleset_id == one.rules->ruleset_id());
  one.decision.verdict = Verdict::observe;
  CHECK(one.event().kind == Kind::observed);
}

TEST_CASE("make_event: the host alone, with scheme and a port that is not the default") {
  for (const Record record : {Record::none, Record::host, Record::words}) {
    CHECK(Case(record, "http://user:secret@Casino7.example:8080/private/x?q=secret#s").event().url ==
          "http://casino7.example:8080");
    CHECK(Case(record, "https://casino7.example:443/private").event().url == "https://casino7.example");
    CHECK(Case(record, "http://[2001:db8::1]/private").event().url == "http://[2001:db8::1]");
  }
}

TEST_CASE("make_event: the path where the category asks for it, the query never") {
  Case one(Record::path, "https://casino7.example/tables/roulette?person=secret&q=secret");
  one.decision.winner->span = "person=secret";
  one.decision.words = "secret words";
  Candidate loser = *one.decision.winner;
  loser.span = "q=secret";
  one.decision.losers.push_back(loser);
  const Event event = one.event();
  CHECK(event.url == "https://casino7.example/tables/roulette");
  CHECK(everything(event).find("secret") == std::string::npos);
  one.decision.winner->span = "/tables/roulette";
  CHECK(one.event().span == "/tables/roulette");
}

TEST_CASE("make_event: a matched span is no way around the redaction") {
  // A pattern on path, query or whole URL matches text that `host` must not keep.
  for (const char* span : {"/private/diary", "q=secret", "https://casino7.example/private", "secret"}) {
    for (const Record record : {Record::none, Record::host}) {
      Case one(record, "https://casino7.example/private/diary?q=secret");
      one.decision.winner->span = span;
      one.decision.words = "secret";
      one.decision.losers.push_back(*one.decision.winner);
      const std::string all = everything(one.event());
      CHECK(all.find("private") == std::string::npos);
      CHECK(all.find("secret") == std::string::npos);
    }
  }
}

TEST_CASE("make_event: the address that decided in place of the asked one, as far as the category records it") {
  Case it(Record::host, "https://translate.example/page?u=http%3A%2F%2Fcasino.example%2Fjoe%3Fsecret");
  it.decision.about = rules::policy::About::inner;
  it.decision.address = "http://casino.example/joe?secret";
  it.decision.winner->span = "casino.example";
  CHECK(it.event().span == "http://casino.example");
  CHECK(everything(it.event()).find("joe") == std::string::npos);
  it.category.record = Record::path;
  CHECK(it.event().span == "http://casino.example/joe");
  CHECK(everything(it.event()).find("secret") == std::string::npos);
  it.decision.about = rules::policy::About::alias;
  it.decision.address = "https://cdn.casino.example/";
  CHECK(it.event().span == "https://cdn.casino.example/");
}

TEST_CASE("make_event: search words only where the category records them") {
  Case one(Record::words, "https://www.google.com/search?q=free+spins");
  one.decision.words = "free spins today";
  one.decision.winner->span = "free spins";
  CHECK(one.event().words == "free spins today");
  CHECK(one.event().span == "free spins");
  CHECK(one.event().url == "https://www.google.com");
  one.category.record = Record::host;
  CHECK(one.event().words.empty());
  CHECK(one.event().span.empty());
}

TEST_CASE("make_event: without a category, as for an exception, the host") {
  Case one(Record::path, "https://casino7.example/private?q=secret");
  one.decision.level = rules::policy::Level::exception;
  one.decision.winner->category = nullptr;
  one.decision.winner->rule = "casino7.example";
  const Event event = one.event();
  CHECK(event.url == "https://casino7.example");
  CHECK(event.category.empty());
  CHECK(event.severity.empty());
  CHECK(event.rule == "casino7.example");
  one.decision.winner.reset();
  CHECK(one.event().rule.empty());
}

TEST_CASE("make_event: losers as a JSON array, ten at most") {
  Case one(Record::host, "https://casino7.example/");
  for (int i = 0; i < 12; ++i) {
    Candidate loser = *one.decision.winner;
    loser.rule = "other \"rule\"";
    loser.span = "casino7";
    one.decision.losers.push_back(loser);
  }
  const auto losers = nlohmann::json::parse(one.event().losers);
  REQUIRE(losers.size() == 10);
  CHECK(losers[0]["rule"] == "other \"rule\"");
  CHECK(losers[0]["category"] == "gambling");
  CHECK(losers[0]["source"] == "conduct/gambling.yaml:12");
  CHECK(losers[0]["span"] == "casino7");
}

TEST_CASE("cut_to_limits: a hostile request does not fill the store, and UTF-8 stays whole") {
  Event event;
  event.url.assign(60'000, 'x');
  event.method.assign(60'000, 'x');
  event.losers.assign(60'000, 'x');
  for (int i = 0; i < 400; ++i) event.words += "\xE2\x82\xAC";
  cut_to_limits(event);
  CHECK(event.url.size() == 2'048);
  CHECK(event.method.size() == 512);
  CHECK(event.losers == "[]");
  CHECK(event.words.size() == 510);
}

}  // namespace
}  // namespace fairlead::agent::events
