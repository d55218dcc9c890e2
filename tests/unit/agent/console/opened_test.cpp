// What was opened at an organisation's desk: who sees it, and what becomes of it when it is closed.

#include <doctest/doctest.h>

#include "agent/console/requests.hpp"
#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;

namespace {

/// A desk where one address is open because a learner asked for it, one by the lead's own wish, and one was.
struct OpenDesk : Console {
  OpenDesk() {
    router = Router(desk_routes());
    const std::string group = rules->policy().groups.front().id;
    all.push_back(
        {"ONE", "an-account-lead", {"casino.example", {group}, {}, "the office", "a course <b>", "2026-06-30"}});
    all.push_back({"TWO", "other-lead", {"tools.example", {"unknown-group"}, {}, "the office", "roofs", "2026-06-30"}});
    all.push_back({"OLD", "other-lead", {"old.example", {group}, {}, "the office", "walls", "2026-06-30"}});
    for (Opened& one : all) one.made = kNow - std::chrono::hours(1);
    for (Opened& one : all) one.about = one.exception.url + "/ " + group;
    all[0].may_close = true;
    all[0].behind = 1;
    all[1].everywhere = false;
    all[1].sites = {"Leeds", "York"};
    all[2].over = kNow;
    all[2].closed_by = "other-lead";
    hands.opened = [this](Moment) { return Result<std::vector<Opened>>(all); };
    hands.close = [this](const std::string& opened, const std::string& by, Moment) -> Result<void> {
      if (opened != "ONE") return fail(Errc::not_found, Side::client, "It is closed already.");
      closed.push_back(opened + " by " + by);
      return {};
    };
  }
  /// Somebody asks for an address, and the lead opened it.
  std::string appeal(const std::string& id = "K7QM-2D4X", const std::string& opened = "ONE") {
    appeal_about(id);
    agent::events::Entry answer;
    answer.time = kNow;
    answer.kind = "appeal_answer";
    answer.subject = id;
    answer.incident = store->show(id)->incident;
    answer.person = "sam";
    answer.actor = "an-account-lead";
    answer.body = R"({"outcome":"exception","says":"Thank you.","expires":"2026-06-30","change":")" + opened + "\"}";
    REQUIRE(store->add(answer));
    return id;
  }
  std::vector<agent::events::Entry> answers() {
    agent::events::EntryFilter filter;
    filter.kind = "appeal_answer";
    return *store->entries(filter);
  }

  std::vector<Opened> all;
  std::vector<std::string> closed;
};

TEST_CASE_FIXTURE(OpenDesk, "opened: what is open, for whom, where, until when and by whom, and what is over") {
  const std::string page = ask(get("/opened", cookie(Role::lead))).body;
  CHECK(has(page, "casino.example"));
  CHECK(has(page, "a course &lt;b&gt;"));
  CHECK(has(page,
            "Open until the end of 30 June 2026. 1 laptop has not followed yet: it may still be "
            "closed there."));
  CHECK(has(page, "unknown-group · Leeds, York · opened"));
  CHECK(has(page, " · at every training centre · opened"));
  CHECK(has(page, "Closed today at 11:00 by other-lead."));
  CHECK(has(page, "It holds at other training centres too. Only a lead"));
  CHECK(page.find("casino.example") < page.find("id=\"over\""));
  CHECK(page.find("old.example") > page.find("id=\"over\""));
  all.clear();
  const std::string empty = ask(get("/opened", cookie(Role::lead))).body;
  CHECK(has(empty, "Nothing is open."));
  CHECK_FALSE(has(empty, "id=\"over\""));
}

TEST_CASE_FIXTURE(OpenDesk, "opened: the lead alone sees it: an address may tell of whoever asked for it") {
  for (const Role role : {Role::it, Role::viewer}) {
    CHECK(ask(get("/opened", cookie(role))).status == 403);
    CHECK(ask(post("/opened", "opened=ONE", cookie(role))).status == 403);
  }
  CHECK(closed.empty());
}

