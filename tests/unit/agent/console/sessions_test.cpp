#include "agent/console/sessions.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead::agent;
using namespace fairlead::agent::console;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

constexpr Moment kSessionNow{std::chrono::seconds{1774436400}};

Account account(std::string name) {
  Account made;
  made.name = std::move(name);
  made.role = Role::lead;
  made.generation = 7;
  return made;
}

}  // namespace

TEST_CASE("sessions: each begins with a token and a form token that nobody can guess") {
  Sessions sessions{database::kInMemory};
  const std::string one = *sessions.begin(account("mira"), "sam", kSessionNow);
  const std::string two = *sessions.begin(account("mira"), "sam", kSessionNow);
  CHECK(one.size() == 64);
  CHECK(one != two);
  const auto first = sessions.find(one, kSessionNow);
  REQUIRE(first);
  CHECK(first->account == "mira");
  CHECK(first->generation == 7);
  CHECK(first->person == "sam");
  CHECK(first->csrf.size() == 64);
  CHECK(first->csrf != one);
  CHECK(first->csrf != sessions.find(two, kSessionNow)->csrf);
}

TEST_CASE("sessions: an unknown, altered or empty token is nobody") {
  Sessions sessions{database::kInMemory};
  std::string token = *sessions.begin(account("mira"), "", kSessionNow);
  token[0] = token[0] == 'a' ? 'b' : 'a';
  CHECK_FALSE(sessions.find(token, kSessionNow));
  CHECK_FALSE(sessions.find("", kSessionNow));
  CHECK_FALSE(sessions.find("x", kSessionNow));
}

TEST_CASE("sessions: one ends when idle, after eight hours, and when the clock goes back") {
  Sessions sessions{database::kInMemory};
  const std::string idle = *sessions.begin(account("mira"), "", kSessionNow);
  CHECK(sessions.find(idle, kSessionNow + kIdleFor - milliseconds(1)));
  CHECK_FALSE(sessions.find(idle, kSessionNow + kIdleFor + kIdleFor));
  CHECK_FALSE(sessions.find(idle, kSessionNow));  // gone for good

  const std::string busy = *sessions.begin(account("mira"), "", kSessionNow);
  for (auto at = kSessionNow; at < kSessionNow + kLongest; at += minutes(20)) REQUIRE(sessions.find(busy, at));
  CHECK_FALSE(sessions.find(busy, kSessionNow + kLongest));

  const std::string back = *sessions.begin(account("mira"), "", kSessionNow);
  CHECK_FALSE(sessions.find(back, kSessionNow - minutes(1)));
  CHECK(sessions.find(back, kSessionNow));  // one clock of several that is behind ends nobody's
}

TEST_CASE("sessions: signing out ends one") {
  Sessions sessions{database::kInMemory};
  const std::string one = *sessions.begin(account("mira"), "", kSessionNow);
  const std::string two = *sessions.begin(account("mira"), "", kSessionNow);
  REQUIRE(sessions.end(one));
  CHECK_FALSE(sessions.find(one, kSessionNow));
  CHECK(sessions.find(two, kSessionNow));
}

TEST_CASE("sessions: they are bounded; the one idle for longest goes") {
  Sessions sessions{database::kInMemory};
  const std::string first = *sessions.begin(account("mira"), "", kSessionNow);
  const std::string second = *sessions.begin(account("mira"), "", kSessionNow + milliseconds(1));
  for (std::size_t i = 2; i <= kMostSessions; ++i)
    (void)sessions.begin(account("mira"), "", kSessionNow + milliseconds(static_cast<long>(i)));
  CHECK_FALSE(sessions.find(first, kSessionNow + minutes(1)));
  CHECK(sessions.find(second, kSessionNow + minutes(1)));
}

TEST_CASE("sessions: several hubs over one store know each other's, whatever their clocks differ by") {
  const fairlead::sample::Folder folder;
  const std::string place = "sqlite:" + (folder.path / "hub.db").string();
  Sessions one(place), other(place);
  const std::string token = *one.begin(account("mira"), "", kSessionNow);
  const auto there = other.find(token, kSessionNow - milliseconds(200));
  REQUIRE(there);
  CHECK(there->account == "mira");
  CHECK(there->csrf == one.find(token, kSessionNow)->csrf);
  // One that is used at one of them does not end at another for being idle.
  for (auto at = kSessionNow; at < kSessionNow + kIdleFor + kIdleFor; at += minutes(20)) REQUIRE(one.find(token, at));
  CHECK(other.find(token, kSessionNow + kIdleFor + kIdleFor));
  REQUIRE(other.end(token));
  CHECK_FALSE(one.find(token, kSessionNow + kIdleFor + kIdleFor));
}

TEST_CASE("sessions: neither token of one stands in the store") {
  const fairlead::sample::Folder folder;
  Sessions sessions("sqlite:" + (folder.path / "hub.db").string());
  const std::string token = *sessions.begin(account("mira"), "", kSessionNow);
  const std::string csrf = sessions.find(token, kSessionNow)->csrf;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    CHECK(bytes.find(token) == std::string::npos);
    CHECK(bytes.find(csrf) == std::string::npos);
  }
}

TEST_CASE("session_cookie: no script reads it, no other site sends it, and over TLS nothing else carries it") {
  CHECK(session_cookie("abc", false) == "fairlead=abc; Path=/; HttpOnly; SameSite=Strict");
  CHECK(session_cookie("abc", true) == "__Host-fairlead=abc; Path=/; HttpOnly; SameSite=Strict; Secure");
  CHECK(ended_cookie(false) == "fairlead=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

TEST_CASE("token_in: finds the token among other cookies") {
  CHECK(token_in("a=b; fairlead=abc; c=d", false) == "abc");
  CHECK(token_in("xfairlead=no; fairlead=abc", false) == "abc");
  CHECK(token_in("__Host-fairlead=abc", true) == "abc");
  CHECK(token_in("fairlead=abc", true).empty());
  CHECK(token_in("", false).empty());
  CHECK(token_in("fairlead", false).empty());
}
