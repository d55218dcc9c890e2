// The router: who may open what, and what it refuses before a page is asked.

#include "agent/console/routes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <set>

#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
using agent::pages::Answer;

namespace {

/// Who may open each address. A route that is not here, or one here that is not there, fails: whoever adds one says for
/// whom it is, a second time.
const std::map<std::string, std::string> kExpected = {
    {"GET /", "learner viewer it lead"},
    {"GET /why", "learner viewer it lead"},
    {"GET /recorded", "learner viewer it lead"},
    {"POST /report", "learner viewer it lead"},
    {"GET /sign-in", "learner viewer it lead"},
    {"POST /sign-in", "learner viewer it lead"},
    {"POST /sign-out", "viewer it lead"},
    {"GET /counts", "viewer it lead"},
    {"GET /incidents", "lead"},
    {"GET /incidents/{number}", "lead"},
    {"GET /incidents/{number}/evidence", "lead"},
    {"POST /incidents/{number}/review", "lead"},
    {"GET /events", "lead"},
    {"GET /people/{name}", "lead"},
    {"GET /people/{name}/copy", "lead"},
    {"GET /people/{name}/copy.json", "lead"},
    {"POST /people/{name}/erase", "lead"},
    {"POST /views", "lead"},
    {"POST /views/remove", "lead"},
    {"GET /access", "lead"},
    {"GET /alerts", "lead"},
    {"GET /reports", "lead"},
    {"GET /reports/week", "lead"},
    {"GET /reports/term", "lead"},
    {"GET /reports/days", "lead"},
    {"GET /reports/numbers.csv", "lead"},
    {"GET /reports/month", "lead"},
    {"GET /reports/year", "lead"},
    {"GET /reports/processing", "lead"},
    {"GET /recorded/copy", "learner viewer it lead"},
    {"GET /recorded/copy.json", "learner viewer it lead"},
    {"GET /answers", "learner viewer it lead"},
    {"GET /agreement", "learner viewer it lead"},
    {"POST /agreement", "learner viewer it lead"},
    {"GET /appeals", "lead"},
    {"POST /appeals", "lead"},
    {"GET /agreements", "lead"},
    {"GET /agreements.csv", "lead"},
    {"GET /it", "it"},
    {"GET /it/tasks", "it"},
    {"POST /it/tasks", "it"},
    {"GET /it/check", "it"},
    {"GET /it/files", "it"},
    {"GET /it/files/{name}", "it"},
    {"POST /it/files/{name}", "it"},
    {"GET /it/changes", "it lead"},
    {"POST /it/changes", "it lead"},
    {"GET /it/lists", "it"},
    {"GET /it/samples", "it"},
};

std::string filled(std::string_view pattern) {
  std::string path(pattern);
  for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{'))
    path.replace(open, path.find('}') - open + 1, "1");
  return path;
}

bool may(const std::string& roles, Role role) {
  return has(" " + roles + " ", " " + std::string(to_string(role)) + " ");
}

Answer shows_who(const Visit& visit) {
  return {
      200, "text/plain",
      std::string(to_string(visit.visitor.role)) + " " + visit.visitor.account + " " + std::string(visit.part("name"))};
}

constexpr std::array kSmall = {
    Route{"GET", "/people/{name}", Role::lead, shows_who},
    Route{"POST", "/people/{name}", Role::lead, shows_who, {}, 100000},
    Route{"GET", "/open", kEverybody, shows_who, "Open"},
    Route{"POST", "/open", kEverybody, shows_who},
};

struct Small : Console {
  Small() { router = Router({kSmall.begin(), kSmall.end()}); }
};

}  // namespace

TEST_CASE_FIXTURE(Console, "roles: every route is opened by those it is for, and by nobody else") {
  std::set<std::string> seen;
  for (const Route& route : router.routes()) seen.insert(std::string(route.method) + " " + std::string(route.path));
  for (const std::string& route : seen) {
    CAPTURE(route);
    REQUIRE_MESSAGE(kExpected.count(route) == 1, "add the new route to the table of this test");
  }
  for (const auto& expected : kExpected) {
    const auto& route = expected.first;
    const auto& roles = expected.second;
    CAPTURE(route);
    REQUIRE(seen.count(route) == 1);
    const std::size_t space = route.find(' ');
    const std::string path = filled(route.substr(space + 1));
    const bool posted = route.starts_with("POST");
    for (const Role role : kRoles) {
      CAPTURE(to_string(role));
      const std::string session = cookie(role);
      const Answer answer = ask(posted ? post(path, "", session) : get(path, session));
      const bool to_sign_in = answer.status == 303 && field(answer, "Location").starts_with("/sign-in");
      const bool refused = answer.status == 403 && (has(answer.body, "<h1>This page is not for you</h1>") ||
                                                    has(answer.body, "<h1>You are signed out</h1>"));
      if (may(roles, role)) {
        CHECK_FALSE(refused);
        CHECK((!to_sign_in || path == "/sign-out"));

      } else if (role == Role::learner) {
        CHECK((posted ? refused : to_sign_in));
      } else {
        CHECK(refused);
      }
    }
  }
}

TEST_CASE_FIXTURE(Small,
                  "router: unknown is 404, another role's 403, not signed in leads to the sign-in page and back") {
  CHECK(ask(get("/nothing")).status == 404);
  CHECK(ask(get("/nothing", cookie(Role::lead))).status == 404);
  CHECK(ask(get("/people/kim/more", cookie(Role::lead))).status == 404);
  CHECK(ask(get("/people/", cookie(Role::lead))).status == 404);
  CHECK(ask(get("/people", cookie(Role::lead))).status == 404);
  CHECK(ask(get("//open", cookie(Role::lead))).status == 404);
  CHECK(ask(get("/people/kim", cookie(Role::it))).status == 403);
  const Answer led = ask(get("/people/kim?page=2"));
  CHECK(led.status == 303);
  CHECK(field(led, "Location") == "/sign-in?to=%2Fpeople%2Fkim%3Fpage%3D2");
  CHECK(ask(get("/people/kim", cookie(Role::lead))).body == "lead an-account-lead kim");
}

TEST_CASE_FIXTURE(Small, "path traversal: a part of a path is one piece, whatever is written into it") {
  const std::string session = cookie(Role::lead);
  CHECK(ask(get("/people/..%2F..%2Fetc%2Fpasswd", session)).body == "lead an-account-lead ../../etc/passwd");
  CHECK(ask(get("/people/../open", session)).status == 404);
  CHECK(ask(get("/people/%00", session)).status == 404);
  CHECK(ask(get("/people/%ff", session)).status == 404);
  CHECK(ask(get("/../../etc/passwd", session)).status == 404);
}

TEST_CASE_FIXTURE(Small, "router: HEAD is a GET, and nothing else is") {
  Request request = get("/open");
  request.method = "HEAD";
  CHECK(ask(request).status == 200);
  request = post("/open", "");
  CHECK(ask(request).status == 200);
  request.method = "PUT";
  CHECK(ask(request).status == 404);
}

TEST_CASE_FIXTURE(Small, "router: only a route that asks for it gets a large body") {
  CHECK(router.most_body("POST", "/people/kim") == 100000);
  CHECK(router.most_body("GET", "/people/kim") == kSmallBody);
  CHECK(router.most_body("POST", "/nothing") == kSmallBody);
}

TEST_CASE_FIXTURE(Small, "CSRF: a post without the session's own token changes nothing") {
  const std::string session = cookie(Role::lead);
  const std::string other = cookie(Role::lead);
  CHECK(ask(post("/people/kim", "", session)).status == 200);
  Request forged = get("/people/kim", session);
  forged.method = "POST";
  for (const char* site : {"cross-site", "same-site", "none", "", "same-origin"}) {
    CAPTURE(site);
    forged.sec_fetch_site = site;
    CHECK(ask(forged).status == 403);
  }
  const std::string theirs = post("/", "", other).body;
  forged.body = theirs;  // a token, but of another session
  CHECK(ask(forged).status == 403);
  const std::string ours = post("/", "", session).body;
  forged.body = theirs + "&" + ours;
  CHECK(ask(forged).status == 403);
  forged.body.clear();
  forged.query = ours;  // where it would end up in histories
  CHECK(ask(forged).status == 403);
  forged.query.clear();
  forged.body = ours;
  forged.sec_fetch_site = "cross-site";  // even if the token leaked
  CHECK(ask(forged).status == 403);
  forged.sec_fetch_site = "same-origin";
  CHECK(ask(forged).status == 200);
}

TEST_CASE_FIXTURE(Small, "CSRF: nobody needs a token where nobody is signed in, but another site still cannot post") {
  Request request = get("/open");
  request.method = "POST";
  CHECK(ask(request).status == 200);
  request.sec_fetch_site = "cross-site";
  CHECK(ask(request).status == 403);
  request.sec_fetch_site.clear();
  CHECK(ask(request).status == 403);
}

TEST_CASE_FIXTURE(Small, "router: a broken form or query is 400, and no page is asked") {
  CHECK(ask(get("/open?a=%zz")).status == 400);
  CHECK(ask(post("/open", "a=%ff")).status == 400);
}

TEST_CASE_FIXTURE(Small,
                  "router: a session ends with its account, its password, its role's change and another person") {
  const auto in = [&](const std::string& session) { return ask(get("/people/kim", session)).status == 200; };
  std::string session = cookie(Role::lead);
  CHECK(in(session));
  REQUIRE(accounts.set_password("an-account-lead", "another long password"));
  CHECK_FALSE(in(session));
  session = cookie(Role::lead);
  CHECK(in(session));
  REQUIRE(accounts.remove("an-account-lead"));
  CHECK_FALSE(in(session));
  session = cookie(Role::lead);  // a new account of the same name
  CHECK(in(session));
  REQUIRE(accounts.remove("an-account-lead"));
  REQUIRE(accounts.add("an-account-lead", Role::lead, kPassword, kNow));
  CHECK_FALSE(in(session));
  session = cookie(Role::lead);
  person = "kim";  // somebody else on the same laptop has got hold of the cookie
  CHECK_FALSE(in(session));
  person = "sam";
  CHECK_FALSE(in(session));
}

TEST_CASE("local_address: an address elsewhere is the first page") {
  for (const char* good : {"/", "/incidents?state=new&page=2", "/people/kim%2Fx"}) {
    CAPTURE(good);
    CHECK(local_address(good) == good);
  }
  for (const char* bad :
       {"", "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "/\t/evil.example",
        "/a\r\nSet-Cookie: x=y", "javascript:alert(1)", " /", "/a b", "/\xC3\xA9"}) {
    CAPTURE(bad);
    CHECK(local_address(bad) == "/");
  }
  CHECK(local_address("/" + std::string(2000, 'a')) == "/");
}

TEST_CASE("is_from_our_page: over TLS the origin is https") {
  Request request;
  request.host = "192.0.2.1:3129";
  request.secure = true;
  request.origin = "https://192.0.2.1:3129";
  CHECK(is_from_our_page(request));
  request.origin = "http://192.0.2.1:3129";
  CHECK_FALSE(is_from_our_page(request));
}
