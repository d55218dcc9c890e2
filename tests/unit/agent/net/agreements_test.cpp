#include "agent/net/agreements.hpp"

#include <doctest/doctest.h>

#include "rules/policy/agreement.hpp"

using namespace fairlead;
using agent::net::Agreements;
using rules::catalog::Agreement;

namespace {

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1774436400}};

std::shared_ptr<const rules::policy::Rules> rules_that(const std::string& required, const std::string& text = "One.") {
  auto loaded = rules::catalog::load_texts(
      {{"content/c.yaml",
        "category: c\ntitle: C\nrisk: content\nseverity: low\nsays: S.\nblock: {hosts: [c.example]}\n"
        "tests: {must_block: [c.example], must_allow: []}\n"},
       {"policy.yaml",
        "organisation: O\nversion: '1'\ngroups: {g: {title: G, actions: {c: block}, default: allow}}\n"
        "unknown_person: g\nagreement: {required: " +
            required + ", text: ['" + text + "']}\n"}});
  REQUIRE(loaded.usable());
  std::vector<rules::catalog::Problem> problems;
  return rules::policy::Rules::build(std::move(loaded.catalog), problems);
}

rules::policy::Person person(std::string name) {
  rules::policy::Person made;
  made.name = std::move(name);
  return made;
}

}  // namespace

TEST_CASE("agreements: who has not agreed waits, and goes on once they have") {
  const auto rules = rules_that("wait");
  Agreements agreements;
  CHECK_FALSE(agreements.holds_up(*rules, person("sam"), false));  // the book was not read yet
  agreements.set_complete();
  CHECK(agreements.holds_up(*rules, person("sam"), false));
  agreements.add(rules::policy::agreement_id(rules->policy()), "sam");
  CHECK_FALSE(agreements.holds_up(*rules, person("sam"), false));
  CHECK(agreements.holds_up(*rules, person("kim"), false));
}

TEST_CASE("agreements: nobody waits who cannot answer") {
  const auto rules = rules_that("wait");
  Agreements agreements;
  agreements.set_complete();
  CHECK_FALSE(agreements.holds_up(*rules, person(""), false));
  CHECK_FALSE(agreements.holds_up(*rules, person("_apt"), true));
}

TEST_CASE("agreements: another text is another agreement") {
  const auto rules = rules_that("wait"), later = rules_that("wait", "Another.");
  Agreements agreements;
  agreements.set_complete();
  agreements.add(rules::policy::agreement_id(rules->policy()), "sam");
  CHECK_FALSE(agreements.holds_up(*rules, person("sam"), false));
  CHECK(agreements.holds_up(*later, person("sam"), false));
  CHECK_FALSE(agreements.holds_up(*rules, person("sam"), false));
  CHECK(rules::policy::agreement_id(rules->policy()).starts_with("1 "));
}

TEST_CASE("agreements: as 'off' and 'ask' nobody waits, and 'ask' tells once in a while") {
  Agreements agreements;
  agreements.set_complete();
  const auto off = rules_that("off"), ask = rules_that("ask");
  CHECK_FALSE(agreements.holds_up(*off, person("sam"), false));
  CHECK_FALSE(agreements.should_ask(*off, person("sam"), false, kNow));
  CHECK_FALSE(agreements.holds_up(*ask, person("sam"), false));
  CHECK(agreements.should_ask(*ask, person("sam"), false, kNow));
  CHECK_FALSE(agreements.should_ask(*ask, person("sam"), false, kNow + std::chrono::hours(1)));
  CHECK(agreements.should_ask(*ask, person("sam"), false, kNow + std::chrono::hours(13)));
  agreements.add(rules::policy::agreement_id(ask->policy()), "sam");
  CHECK_FALSE(agreements.should_ask(*ask, person("sam"), false, kNow + std::chrono::hours(48)));
}