TEST_CASE_FIXTURE(OpenDesk, "opened: whoever asked for it reads that it is closed, and why") {
  const std::string event = appeal();
  const std::string session = cookie(Role::lead);
  CHECK(has(ask(get("/opened", session)).body, "name=\"says\""));
  const auto done = ask(post("/opened", "opened=ONE&says=The+course+is+over.", session));
  CHECK(done.status == 303);
  CHECK(field(done, "Location") == "/opened?closed=yes");
  CHECK(closed == std::vector<std::string>{"ONE by an-account-lead"});
  REQUIRE(answers().size() == 2);
  CHECK(answers().back().subject == event);
  CHECK(answers().back().person == "sam");
  const std::string appeals = ask(get("/appeals", session)).body;
  CHECK(has(appeals, "It was open for a time, and is closed again. The course is over."));
  CHECK_FALSE(has(appeals, "It is open now"));
}

TEST_CASE_FIXTURE(OpenDesk, "opened: what cannot be closed is told of, and nobody is answered") {
  appeal("K7QM-2D4X", "ONE");
  const std::string session = cookie(Role::lead);
  const auto over = ask(post("/opened", "opened=OLD&says=x", session));
  CHECK(over.status == 422);
  CHECK(has(over.body, "It is closed already."));
  CHECK(ask(post("/opened", "opened=NONE&says=x", session)).status == 422);
  const auto silent = ask(post("/opened", "opened=ONE&says=++", session));
  CHECK(silent.status == 422);
  CHECK(has(silent.body, "A sentence is missing"));
  CHECK(closed.empty());
  hands.close = [](const std::string&, const std::string&, Moment) -> Result<void> {
    return fail(Errc::closed, Side::local, "the database went away");
  };
  CHECK(ask(post("/opened", "opened=ONE&says=x", session)).status == 503);
  CHECK(answers().size() == 1);
}

TEST_CASE_FIXTURE(OpenDesk, "opened: whoever was not told when it was closed is told when it is tried again") {
  appeal("K7QM-2D4X", "ONE");
  all[0].over = kNow;
  all[0].closed_by = "an-account-lead";
  hands.close = [](const std::string&, const std::string&, Moment) -> Result<void> {
    return fail(Errc::not_found, Side::client, "It is closed already.");
  };
  const std::string session = cookie(Role::lead);
  CHECK(ask(post("/opened", "opened=ONE&says=The+course+is+over.", session)).status == 303);
  CHECK(answers().size() == 2);
  CHECK(ask(post("/opened", "opened=ONE&says=The+course+is+over.", session)).status == 422);
}

TEST_CASE_FIXTURE(OpenDesk, "opened: whoever asked for one that another took the place of is told too") {
  appeal("K7QM-2D4X", "FIRST");
  appeal("4BTW-9PAE", "ONE");
  appeal("A1B2-C3D4", "BEFORE");
  appeal("E5F6-G7H8", "OTHERS");
  Opened first = all[0];
  first.id = "FIRST";
  first.over = kNow;
  first.closed_by = "an-account-lead";
  first.next = "ONE";
  all.push_back(first);
  first.id = "BEFORE";  // and the one before that
  first.next = "FIRST";
  all.push_back(first);
  first.id = "OTHERS";  // of another line
  first.next = "TWO";
  all.push_back(first);
  const std::string session = cookie(Role::lead);
  CHECK(has(ask(get("/opened", session)).body, "Replaced today at 11:00 by an-account-lead: see the newer one."));
  REQUIRE(ask(post("/opened", "opened=ONE&says=Over.", session)).status == 303);
  CHECK(answers().size() == 4 + 3);
}

TEST_CASE_FIXTURE(OpenDesk, "opened: nobody reads that it is closed while another one opens it for them") {
  appeal("K7QM-2D4X", "ONE");
  Opened other = all[0];
  other.id = "OTHER";
  other.exception.url = "https://CASINO.example/";  // the same, spelt in another way
  all.push_back(other);
  const std::string session = cookie(Role::lead);
  const auto done = ask(post("/opened", "opened=ONE&says=Over.", session));
  CHECK(field(done, "Location") == "/opened?closed=other");
  CHECK(has(ask(get("/opened?closed=other", session)).body, "stays open where another one opens it"));
  CHECK(closed.size() == 1);
  CHECK(answers().size() == 1);
}

TEST_CASE_FIXTURE(OpenDesk, "opened: an exception that nobody asked for is closed without a sentence") {
  const std::string session = cookie(Role::lead);
  CHECK_FALSE(has(ask(get("/opened", session)).body, "name=\"says\""));
  CHECK(ask(post("/opened", "opened=ONE", session)).status == 303);
  CHECK(answers().empty());
}

}  // namespace
