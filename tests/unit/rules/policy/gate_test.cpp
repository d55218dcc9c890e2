#include "texts.hpp"

namespace fairlead::rules::policy {
namespace {

using test::build;
using test::holds;

constexpr const char* kPattern = "block:\n  patterns:\n    - {id: casino, re2: 'casino', in: host, because: B}\n";

TEST_CASE("gate: a must_block that nothing blocks refuses the rules, with its place") {
  const auto built = build({{"conduct/a.yaml", test::category("a", kPattern, "\"https://other.example/\"")},
                            {"policy.yaml", test::policy("a: block")}});
  CHECK(built.rules == nullptr);
  CHECK(holds(built.all(), "conduct/a.yaml:11:"));
  CHECK(holds(built.all(), "must_block"));
  CHECK(holds(built.all(), "https://other.example/"));
}

TEST_CASE("gate: a must_allow that is blocked names the rule that did it") {
  std::string text = test::category("a", kPattern);
  text.replace(text.find("must_allow: []"), 14, "must_allow: [\"https://casinotheatre.example/tickets\"]");
  const auto built = build({{"conduct/a.yaml", text}, {"policy.yaml", test::policy("a: block")}});
  CHECK(built.rules == nullptr);
  CHECK(holds(built.all(), "pattern 'casino' (line 9), which found 'casino'"));
}

TEST_CASE("gate: each category is judged alone") {
  // b blocks a's must_allow, and b's look-alike is blocked by a: neither is a mistake.
  std::string a = test::category("a", "block:\n  hosts: [one.example]\n", "one.example");
  a.replace(a.find("must_allow: []"), 14, "must_allow: [two.example]");
  std::string b = test::category("b", "block:\n  hosts: [two.example]\n", "two.example");
  b.replace(b.find("must_allow: []"), 14, "must_allow: [one.example]");
  const auto built =
      build({{"conduct/a.yaml", a}, {"conduct/b.yaml", b}, {"policy.yaml", test::policy("a: block, b: block")}});
  CHECK(built.rules != nullptr);
  CHECK(built.all() == "");
}

TEST_CASE("gate: a must_block that the category's own allow rule leaves alone is told so") {
  const auto built =
      build({{"conduct/a.yaml",
              test::category("a", std::string(kPattern) + "allow:\n  hosts: [casino.example]\n", "casino.example")},
             {"policy.yaml", test::policy("a: block")}});
  CHECK(built.rules == nullptr);
  CHECK(holds(built.all(), "allow rule 'casino.example'"));
}

TEST_CASE("gate: all failures at once") {
  const auto built =
      build({{"conduct/a.yaml", test::category("a", kPattern, "one.example, two.example, casino.example")},
             {"policy.yaml", test::policy("a: block")}});
  CHECK(built.problems.size() == 2);
}

TEST_CASE("gate: a group that only observes does not weaken a must_block") {
  const auto built = build({{"conduct/a.yaml", test::category("a", kPattern, "casino.example")},
                            {"policy.yaml", test::policy("a: observe")}});
  CHECK(built.rules != nullptr);
}

}  // namespace
}  // namespace fairlead::rules::policy
