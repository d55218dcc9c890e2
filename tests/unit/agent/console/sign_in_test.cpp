#include "agent/console/sign_in.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
using agent::pages::Answer;

namespace {

struct SignInPage : Console {
  SignInPage() { (void)account(Role::lead); }
  Answer sign_in(const std::string& password, const std::string& to = "/", const std::string& session = {}) {
    Request request = get("/sign-in", session);
    request.method = "POST";
    request.body = "name=an-account-lead&password=" + encode_piece(password) + "&to=" + encode_piece(to);
    return ask(request);
  }
  static std::string cookie_of(const Answer& answer) {
    const std::string set = field(answer, "Set-Cookie");
    return set.substr(0, set.find(';'));
  }
};

}  // namespace

TEST_CASE_FIXTURE(SignInPage, "sign-in: the right password leads where one wanted to go") {
  const Answer answer = sign_in(std::string(kPassword), "/incidents?state=new");
  CHECK(answer.status == 303);
  CHECK(field(answer, "Location") == "/incidents?state=new");
  const std::string set = field(answer, "Set-Cookie");
  for (const char* part : {"; Path=/", "; HttpOnly", "; SameSite=Strict"}) CHECK(has(set, part));
  CHECK(ask(get("/counts", cookie_of(answer))).status == 200);
}

TEST_CASE_FIXTURE(Console, "sign-in: accounts that cannot be read let nobody in, and IT finds the reason in the log") {
  std::ofstream(folder.path / "accounts.db") << std::string(4096, 'x');
  std::string logged;
  hands.log = [&](const std::string& line) { logged = line; };
  const Answer answer = ask(post("/sign-in", "name=an-account-lead&password=" + encode_piece(kPassword)));
  CHECK(answer.status == 503);
  CHECK(has(answer.body, "Accounts cannot be read at the moment"));
  CHECK(has(logged, "nobody can sign in to the pages: file is not a database"));
}

TEST_CASE_FIXTURE(SignInPage, "open redirect: signing in never leads to another site") {
  for (const char* to : {"https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nX: y"}) {
    CAPTURE(to);
    CHECK(field(sign_in(std::string(kPassword), to), "Location") == "/");
    CHECK_FALSE(has(ask(get("/sign-in?to=" + encode_piece(to))).body, "evil.example"));
  }
}

TEST_CASE_FIXTURE(SignInPage, "session fixation: a token that the browser brought along is never the session's") {
  const std::string planted = "fairlead=" + std::string(64, 'a');
  const Answer answer = sign_in(std::string(kPassword), "/", planted);
  CHECK(answer.status == 303);
  CHECK(cookie_of(answer) != planted);
  CHECK(ask(get("/counts", planted)).status == 303);
  // A session that was there before ends, so that whoever shared it is not signed in along.
  const std::string before = cookie(Role::viewer);
  CHECK(ask(get("/counts", before)).status == 200);
  Request request = get("/sign-in", before);
  request.method = "POST";
  request.body = "name=an-account-lead&password=" + encode_piece(kPassword);
  const Answer again = ask(request);
  CHECK(again.status == 303);
  CHECK(ask(get("/counts", before)).status == 303);
}

TEST_CASE_FIXTURE(SignInPage, "sign-in: a wrong password, and then a lock with a notice, and no session") {
  person = "sam";
  for (int i = 1; i < kMostWrong; ++i) {
    const Answer wrong = sign_in("wrong wrong wrong");
    CHECK(wrong.status == 403);
    CHECK(has(wrong.body, "The name or the password is wrong."));
    CHECK(field(wrong, "Set-Cookie").empty());
  }
  CHECK(sign_in("wrong wrong wrong").status == 429);
  const Answer locked = sign_in(std::string(kPassword));
  CHECK(locked.status == 429);
  CHECK(has(locked.body, "You can try again today at 11:15"));
  CHECK(field(locked, "Set-Cookie").empty());
  agent::events::EntryFilter filter;
  filter.kind = "sign_in";
  const auto entries = store->entries(filter);
  REQUIRE(entries);
  REQUIRE(entries->size() == 1);
  const auto& lock = entries->front();
  CHECK(lock.subject == "a name was locked after wrong passwords");
  // Whoever typed the name need not be whose name it is.
  CHECK(lock.actor.empty());
  CHECK(lock.person == "sam");
  CHECK(has(lock.body, "an-account-lead"));
  const std::string page = ask(get("/access", cookie(Role::lead))).body;
  CHECK(has(page, "sam (not signed in)"));
  CHECK(has(page, "a name was locked after wrong passwords (an-account-lead)"));
}

TEST_CASE_FIXTURE(SignInPage, "sign-in: whoever tries many names is told so, and no typed name that is none is kept") {
  person = "sam";
  for (int i = 0; i < kMostWrongOfPeer; ++i) {
    Request request = get("/sign-in");
    request.method = "POST";
    request.body = "name=my-own-password-" + std::to_string(i) + "&password=wrong";
    const Answer answer = ask(request);
    CHECK(answer.status == (i + 1 < kMostWrongOfPeer ? 403 : 429));
    if (i + 1 == kMostWrongOfPeer) CHECK(has(answer.body, "Too many wrong passwords were typed from here"));
  }
  CHECK(has(sign_in(std::string(kPassword)).body, "Nobody else is kept out by it."));
  agent::events::EntryFilter filter;
  filter.kind = "sign_in";
  const auto entries = store->entries(filter);
  REQUIRE(entries);
  REQUIRE(entries->size() == 1);
  CHECK(entries->front().person == "sam");
  CHECK_FALSE(has(entries->front().body, "my-own-password"));
}

TEST_CASE_FIXTURE(SignInPage, "sign-in: another site cannot sign somebody in") {
  Request request = get("/sign-in");
  request.method = "POST";
  request.body = "name=an-account-lead&password=" + encode_piece(kPassword);
  for (const char* site : {"cross-site", "same-site", ""}) {
    request.sec_fetch_site = site;
    request.origin = "https://evil.example";
    CHECK(ask(request).status == 403);
  }
}

TEST_CASE_FIXTURE(SignInPage, "sign-out: the session is over on both sides") {
  const std::string session = cookie(Role::lead);
  CHECK(ask(get("/sign-out", session)).status == 404);  // a link or an image must not do it
  const Answer out = ask(post("/sign-out", "", session));
  CHECK(out.status == 303);
  CHECK(has(field(out, "Set-Cookie"), "Max-Age=0"));
  CHECK(ask(get("/counts", session)).status == 303);
}

TEST_CASE_FIXTURE(SignInPage, "sign-in: what was typed cannot become markup") {
  Request request = get("/sign-in");
  request.method = "POST";
  request.body = "name=%22%3E%3Cscript%3Ex%3C%2Fscript%3E&password=x&to=%2F%22%3E%3Cscript%3E";
  const Answer answer = ask(request);
  CHECK_FALSE(has(answer.body, "<script"));
}
