// Nobody who may not see people sees one: the store is filled with names that occur nowhere else, and every answer to
// IT, to a viewer and to somebody not signed in is searched for them. And what the lead sees cannot become markup.

#include <doctest/doctest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <vector>

#include "agent/console/record.hpp"
#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
using agent::events::Event;
using agent::events::Navigation;
using agent::pages::Answer;

namespace {

// Each in a field of its own, so that a failing test says which one leaked.
constexpr std::string_view kPerson = "zzpersonzz", kOther = "zzotherzz", kHost = "zzhostzz.example",
                           kWords = "zzwordszz", kReportWords = "zzreportzz", kNote = "zznotezz",
                           kActor = "an-account-lead";
const std::vector<std::string_view> kMarks = {kPerson, kOther, kWords, kReportWords, kNote, kActor};

struct Filled : Console {
  Filled() { person = "zzsomebodyelsezz"; }

  std::string add(std::string_view who, std::string host, int minute, Navigation navigation = Navigation::yes,
                  std::string_view category = "gambling") {
    Event event;
    event.id = agent::events::new_decision_id();
    event.time = kNow - std::chrono::hours(3) + std::chrono::minutes(minute);
    event.person = who;
    event.found = "socket_owner";
    event.group = "learners";
    event.method = "GET";
    event.host = std::move(host);
    event.url = "https://" + event.host + "/" + std::string(who);
    event.words = kWords;
    event.navigation = navigation;
    event.navigation_sign = "sec-fetch-mode";
    event.category = category;
    event.risk = "conduct";
    event.severity = "medium";
    event.review = "week";
    event.rule = "casino-label";
    event.source = "conduct/gambling.yaml:12";
    event.level = "category";
    event.losers = "[]";
    const std::string id = event.id;
    record(std::move(event));
    return id;
  }

  void report(const std::string& id, std::string_view who, std::string words) {
    std::promise<bool> stored;
    store->report({id, std::string(who), agent::events::ReportKind::wrong, kNow, std::move(words)},
                  [&](Result<void> done) { stored.set_value(done.has_value()); });
    REQUIRE(stored.get_future().get());
  }

  void fill() {
    const std::string id = add(kPerson, std::string(kHost), 0);
    add(kPerson, "second.example", 5);
    add(kPerson, "fetched.example", 6, Navigation::no);
    add(kOther, "third.example", 7);
    report(id, kPerson, std::string(kReportWords));
    store->flush();
  }

  std::uint64_t incident_of(std::string_view who) {
    agent::events::IncidentFilter filter;
    filter.person = who;
    const auto found = store->incidents(filter);
    REQUIRE(found);
    REQUIRE_FALSE(found->empty());
    return found->front().number;
  }

  Answer review(std::uint64_t number, const std::string& fields) {
    return ask(post("/incidents/" + std::to_string(number) + "/review", fields, cookie(Role::lead)));
  }

