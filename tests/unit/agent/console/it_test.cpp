// IT's pages, and what the learner and the lead have of them: tasks, appeals, files, changes. With a store of its own
// and a workshop that only remembers.

#include <doctest/doctest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <vector>

#include "agent/console/requests.hpp"
#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
using agent::events::Event;
using agent::pages::Answer;

namespace {

constexpr std::string_view kPerson = "zzpersonzz", kReportWords = "zzreportzz";

/// Remembers what it was asked for.
struct Remembering final : Workshop {
  std::vector<std::string> files() const override { return {"conduct/gambling.yaml", "policy.yaml"}; }
  Result<EditedFile> read(std::string_view name) const override {
    for (const std::string& known : files()) {
      if (known == name) return EditedFile{known, text, "d1"};
    }
    return fail(Errc::not_found, Side::local, "there is no such file");
  }
  Result<Preview> preview(std::string_view /*name*/, std::string_view /*text*/, Moment /*now*/) override {
    return shown;
  }
  Result<Outcome> propose(const Proposal& proposal, Moment /*now*/) override {
    proposals.push_back(proposal);
    return outcome;
  }
  Result<Outcome> except(const rules::catalog::ExceptionText& exception, const std::string& /*account*/, bool released,
                         Moment /*now*/) override {
    exceptions.push_back(exception);
    releases.push_back(released);
    return outcome;
  }
  Result<std::vector<Change>> changes() const override { return all; }
  Result<void> release(std::string_view change, const std::string& account, Moment /*now*/) override {
    decided.push_back("release " + std::string(change) + " " + account);
    return {};
  }
  Result<void> withdraw(std::string_view change, const std::string& account, Moment /*now*/) override {
    decided.push_back("withdraw " + std::string(change) + " " + account);
    return {};
  }
  Result<Outcome> undo(std::string_view change, const std::string& account, Moment /*now*/) override {
    decided.push_back("undo " + std::string(change) + " " + account);
    return outcome;
  }

  std::string text = "category: gambling\n";
  Preview shown;
  Outcome outcome;
  std::vector<Proposal> proposals;
  std::vector<rules::catalog::ExceptionText> exceptions;
  std::vector<bool> releases;
  std::vector<Change> all;
  std::vector<std::string> decided;
};

struct Bench : Console {
  Bench() {
    person = kPerson;
    hands.workshop = shop;
  }

  std::string record(std::string_view category, std::string_view severity, std::string host = "wrong.example",
                     std::string url = "https://wrong.example/zzpersonzz") {
    Event event;
    event.id = agent::events::new_decision_id();
    event.time = kNow - std::chrono::hours(3);
    event.person = kPerson;
    event.group = "learners";
    event.host = std::move(host);
    event.url = std::move(url);
    event.category = category;
    event.severity = severity;
    event.risk = "conduct";
    event.rule = "casino-label";
    event.source = "conduct/gambling.yaml:12";
    event.losers = "[]";
    const std::string id = event.id;
    Console::record(std::move(event));
    return id;
  }
  std::string appeal(std::string_view category, std::string_view severity, std::string host = "wrong.example") {
    const std::string id = record(category, severity, std::move(host));
    REQUIRE(ask(post("/report", "id=" + id + "&kind=wrong&words=" + std::string(kReportWords))).status == 200);
    return id;
  }
  std::string page_of(Role role, const std::string& path) { return ask(get(path, cookie(role))).body; }
  Answer send(Role role, const std::string& path, const std::string& body) {
    return ask(post(path, body, cookie(role)));
  }
  std::size_t count(const char* kind) {
    agent::events::EntryFilter filter;
    filter.kind = kind;
    return store->entries(filter)->size();
  }

  std::shared_ptr<Remembering> shop = std::make_shared<Remembering>();
};

const std::string kExcept =
    "&do=except&url=wrong.example&group=learners&owner=R.+Site&reason=Unit+4&expires=2026-06-30&says=Thank+you.";

}  // namespace

