// What of an update needs no server: who is asked at all, and how what was staged comes into force. tests/system/lists
// has a publisher.
#include "agent/lists/update.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "samples.hpp"

namespace fairlead::agent::lists {
namespace {

using Kind = UpdateOutcome::Kind;
const std::chrono::sys_seconds kUpdateNow{std::chrono::seconds(1'777'000'000)};

rules::catalog::ListSource source(const std::string& id, const std::string& from) {
  rules::catalog::ListSource out;
  out.id = id;
  out.from = from;
  return out;
}

UpdateOutcome staged(const ListStore& store, const std::string& id) {
  REQUIRE(store.prepare(id));
  write_file(store.folder(id) / "incoming.part", id + ".example\n");
  UpdateOutcome outcome;
  outcome.id = id;
  outcome.kind = Kind::staged;
  outcome.candidate =
      *store.stage(id, {"https://lists.example/", "", {}, "", 0, kUpdateNow}, {kUpdateNow, kUpdateNow, 0, ""});
  return outcome;
}

bool holds(const std::vector<std::string>& ids, const char* id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

TEST_CASE("update_lists: a file of the administrator's is nobody's to ask for") {
  TemporaryFolder folder;
  CHECK(update_lists(std::vector{source("own", "own.txt"), source("other", "/srv/other.txt")}, ListStore(folder.path()),
                     {}, kUpdateNow)
            .empty());
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("update_lists: an id cannot lead out of the folder") {
  TemporaryFolder folder;
  for (const char* id : {"", "..", "../x", "a/b", "a b", "/etc"}) {
    CAPTURE(id);
    const auto outcomes = update_lists(std::vector{source(id, "https://lists.example/")},
                                       ListStore(folder.path() / "lists"), {}, kUpdateNow);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0].kind == Kind::failed);
    CHECK(outcomes[0].error.code == Errc::bad_file);
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("update_lists: a failure is noted, with a shorter wait and the count of failures in a row") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  for (unsigned failures = 1; failures <= 3; ++failures) {
    const auto outcomes = update_lists(std::vector{source("trades", "http://lists.example/")}, store, {}, kUpdateNow);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0].kind == Kind::failed);
    const Check check = store.read("trades").check;
    CHECK(check.failures == failures);
    CHECK(check.last_error == outcomes[0].error.context);
    CHECK(check.checked_at == kUpdateNow);
    CHECK(check.next_due >= kUpdateNow + std::chrono::minutes(15));
    CHECK(check.next_due <= kUpdateNow + std::chrono::minutes(15) * (1U << failures));
  }
}

TEST_CASE("accept_staged: what is acceptable together comes into force after one look") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  std::vector<UpdateOutcome> outcomes{staged(store, "a"), staged(store, "b")};
  int looks = 0;
  accept_staged(outcomes, store, [&](const std::vector<std::string>& ids) -> Result<void> {
    ++looks;
    CHECK(ids == std::vector<std::string>{"a", "b"});
    CHECK(read_file(store.candidate("a")) == "a.example\n");
    return {};
  });
  CHECK(looks == 1);
  CHECK(read_file(store.list("a")) == "a.example\n");
  CHECK(read_file(store.list("b")) == "b.example\n");
}

TEST_CASE("accept_staged: one bad edition does not hold up the others") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  std::vector<UpdateOutcome> outcomes{staged(store, "a"), staged(store, "bad"), staged(store, "c")};
  outcomes.emplace_back().id = "away";
  accept_staged(outcomes, store, [](const std::vector<std::string>& ids) -> Result<void> {
    CHECK_FALSE(holds(ids, "away"));
    if (holds(ids, "bad")) return fail(Errc::test_failed, Side::local, "gov.uk would be blocked");
    return {};
  });
  CHECK(outcomes[0].kind == Kind::staged);
  CHECK(outcomes[1].kind == Kind::failed);
  CHECK(outcomes[1].error.context == "gov.uk would be blocked");
  CHECK(outcomes[2].kind == Kind::staged);
  CHECK(store.read("a").edition);
  CHECK_FALSE(store.read("bad").edition);
  CHECK(store.read("c").edition);
}

TEST_CASE("accept_staged: without anything staged nobody is asked to look") {
  TemporaryFolder folder;
  std::vector<UpdateOutcome> outcomes(1);
  accept_staged(outcomes, ListStore(folder.path()), [](const std::vector<std::string>&) -> Result<void> {
    FAIL("there is nothing to look at");
    return {};
  });
}

}  // namespace
}  // namespace fairlead::agent::lists
