#include "texts.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::Action;
using test::build;
using test::decide;

constexpr auto kJanuary = std::chrono::sys_days{std::chrono::year{2026} / 1 / 12};
constexpr auto kMarch = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
constexpr std::uint16_t kLearners = 0, kStaff = 1;
constexpr const char* kFile = "fleet/exceptions.yaml";

std::string opens(const std::string& url, const std::string& groups = "learners",
                  const std::string& expires = "2026-02-28") {
  return "  - {url: " + url + ", groups: [" + groups + "], action: allow, owner: O, reason: R, expires: " + expires +
         "}\n";
}

struct Laid {
  explicit Laid(const std::string& items) {
    const auto built = build(
        {{"conduct/a.yaml", test::category("a", "block:\n  hosts: [x.example]\n", "x.example")},
         {"content/law.yaml",
          "category: law\ntitle: T\nrisk: content\nseverity: critical\nstatutory: true\nsays: S.\nhelp: "
          "[safeguarding-lead]\nblock:\n  hosts: [closed.example]\ntests:\n  must_block: []\n  must_allow: []\n"},
         {"protected.yaml", "protected:\n  - {hosts: [helpline.example], because: B.}\n"},
         {"policy.yaml",
          "organisation: O\nversion: \"1\"\ngroups:\n  learners: {title: L, actions: {a: block}, default: allow}\n"
          "  staff: {title: S, like: learners}\nunknown_person: learners\nexceptions:\n  - {url: x.example/shut, "
          "groups: "
          "[learners], action: block, owner: O, reason: R, expires: 2026-12-31}\n"}});
    REQUIRE(built.rules);
    bundle = built.rules;
    rules = bundle->with_exceptions(kFile, "exceptions:\n" + items, problems);
    REQUIRE(rules);
  }
  [[nodiscard]] std::string told() const {
    std::string text;
    for (const auto& problem : problems) text += to_string(problem) + "\n";
    return text;
  }

  std::shared_ptr<const Rules> bundle, rules;
  std::vector<catalog::Problem> problems;
};

TEST_CASE("with_exceptions: one group, until the end, explained by its own file and line") {
  const Laid laid(opens("x.example"));
  CHECK(laid.told() == "");
  CHECK(laid.rules->ruleset_id() == laid.bundle->ruleset_id());
  const Decision open = decide(*laid.rules, "https://www.x.example/page", kLearners, kJanuary);
  CHECK(open.verdict == Action::allow);
  CHECK(open.level == Level::exception);
  REQUIRE(open.winner);
  CHECK(open.winner->file == kFile);
  CHECK(open.winner->line == 2);
  REQUIRE(open.losers.size() == 1);
  CHECK(open.losers[0].file == "conduct/a.yaml");
  CHECK(decide(*laid.rules, "https://x.example/", kStaff, kJanuary).verdict == Action::block);
  CHECK(decide(*laid.rules, "https://x.example/", kLearners, kMarch).verdict == Action::block);
  CHECK(decide(*laid.bundle, "https://x.example/", kLearners, kJanuary).verdict == Action::block);
}

TEST_CASE("with_exceptions: they rank with those of policy.yaml, below what is statutory or protected") {
  const Laid laid(
      opens("x.example/shut") + opens("www.closed.example") + opens("example", "learners, staff") +
      "  - {url: helpline.example, groups: [learners], action: block, owner: O, reason: R, expires: 2026-12-31}\n");
  // Block beats allow at equal specificity, whichever file it stands in.
  const Decision shut = decide(*laid.rules, "https://x.example/shut", kLearners, kJanuary);
  CHECK(shut.verdict == Action::block);
  CHECK(shut.winner->file == "policy.yaml");
  CHECK(decide(*laid.rules, "https://www.closed.example/", kLearners, kJanuary).level == Level::statutory);
  CHECK(decide(*laid.rules, "https://helpline.example/", kLearners, kJanuary).level == Level::protected_service);
  CHECK(laid.told() ==
        "fleet/exceptions.yaml:4:11: warning: 'example' is a single label and would stand for far too much; write a "
        "whole "
        "name, such as 'example.org'; it does not hold\n"
        "fleet/exceptions.yaml:3:5: warning: this address lies inside the statutory category 'law', which nobody can "
        "except; take the exception out; it does not hold\n");
}

TEST_CASE("with_exceptions: what these rules cannot use is left out and told, and takes no other with it") {
  const Laid laid(opens("x.example", "nobody") + "  - {url: x.example}\n" + opens("x.example/page"));
  CHECK(decide(*laid.rules, "https://x.example/", kLearners, kJanuary).verdict == Action::block);
  CHECK(decide(*laid.rules, "https://x.example/page", kLearners, kJanuary).winner->line == 4);
  CHECK(test::holds(laid.told(), "fleet/exceptions.yaml:2:31: warning: there is no group 'nobody'"));
  CHECK(test::holds(laid.told(), "fleet/exceptions.yaml:3:5: warning: "));
  CHECK_FALSE(test::holds(laid.told(), "error"));
}

TEST_CASE("with_exceptions: a file that is none, or says more than exceptions, opens nothing") {
  for (const char* more : {"groups: {learners: {}}\n", "  - [\n", "\x01"}) {
    const Laid laid(std::string("  []\n") + more);
    CHECK(decide(*laid.rules, "https://x.example/", kLearners, kJanuary).verdict == Action::block);
    CHECK(test::holds(laid.told(), "fleet/exceptions.yaml:"));
  }
}

}  // namespace
}  // namespace fairlead::rules::policy