  std::vector<agent::events::Entry> entries(std::string kind) {
    agent::events::EntryFilter filter;
    filter.kind = std::move(kind);
    const auto found = store->entries(filter);
    REQUIRE(found);
    return *found;
  }
};

/// Every address of the console, with parts filled in.
std::vector<std::string> addresses(const Router& router, std::string_view method) {
  std::vector<std::string> out;
  for (const Route& route : router.routes()) {
    if (route.method != method) continue;
    std::string path(route.path);
    const auto fill = [&](std::string_view part, std::string_view value) {
      if (const std::size_t at = path.find(part); at != std::string::npos) path.replace(at, part.size(), value);
    };
    fill("{name}", kPerson);
    for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{'))
      path.replace(open, path.find('}') - open + 1, "1");
    out.push_back(path);
  }
  return out;
}

}  // namespace

TEST_CASE_FIXTURE(Filled,
                  "property: no answer to IT, a viewer or somebody else holds a person, their words or a note") {
  fill();
  const std::uint64_t number = incident_of(kPerson);
  REQUIRE(review(number, "state=false_positive&note=" + std::string(kNote)).status == 303);
  std::size_t answers = 0;
  for (const Role role : {Role::it, Role::viewer, Role::learner}) {
    const std::string session = cookie(role);
    for (const char* method : {"GET", "POST"}) {
      for (const std::string& path : addresses(router, method)) {
        for (const char* query : {"", "?person=zzpersonzz", "?days=365", "?state=all&noise=shown", "?words=zz"}) {
          CAPTURE(to_string(role));
          CAPTURE(path);
          Answer answer = ask(method[0] == 'G' ? get(path + query, session) : post(path, "", session));
          ++answers;
          std::string all = answer.body;
          if (!field(answer, "Location").starts_with("/sign-in?to=")) {
            for (const auto& line : answer.fields) all += "\n" + line.value;
          }
          for (const std::string_view mark : kMarks) {
            CAPTURE(mark);
            CHECK_FALSE(has(all, mark));
          }
          if (role == Role::viewer) CHECK_FALSE(has(all, kHost));
          if (role == Role::learner) CHECK_FALSE(has(all, kHost));
        }
      }
    }
  }
  CHECK(answers > 100);
  // The search finds what is there: the lead does see them.
  const std::string page = ask(get("/incidents/" + std::to_string(number), cookie(Role::lead))).body;
  for (const std::string_view mark : {kPerson, kHost, kWords, kReportWords, kNote}) CHECK(has(page, mark));
}

TEST_CASE_FIXTURE(Filled, "false positive: IT gets the rule and the address, and nothing that tells whose it was") {
  fill();
  REQUIRE(review(incident_of(kPerson), "state=false_positive").status == 303);
  const auto tasks = entries("task");
  REQUIRE_FALSE(tasks.empty());
  for (const auto& task : tasks) {
    CHECK(task.person.empty());
    CHECK(task.actor.empty());
    const std::string all = task.subject + task.body;
    for (const std::string_view mark : kMarks) CHECK_FALSE(has(all, mark));
    const auto body = nlohmann::json::parse(task.body);
    CHECK(body["rule"] == "casino-label");
    CHECK(body["source"] == "conduct/gambling.yaml:12");
    CHECK(body["url"] == kHost);  // the path names the person
  }
  const std::size_t opened = tasks.size();
  REQUIRE(review(incident_of(kPerson), "state=false_positive&note=again").status == 303);
  CHECK(entries("task").size() == opened);  // not a second time
}

TEST_CASE_FIXTURE(Filled, "review: who, when, what and why are stored, and nothing is overwritten") {
  fill();
  const std::uint64_t number = incident_of(kPerson);
  REQUIRE(review(number, "state=in_review&note=First+look").status == 303);
  now += std::chrono::minutes(10);
  REQUIRE(review(number, "state=action_taken&outcome=spoke&note=Second%0D%0Aline").status == 303);
  const auto reviews = entries("review");
  REQUIRE(reviews.size() == 2);
  CHECK(reviews[0].actor == kActor);
  CHECK(reviews[1].incident == number);
  CHECK(store->incident(number)->state == agent::events::State::action_taken);
  const std::string page = ask(get("/incidents/" + std::to_string(number), cookie(Role::lead))).body;
  CHECK(has(page, "First look"));
  CHECK(has(page, "Spoke with the person"));
  CHECK(review(number, "state=nonsense").status == 422);
  CHECK(review(number, "").status == 422);
  CHECK(review(number, "state=new").status == 422);
  CHECK(review(999999, "state=in_review").status == 404);
  CHECK(review(number, "state=in_review&route=no-such-route&outcome=%3Cb%3E").status == 303);
  CHECK_FALSE(has(entries("review").back().body, "no-such-route"));
}

TEST_CASE_FIXTURE(Filled, "access: every page that shows a person leaves an entry that names them, before it is sent") {
  fill();
  const std::string session = cookie(Role::lead);
  const std::string number = std::to_string(incident_of(kPerson));
  for (const std::string& path :
       {std::string("/"), std::string("/incidents"), "/incidents/" + number, std::string("/events"),
        "/people/" + std::string(kPerson), "/people/" + std::string(kPerson) + "/copy",
        "/people/" + std::string(kPerson) + "/copy.json", "/incidents/" + number + "/evidence"}) {
    CAPTURE(path);
    const std::size_t before = entries("access").size() + entries("export").size();
    const Answer answer = ask(get(path, session));
    REQUIRE(answer.status == 200);
    REQUIRE(has(answer.body, kPerson));
    REQUIRE(entries("access").size() + entries("export").size() == before + 1);
    const agent::events::Entry entry =
        has(path, "copy") || has(path, "evidence") ? entries("export").back() : entries("access").back();
    CHECK(entry.actor == kActor);
    CAPTURE(entry.body);
    CAPTURE(entry.subject);
    CHECK(has(entry.person + entry.body, kPerson));
    CHECK_FALSE(has(entry.subject, kPerson));
  }
  CHECK(has(ask(get("/access", session)).body, "Saved as a file: copy for the person"));
}

TEST_CASE_FIXTURE(Filled,
                  "access: no route of the lead shows a person without a note, nor anything while none can be made") {
  fill();
  const std::string session = cookie(Role::lead);
  std::size_t shown = 0;
  for (const std::string& path : addresses(router, "GET")) {
    CAPTURE(path);
    const std::size_t before = entries("access").size() + entries("export").size();
    const Answer answer = ask(get(path, session));
    if (!has(answer.body, kPerson) || path.starts_with("/access")) continue;
    ++shown;
    CHECK(entries("access").size() + entries("export").size() == before + 1);
  }
  CHECK(shown >= 8);
  // Beside a running agent a store can be read, and nothing be written.
  auto read_only = agent::events::Store::open_read_only(folder.path / "events");
  REQUIRE(read_only);
  std::swap(store, *read_only);
  std::size_t refused = 0;
  for (const std::string& path : addresses(router, "GET")) {
    CAPTURE(path);
    const Answer answer = ask(get(path, session));
    CHECK_FALSE(has(answer.body, kPerson));
    refused += answer.status == 503 ? 1 : 0;
  }
  CHECK(refused >= shown);
  std::swap(store, *read_only);
}

TEST_CASE_FIXTURE(Filled, "evidence: one file that proves what it holds, without other people") {
  fill();
  const std::string number = std::to_string(incident_of(kPerson));
  const Answer answer = ask(get("/incidents/" + number + "/evidence", cookie(Role::lead)));
  CHECK(answer.status == 200);
  CHECK(field(answer, "Content-Disposition") == "attachment; filename=\"evidence-incident-" + number + ".html\"");
  CHECK(agent::events::verify_pack(answer.body).first_bad.empty());
  CHECK_FALSE(has(answer.body, kOther));
  CHECK(ask(get("/incidents/99999/evidence", cookie(Role::lead))).status == 404);
}

TEST_CASE_FIXTURE(Filled, "false positive: what IT answers stands with the incident") {
  fill();
  const std::uint64_t number = incident_of(kPerson);
  const std::string path = "/incidents/" + std::to_string(number);
  REQUIRE(review(number, "state=false_positive").status == 303);
  CHECK(has(ask(get(path, cookie(Role::lead))).body, "not answered yet"));
  const std::string subject = entries("task").front().subject;
  REQUIRE(ask(post("/it/tasks", "subject=" + encode_piece(subject) + "&do=rule&says=The+rule+is+narrower+now.",
                   cookie(Role::it)))
              .status == 303);
  CHECK(has(ask(get(path, cookie(Role::lead))).body, "The rule is narrower now."));
}

TEST_CASE_FIXTURE(Filled, "copy: it holds everything about one person and nobody else") {
  fill();
  (void)review(incident_of(kPerson), "state=in_review&note=About+them");
  for (const char* path : {"/people/zzpersonzz/copy", "/people/zzpersonzz/copy.json"}) {
    CAPTURE(path);
    const Answer answer = ask(get(path, cookie(Role::lead)));
    CHECK(answer.status == 200);
    for (const std::string_view part : {kPerson, kHost, kReportWords, std::string_view("About them")})
      CHECK(has(answer.body, part));
    CHECK_FALSE(has(answer.body, kOther));
    CHECK_FALSE(has(answer.body, "third.example"));
  }
  const Answer json = ask(get("/people/zzpersonzz/copy.json", cookie(Role::lead)));
  CHECK(field(json, "Content-Disposition") == "attachment; filename=\"recorded-about-me.json\"");
  CHECK_FALSE(has(json.body, kActor));
  const auto parsed = nlohmann::json::parse(json.body, nullptr, false);
  REQUIRE(parsed.is_object());
  CHECK(parsed["events"].size() == 3);
}

TEST_CASE_FIXTURE(Filled, "erasure on request: it asks twice, and then nothing of them is left on any page") {
  fill();
  const std::string session = cookie(Role::lead);
  CHECK(ask(post("/people/zzpersonzz/erase", "", session)).status == 303);
  CHECK(has(ask(get("/events", session)).body, kHost));
  CHECK(ask(post("/people/zzpersonzz/erase", "sure=yes&reason=Asked+in+writing", session)).status == 200);
  for (const char* path : {"/", "/incidents?state=all&noise=shown", "/events"}) {
    CAPTURE(path);
    const std::string page = ask(get(path, session)).body;
    CHECK_FALSE(has(page, kPerson));
    CHECK_FALSE(has(page, kHost));
  }
  CHECK(has(ask(get("/events", session)).body, "third.example"));
  CHECK(entries("erasure").size() == 1);
}

TEST_CASE_FIXTURE(Filled, "stored script: what a request, a learner or a reviewer wrote cannot become markup") {
  constexpr std::string_view kScript = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'";
  const std::string id = add("eve" + std::string(kScript), "evil" + std::string(kScript) + ".example", 0,
                             Navigation::yes, "no-such" + std::string(kScript));
  report(id, "eve" + std::string(kScript), std::string(kScript));
  store->flush();
  agent::events::IncidentFilter all;
  const auto found = store->incidents(all);
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  const std::string number = std::to_string(found->front().number);
  REQUIRE(review(found->front().number, "state=in_review&note=" + encode_piece(kScript)).status == 303);
  const std::string session = cookie(Role::lead);
  REQUIRE(ask(post("/views", "title=" + encode_piece(kScript) + "&address=%2Fincidents", session)).status == 303);
  const std::string name = encode_piece("eve" + std::string(kScript));
  for (const std::string& path :
       {std::string("/"), std::string("/incidents"), "/incidents/" + number, std::string("/events"),
        std::string("/access"), std::string("/counts"), "/people/" + name, "/people/" + name + "/copy",
        "/incidents?person=" + encode_piece(kScript), "/events?words=" + encode_piece(kScript)}) {
    CAPTURE(path);
    const Answer answer = ask(get(path, session));
    CHECK(answer.status == 200);
    CHECK_FALSE(has(answer.body, "<script"));
    CHECK_FALSE(has(answer.body, "<img"));
    CHECK_FALSE(has(answer.body, "=x onerror=alert(1)>"));
  }
}

TEST_CASE_FIXTURE(Filled, "SQL text: a filter is only text") {
  fill();
  const std::string session = cookie(Role::lead);
  for (const char* evil : {"' OR '1'='1", "'; DROP TABLE events; --", "%' OR 1=1 --", "%", "_", "\\"}) {
    CAPTURE(evil);
    for (const char* page : {"/incidents?person=", "/incidents?words=", "/events?person=", "/events?words=",
                             "/events?category=", "/access?person=", "/access?actor="}) {
      CAPTURE(page);
      const Answer answer = ask(get(page + encode_piece(evil), session));
      CHECK(answer.status == 200);
      CHECK_FALSE(has(answer.body, kHost));
    }
  }
  CHECK(has(ask(get("/events", session)).body, kHost));
}

TEST_CASE_FIXTURE(Filled, "saved views: only lists of the desk are kept, for their account alone") {
  const std::string session = cookie(Role::lead);
  for (const char* address :
       {"https://evil.example/", "//evil.example", "/sign-out", "/incidents/../x", "javascript:x",
        "/incidents?person=sam", "/events?state=new&pers%6Fn=+sam", "/events?person=&person=sam", "/events?person=%"}) {
    CAPTURE(address);
    (void)ask(post("/views", "title=x&address=" + encode_piece(address), session));
  }
  CHECK(accounts.views(kActor)->empty());
  REQUIRE(ask(post("/views", "title=Mine&address=%2Fincidents%3Fstate%3Dnew", session)).status == 303);
  CHECK(has(ask(get("/incidents", session)).body, "<a href=\"/incidents?state=new\">Mine</a>"));
  CHECK(has(ask(get("/incidents", session)).body, "Save this view"));
  CHECK_FALSE(has(ask(get("/incidents?person=sam", session)).body, "Save this view"));
  REQUIRE(ask(post("/views/remove", "title=Mine&to=%2Fincidents", session)).status == 303);
  CHECK_FALSE(has(ask(get("/incidents", session)).body, ">Mine</a>"));
}

TEST_CASE_FIXTURE(Filled, "start: it tells what is new since the last time") {
  fill();
  const std::string first = cookie(Role::lead);
  CHECK(has(ask(get("/", first)).body, "Open incidents"));
  now += std::chrono::hours(1);
  const std::string second = cookie(Role::lead);
  const std::string page = ask(get("/", second)).body;
  CHECK(has(page, "Since you last looked, today at 11:00"));
  CHECK_FALSE(has(page, kPerson));
  CHECK(has(page, "Nothing new"));
}