TEST_CASE_FIXTURE(Bench, "tasks: IT sees rule and address of a light appeal, not who, nor their words") {
  const std::string id = appeal("gambling", "medium");
  const std::string page = page_of(Role::it, "/it/tasks");
  CHECK(has(page, "wrong.example"));
  CHECK(has(page, "casino-label"));
  CHECK(has(page, "conduct/gambling.yaml:12"));
  CHECK_FALSE(has(page, kPerson));
  CHECK_FALSE(has(page, kReportWords));
  const std::string lead = page_of(Role::lead, "/appeals");
  CHECK(has(lead, kPerson));
  CHECK(has(lead, kReportWords));
  CHECK(count("access") == 1);
}

TEST_CASE_FIXTURE(Bench, "tasks: a host that is named after the person is withheld") {
  appeal("gambling", "medium", "zzpersonzz.example");
  record("gambling", "medium", "zzpersonzz.example");
  CHECK_FALSE(has(page_of(Role::it, "/it/tasks"), kPerson));
  CHECK_FALSE(has(page_of(Role::it, "/it/samples"), kPerson));
  CHECK(has(page_of(Role::it, "/it/samples"), "withheld"));
}

TEST_CASE_FIXTURE(Bench, "tasks: an appeal about a serious category is for the lead alone, whatever IT sends") {
  const std::string id = appeal("eating-disorders", "high");
  CHECK_FALSE(has(page_of(Role::it, "/it/tasks"), "wrong.example"));
  CHECK(send(Role::it, "/it/tasks", "subject=" + id + kExcept).status == 404);
  CHECK(shop->exceptions.empty());
  CHECK(send(Role::lead, "/appeals", "subject=" + id + kExcept).status == 303);
  REQUIRE(shop->exceptions.size() == 1);
  CHECK(shop->releases[0]);  // the lead decides alone
}

TEST_CASE_FIXTURE(Bench,
                  "tasks: the lead passes an appeal on with words of their own, and IT's answer reaches the learner") {
  const std::string id = appeal("eating-disorders", "high");
  REQUIRE(send(Role::lead, "/appeals", "subject=" + id + "&do=pass_on&words=For+a+biology+course").status == 303);
  const std::string page = page_of(Role::it, "/it/tasks");
  CHECK(has(page, "For a biology course"));
  CHECK_FALSE(has(page, kPerson));
  CHECK_FALSE(has(page, kReportWords));
  REQUIRE(send(Role::it, "/it/tasks", "subject=appeal+" + id + "&do=decline&says=It+shows+diets.").status == 303);
  CHECK(has(page_of(Role::learner, "/answers"), "It stays closed. It shows diets."));
  CHECK(has(page_of(Role::learner, "/why"), "It stays closed. It shows diets."));
  CHECK(has(page_of(Role::lead, "/appeals"), "It stays closed. It shows diets."));
}

TEST_CASE_FIXTURE(Bench, "tasks: an exception has owner, reason and end, and the learner reads of it") {
  const std::string id = appeal("gambling", "medium");
  CHECK(has(page_of(Role::learner, "/answers"), "Not answered yet"));
  for (const char* missing : {"&owner=R.+Site", "&reason=Unit+4", "&expires=2026-06-30", "&url=wrong.example"}) {
    std::string body = "subject=" + id + kExcept;
    body.erase(body.find(missing), std::string(missing).size());
    CHECK(send(Role::it, "/it/tasks", body).status == 422);
  }
  for (const char* day : {"2026-03-24", "2028-01-01", "soon", "2026-02-30"}) {
    std::string body = "subject=" + id + kExcept;
    body.replace(body.find("2026-06-30"), 10, day);
    CHECK(send(Role::it, "/it/tasks", body).status == 422);
  }
  CHECK(shop->exceptions.empty());
  REQUIRE(send(Role::it, "/it/tasks", "subject=" + id + kExcept).status == 303);
  REQUIRE(shop->exceptions.size() == 1);
  CHECK(shop->exceptions[0].url == "wrong.example");
  CHECK(shop->exceptions[0].groups == std::vector<std::string>{"learners"});
  CHECK(shop->exceptions[0].expires == "2026-06-30");
  CHECK_FALSE(shop->releases[0]);  // a serious one would wait
  CHECK(has(page_of(Role::learner, "/answers"), "It is open now, until the end of 30 June 2026. Thank you."));
  CHECK(send(Role::it, "/it/tasks", "subject=" + id + kExcept).status == 303);  // a second answer is none
  CHECK(shop->exceptions.size() == 1);
  CHECK(count("appeal_answer") == 1);
}

