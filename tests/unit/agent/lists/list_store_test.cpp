#include "agent/lists/list_store.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

namespace fairlead::agent::lists {
namespace {

const std::chrono::sys_seconds kNow{std::chrono::seconds(1'777'000'000)};

Edition edition_at(std::chrono::sys_seconds time) {
  return {"https://lists.example/hosts", "", {"\"a\"", ""}, "", 0, time};
}

Candidate stage(const ListStore& store, const std::string& bytes, std::chrono::sys_seconds time = kNow) {
  REQUIRE(store.prepare("trades"));
  write_file(store.folder("trades") / "incoming.part", bytes);
  auto candidate = store.stage("trades", edition_at(time), {time, time + std::chrono::hours(24), 0, ""});
  REQUIRE(candidate);
  return *candidate;
}

TEST_CASE("ListStore: a candidate becomes the list when it is accepted, and the list the previous one") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  const Candidate first = stage(store, "one.example\n");
  CHECK(first.edition.bytes == 12);
  CHECK(first.edition.sha256 == "a6ceab197d52482aec09930fdb1d4a6447d7c3035dc55850bcaec528c8edc980");
  CHECK_FALSE(store.read("trades").edition);
  CHECK(read_file(store.candidate("trades")) == "one.example\n");
  REQUIRE(store.accept(first));
  CHECK(read_file(store.list("trades")) == "one.example\n");
  CHECK_FALSE(std::filesystem::exists(store.candidate("trades")));
  REQUIRE(store.accept(stage(store, "two.example\n", kNow + std::chrono::hours(1))));
  CHECK(read_file(store.list("trades")) == "two.example\n");
  CHECK(read_file(store.folder("trades") / "previous") == "one.example\n");
  const StoredList stored = store.read("trades");
  CHECK(stored.trouble.empty());
  REQUIRE(stored.edition);
  CHECK(stored.edition->fetched_at == kNow + std::chrono::hours(1));
  REQUIRE(stored.previous);
  CHECK(stored.previous->sha256 == first.edition.sha256);
  CHECK(stored.check.next_due == kNow + std::chrono::hours(25));
}

TEST_CASE("ListStore: a candidate that is rejected leaves its reason and nothing else") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  REQUIRE(store.accept(stage(store, "one.example\n")));
  REQUIRE(store.reject(stage(store, "two.example\n"), "it lost half of its names"));
  const StoredList stored = store.read("trades");
  CHECK(stored.trouble.empty());
  CHECK(stored.check.last_error == "the new edition was refused: it lost half of its names");
  CHECK(read_file(store.list("trades")) == "one.example\n");
  CHECK_FALSE(std::filesystem::exists(store.candidate("trades")));
}

TEST_CASE("ListStore: cut between the two steps of an acceptance, the list is known as what it is") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  REQUIRE(store.accept(stage(store, "one.example\n")));
  const Candidate second = stage(store, "two.example\n", kNow + std::chrono::hours(1));
  REQUIRE(store.accept(second));
  // As it is after meta.json was written and before the candidate was renamed.
  write_file(store.list("trades"), "one.example\n");
  const StoredList stored = store.read("trades");
  CHECK(stored.trouble.empty());
  REQUIRE(stored.edition);
  CHECK(stored.edition->fetched_at == kNow);
}

TEST_CASE("ListStore: a list that meta.json does not know is told and is no edition") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  CHECK(store.read("trades").trouble.empty());  // nothing there is no trouble
  REQUIRE(store.accept(stage(store, "one.example\n")));
  const std::string meta = read_file(store.folder("trades") / "meta.json");
  write_file(store.list("trades"), "casino.example\n");
  CHECK(store.read("trades").trouble == "the list is not the one that meta.json tells of");
  CHECK_FALSE(store.read("trades").edition);
  CHECK(store.read("trades").check.checked_at == kNow);
  std::filesystem::remove(store.list("trades"));
  CHECK(store.read("trades").trouble == "the list is gone");
  write_file(store.list("trades"), "one.example\n");
  write_file(store.folder("trades") / "meta.json", "garbage");
  CHECK(store.read("trades").trouble == "meta.json cannot be read: nothing says which edition the list is");
  write_file(store.folder("trades") / "meta.json", std::string(100'000, ' ') + meta);
  CHECK(store.read("trades").trouble == "meta.json cannot be read: nothing says which edition the list is");
  write_file(store.folder("trades") / "meta.json", "{}");
  CHECK(store.read("trades").trouble == "meta.json does not know the list that lies beside it");
  write_file(store.folder("trades") / "meta.json", meta);
  CHECK(store.read("trades").edition);
}

TEST_CASE("ListStore: a list that is not ours does not become the previous one") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  REQUIRE(store.accept(stage(store, "one.example\n")));
  write_file(store.list("trades"), "casino.example\n");
  REQUIRE(store.accept(stage(store, "two.example\n")));
  CHECK_FALSE(std::filesystem::exists(store.folder("trades") / "previous"));
  CHECK_FALSE(store.read("trades").previous);
}

TEST_CASE("ListStore: notes change only what they are about") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  REQUIRE(store.accept(stage(store, "one.example\n")));
  REQUIRE(store.note("trades", {kNow + std::chrono::hours(2), kNow + std::chrono::hours(3), 2, "it was away"}));
  REQUIRE(store.note_validators("trades", {"\"b\"", "yesterday"}));
  const StoredList stored = store.read("trades");
  REQUIRE(stored.edition);
  CHECK(stored.edition->validators == Validators{"\"b\"", "yesterday"});
  CHECK(stored.edition->fetched_at == kNow);
  CHECK(stored.check.failures == 2);
  CHECK(stored.check.last_error == "it was away");
  CHECK(store.last_check("trades").failures == 2);
  CHECK(store.last_check("other").next_due == std::chrono::sys_seconds{});
}

TEST_CASE("ListStore: a candidate nobody decided about is gone at the next start") {
  TemporaryFolder folder;
  const ListStore store(folder.path());
  stage(store, "one.example\n");
  REQUIRE(store.prepare("trades"));
  CHECK_FALSE(std::filesystem::exists(store.candidate("trades")));
}

TEST_CASE("ListStore: one holder at a time") {
  TemporaryFolder folder;
  const ListStore store(folder.path() / "lists");
  {
    const auto held = store.hold();
    REQUIRE(held);
    const auto second = store.hold();
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::denied);
  }
  CHECK(store.hold());
}

}  // namespace
}  // namespace fairlead::agent::lists
