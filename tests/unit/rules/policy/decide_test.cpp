#include "texts.hpp"

#include <vector>

namespace fairlead::rules::policy {
namespace {

using test::build;
using test::decide;

TEST_CASE("decide: the winner tells place, pattern, span and reason") {
  const auto built =
      build({{"conduct/a.yaml",
              test::category(
                  "a", "block:\n  patterns:\n    - {id: p, re2: 'cas[i1]no', in: host, because: Brands change.}\n")},
             {"policy.yaml", test::policy("a: block")}});
  REQUIRE(built.rules);
  const Decision decision = decide(*built.rules, "https://cas1no.example/");
  REQUIRE(decision.winner);
  CHECK(decision.winner->file == "conduct/a.yaml");
  CHECK(decision.winner->line == 9);
  CHECK(decision.winner->rule == "p");
  CHECK(decision.winner->pattern == "cas[i1]no");
  CHECK(decision.winner->span == "cas1no");
  CHECK(decision.winner->because == "Brands change.");
  CHECK(decision.winner->kind == RuleKind::pattern);
  CHECK(decision.category()->id == "a");
}

TEST_CASE("decide: losers stand strongest first, those beaten inside their own category last") {
  const auto built = build({
      {"conduct/a.yaml", test::category("a", "block:\n  hosts: [x.example]\n", "", "high")},
      {"conduct/b.yaml", test::category("b", "block:\n  hosts: [x.example]\n", "", "low")},
      {"conduct/c.yaml", test::category("c", "block:\n  hosts: [x.example]\n", "", "critical")},
      {"conduct/d.yaml",
       test::category("d", "block:\n  hosts: [x.example]\nallow:\n  hosts: [www.x.example]\n", "", "critical")},
      {"policy.yaml", test::policy("a: block, b: block, c: observe, d: block")},
  });
  REQUIRE(built.rules);
  const Decision decision = decide(*built.rules, "https://www.x.example/");
  CHECK(decision.category()->id == "a");
  std::vector<std::string> order;
  for (const Candidate& loser : decision.losers)
    order.push_back(loser.category->id + " " + std::string(to_string(loser.asks)));
  CHECK(order == std::vector<std::string>{"b block", "c observe", "d allow", "d block"});
}

TEST_CASE("decide: search words are told only where a search rule won") {
  const test::Texts texts = {
      {"conduct/a.yaml", test::category("a", "block:\n  searches:\n    - {id: s, re2: '\\bfree spins\\b'}\n")},
      {"policy.yaml", test::policy("a: block")},
      {"search_engines.yaml", "engines:\n  - {name: F, hosts: [find.example], paths: [/], params: [q]}\n"}};
  const auto built = build(texts);
  REQUIRE(built.rules);
  CHECK(decide(*built.rules, "https://find.example/?q=Free%20Spins+now").words == "free spins now");
  CHECK(decide(*built.rules, "https://find.example/?q=roof+tiles").words == "");
}

TEST_CASE("decide: what the patterns could not clear is blocked where the severity is high, and says so") {
  // Every 'x' wakes the pattern and the text is far over what all patterns may read for one URL.
  std::string patterns = "block:\n  patterns:\n";
  for (int i = 0; i < 200; ++i) {
    patterns += "    - {id: p" + std::to_string(i) + ", re2: 'needle[a-z]*[0-9]{" + std::to_string(i + 2) +
                "}z', in: path, because: B}\n";
  }
  const auto built = build({{"conduct/a.yaml", test::category("a", patterns, "", "high")},
                            {"conduct/b.yaml", test::category("b", patterns, "", "medium")},
                            {"conduct/c.yaml", test::category("c", patterns, "", "critical")},
                            {"policy.yaml", test::policy("a: block, b: block, c: observe")}});
  REQUIRE(built.rules);
  CHECK(decide(*built.rules, "https://x.example/needle").verdict == Verdict::allow);
  const Decision decision = decide(*built.rules, "https://x.example/needle" + std::string(60000, 'x'));
  CHECK(decision.verdict == Verdict::block);
  CHECK(decision.undecided);
  REQUIRE(decision.category());
  CHECK(decision.category()->id == "a");
  CHECK(decision.winner->because != "");
  for (const Candidate& loser : decision.losers) CHECK(loser.category->id != "b");
}

TEST_CASE("decide: a group that is not there is judged as an unknown person") {
  const auto built = build({{"conduct/a.yaml", test::category("a", "block:\n  hosts: [x.example]\n")},
                            {"policy.yaml", test::policy("a: block")}});
  REQUIRE(built.rules);
  CHECK(decide(*built.rules, "https://x.example/", 999).verdict == Verdict::block);
  CHECK(decide(*built.rules, "https://x.example/", 999).group == 0);
}

TEST_CASE("decide: two schedules open together or not at all") {
  const std::string policy =
      "organisation: O\nversion: \"1\"\nschedules:\n  early: [mon-fri 10:00-11:00]\n  late: [mon-fri 10:30-12:00]\n  "
      "never: [tue 03:00-04:00]\n"
      "groups:\n  g:\n    title: G\n    actions:\n      a: {allow_during: early, otherwise: block}\n      b: "
      "{allow_during: late, otherwise: block}\n"
      "      c: {allow_during: never, otherwise: block}\n    default: allow\nunknown_person: g\n";
  const auto built = build({{"conduct/a.yaml", test::category("a", "block:\n  hosts: [x.example, y.example]\n")},
                            {"conduct/b.yaml", test::category("b", "block:\n  hosts: [x.example]\n")},
                            {"conduct/c.yaml", test::category("c", "block:\n  hosts: [y.example]\n")},
                            {"policy.yaml", policy}});
  REQUIRE(built.rules);
  const std::chrono::sys_days monday = std::chrono::year{2026} / 1 / 12;
  CHECK(decide(*built.rules, "https://x.example/", 0, monday).opens_at == monday + std::chrono::minutes{10 * 60 + 30});
  CHECK_FALSE(decide(*built.rules, "https://y.example/", 0, monday).opens_at);
}

TEST_CASE("decide: a URL that no rule knows keeps no memory of others") {
  const auto rules = Rules::builtin_minimum();
  CHECK(decide(*rules, "https://www.pornhub.com/").verdict == Verdict::block);
  const Decision decision = decide(*rules, "https://www.gov.uk/");
  CHECK(decision.verdict == Verdict::allow);
  CHECK(decision.words == "");
}

}  // namespace
}  // namespace fairlead::rules::policy