TEST_CASE_FIXTURE(Bench, "tasks: pressing the button twice is one appeal, and nobody appeals for somebody else") {
  const std::string id = appeal("gambling", "medium");
  CHECK(ask(post("/report", "id=" + id + "&kind=wrong")).status == 200);
  CHECK(count("appeal") == 1);
  const std::string other = record("gambling", "medium");
  person = "zzotherzz";
  CHECK(ask(post("/report", "id=" + other + "&kind=wrong")).status == 404);
  CHECK(count("appeal") == 1);
  CHECK_FALSE(has(page_of(Role::learner, "/answers"), "wrong.example"));
}

TEST_CASE_FIXTURE(Bench, "samples: sites of critical kinds are withheld, and no moment is told") {
  record("self-harm-and-suicide", "critical", "grave.example");
  record("gambling", "medium", "slots.example");
  const std::string page = page_of(Role::it, "/it/samples");
  CHECK_FALSE(has(page, "grave.example"));
  CHECK(has(page, "slots.example"));
  CHECK(has(page, "2026-03-25"));
  CHECK_FALSE(has(page, "08:00"));
}

TEST_CASE_FIXTURE(Bench, "files: names that are no file, and text that would be markup") {
  for (const char* path : {"/it/files/..%2F..%2Fetc%2Fpasswd", "/it/files/%2Fetc%2Fpasswd",
                           "/it/files/conduct%2F..%2Fpolicy.yaml", "/it/files/policy.yaml%00.txt", "/it/files/.."}) {
    CAPTURE(path);
    const int status = ask(get(path, cookie(Role::it))).status;
    CHECK((status == 404 || status == 400));
  }
  shop->text = "says: </textarea><script>alert(1)</script>\n";
  const std::string page = page_of(Role::it, "/it/files/conduct%2Fgambling.yaml");
  CHECK_FALSE(has(page, "<script>alert"));
  CHECK(has(page, "&lt;/textarea&gt;&lt;script&gt;"));
  shop->text = "a: 1\r\nb: 2\r\n";
  CHECK(has(page_of(Role::it, "/it/files/policy.yaml"), ">\na: 1\nb: 2\n</textarea>"));
  shop->shown.usable = true;
  const Answer again = send(Role::it, "/it/files/policy.yaml", "text=a%3A+1%0D%0Ab%3A+3%0D%0A&digest=d1&do=preview");
  CHECK(has(again.body, ">\na: 1\nb: 3\n</textarea>"));
  shop->text = "says: \xE2\x80\xAE turned\n";  // a page cannot show it, and would lose it when it is saved
  CHECK(ask(get("/it/files/policy.yaml", cookie(Role::it))).status == 422);
}

TEST_CASE_FIXTURE(Bench,
                  "files: what a preview tells cannot become markup, and mistakes come before anything is made") {
  shop->shown.errors = {"conduct/gambling.yaml:1:1: error: unknown key '<script>'"};
  const Answer wrong = send(Role::it, "/it/files/conduct%2Fgambling.yaml", "text=x&digest=d1&do=preview");
  CHECK(wrong.status == 422);
  CHECK(has(wrong.body, "There are mistakes"));
  CHECK(has(wrong.body, "unknown key &#39;&lt;script&gt;"));
  CHECK_FALSE(has(wrong.body, "value=\"apply\""));
  shop->shown = {};
  shop->shown.usable = true;
  shop->shown.added = {"<script>x</script>"};
  shop->shown.replay = {{"<b>host", "allow", "block: <i>Gambling", 3}};
  const Answer good = send(Role::it, "/it/files/conduct%2Fgambling.yaml", "text=x&digest=d1&do=preview");
  CHECK(good.status == 200);
  CHECK_FALSE(has(good.body, "<script>x"));
  CHECK_FALSE(has(good.body, "<b>host"));
  CHECK(has(good.body, "value=\"apply\""));
  CHECK(shop->proposals.empty());
  REQUIRE(send(Role::it, "/it/files/conduct%2Fgambling.yaml", "text=a%0D%0Ab&digest=d1&why=Because&do=apply").status ==
          303);
  REQUIRE(shop->proposals.size() == 1);
  CHECK(shop->proposals[0].account == "an-account-it");
  CHECK(shop->proposals[0].text == "a\r\nb");
  CHECK_FALSE(shop->proposals[0].released);
}

