#include "texts.hpp"

namespace fairlead::rules::policy {
namespace {

using test::build;
using test::holds;

constexpr const char* kStatutory = "statutory: true\n";
constexpr const char* kListed = "block:\n  hosts: [listed.example]\n  paths: [mixed.example/bad]\n";

std::string exception(const std::string& url, const std::string& action = "allow") {
  return "exceptions:\n  - {url: " + url + ", groups: [learners], action: " + action +
         ", owner: O, reason: R, expires: 2030-01-01}\n";
}

test::Built with_exception(const std::string& url, const std::string& action = "allow") {
  return build({{"conduct/s.yaml", test::category("s", kListed, "", "critical", kStatutory)},
                {"policy.yaml", test::policy("", exception(url, action))}});
}

TEST_CASE("conflicts: nobody can except a statutory entry") {
  for (const char* url : {"listed.example", "www.listed.example", "listed.example/any/path", "mixed.example/bad/x"}) {
    CAPTURE(url);
    const auto built = with_exception(url);
    CHECK(built.rules == nullptr);
    CHECK(holds(built.all(), "policy.yaml:"));
    CHECK(holds(built.all(), "statutory"));
  }
}

TEST_CASE("conflicts: nor observe it") { CHECK(with_exception("listed.example", "observe").rules == nullptr); }

TEST_CASE("conflicts: an exception around a statutory path stands, and does not reach into it") {
  const auto built = with_exception("mixed.example");
  REQUIRE(built.rules);
  CHECK(test::decide(*built.rules, "https://mixed.example/good").level == Level::exception);
  CHECK(test::decide(*built.rules, "https://mixed.example/bad").level == Level::statutory);
  CHECK(test::decide(*built.rules, "https://mixed.example/bad").verdict == Verdict::block);
}

TEST_CASE("conflicts: a catalog made without the loader cannot observe a statutory category either") {
  catalog::Catalog catalog;
  catalog::Category category;
  category.id = "s";
  category.statutory = true;
  catalog.categories.push_back(category);
  catalog::Group group;
  group.actions.push_back({catalog::Action::observe, {}, catalog::Action::allow});
  catalog.policy.groups.push_back(group);
  std::vector<catalog::Problem> problems;
  CHECK(Rules::build(catalog, problems) == nullptr);
  CHECK(problems.size() == 1);
}

std::string collisions(const std::string& block) {
  const auto built = build({{"conduct/a.yaml", test::category("a", block)},
                            {"policy.yaml", test::policy("a: block")},
                            {"protected.yaml", "protected:\n  - {hosts: [clinic.org], because: B.}\n"}});
  CHECK(built.rules != nullptr);  // a collision is a warning: the service stays open
  return built.all();
}

TEST_CASE("conflicts: every rule that aims at a protected service is told by file and line") {
  CHECK(holds(collisions("block:\n  hosts: [clinic.org]\n"),
              "conduct/a.yaml:8:11: warning: 'clinic.org' has no effect on clinic.org"));
  CHECK(holds(collisions("block:\n  hosts: [drugs.clinic.org]\n"), "'drugs.clinic.org' has no effect"));
  CHECK(holds(collisions("block:\n  paths: [www.clinic.org/drugs]\n"), "'www.clinic.org/drugs' has no effect"));
  CHECK(holds(collisions("block:\n  patterns:\n    - {id: p, re2: '(^|[.])clinic[.]', in: host, because: B}\n"),
              "'p' has no effect"));
  CHECK(collisions("block:\n  hosts: [notclinic.org, clinic.org.example]\n") == "");
}

TEST_CASE("conflicts: a look-alike that the category leaves alone is no collision") {
  CHECK(
      collisions("block:\n  patterns:\n    - {id: p, re2: '(^|[.])clinic[.]', in: host, because: B}\nallow:\n  hosts: "
                 "[clinic.org]\n") == "");
}

}  // namespace
}  // namespace fairlead::rules::policy