TEST_CASE_FIXTURE(Bench, "changes: whoever asked for one is not offered to release it, and the lead is") {
  Change change;
  change.id = "C1";
  change.file = "conduct/gambling.yaml";
  change.account = "an-account-it";
  change.time = kNow;
  change.loosens = {"<script>it opens"};
  shop->all = {change};
  CHECK_FALSE(has(page_of(Role::it, "/it/changes"), "Release it"));
  const std::string lead = page_of(Role::lead, "/it/changes");
  CHECK(has(lead, "Release it"));
  CHECK_FALSE(has(lead, "<script>it"));
  REQUIRE(send(Role::lead, "/it/changes", "change=C1&do=release").status == 303);
  CHECK(shop->decided == std::vector<std::string>{"release C1 an-account-lead"});
  CHECK(send(Role::lead, "/it/changes", "change=C1&do=undo").status == 422);
  CHECK(send(Role::it, "/it/changes", "change=C1&do=erase").status == 422);
}

TEST_CASE_FIXTURE(Bench, "health: what the agent says, in words") {
  CHECK(ask(get("/it", cookie(Role::it))).status == 200);  // no agent: nothing is known, and nothing breaks
  hands.status = [] {
    return std::string(R"({"requests":12,"rules":{"id":"abcdef0123456789abcdef","since":"2026-03-25T10:00:00Z",)"
                       R"("last_load_refused":true,"problems":["policy.yaml:3:1: error: <b>"]},"warnings":["One."]})");
  };
  const std::string page = page_of(Role::it, "/it");
  CHECK(has(page, "needs you"));
  CHECK(has(page, "2026-03-25 10:00 UTC"));
  CHECK(has(page, "error: &lt;b&gt;"));
  CHECK(has(page_of(Role::it, "/"), "needs you"));
  hands.status = [] { return std::string("rubbish"); };
  CHECK(ask(get("/it", cookie(Role::it))).status == 200);
}

TEST_CASE_FIXTURE(Bench, "check: the same words as the command, for a group") {
  hands.explain = [](const Question& question) -> Result<std::string> {
    if (question.url == "bad") return fail(Errc::bad_url, Side::client, "no host <here>");
    return "block " + question.url + " " + question.group + " <" + question.at + ">";
  };
  CHECK(has(page_of(Role::it, "/it/check?url=a.example&group=learners&at=2026-01-01"),
            "block a.example learners &lt;2026-01-01&gt;"));
  const Answer bad = ask(get("/it/check?url=bad", cookie(Role::it)));
  CHECK(bad.status == 422);
  CHECK(has(bad.body, "no host &lt;here&gt;"));
}

TEST_CASE_FIXTURE(Bench,
                  "appeal: an answer follows its change: it waits, holds, or comes to nothing and is asked for anew") {
  const std::string id = appeal("gambling", "medium");
  shop->outcome.waiting = true;
  shop->outcome.change = "c7";
  Change change;
  change.id = "c7";
  shop->all = {change};
  REQUIRE(send(Role::it, "/it/tasks",
               "subject=" + id + "&do=except&url=wrong.example&group=learners&owner=R&reason=x&expires=2026-06-30")
              .status == 303);
  CHECK(has(page_of(Role::learner, "/answers"), "one more person has to agree before it opens"));
  shop->all[0].state = ChangeState::applied;
  CHECK(has(page_of(Role::learner, "/answers"), "It is open now, until the end of 30 June 2026."));
  shop->all[0].state = ChangeState::withdrawn;
  CHECK(has(page_of(Role::learner, "/answers"), "Not answered yet."));
  CHECK(has(page_of(Role::it, "/it/tasks"), "Open it for a time"));
}
