#include "rules/policy/rules.hpp"

#include <filesystem>

#include "texts.hpp"

namespace fairlead::rules::policy {
namespace {

using test::build;

test::Texts sample() {
  return {{"conduct/a.yaml", test::category("a", "block:\n  hosts: [x.example]\n")},
          {"conduct/b.yaml", test::category("b", "block:\n  hosts: [y.example]\n")},
          {"policy.yaml", test::policy("a: block, b: observe")}};
}

std::string id_of(const test::Texts& texts) {
  const auto built = build(texts);
  REQUIRE(built.rules);
  return std::string(built.rules->ruleset_id());
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  REQUIRE(test::holds(text, from));
  text.replace(text.find(from), from.size(), to);
}

TEST_CASE("ruleset_id: the same content in another order or layout is the same ruleset") {
  test::Texts other = sample();
  std::swap(other[0], other[1]);
  other[0].second += "# a remark\n";
  CHECK(id_of(other) == id_of(sample()));
}

TEST_CASE("ruleset_id: whatever decides changes it") {
  const std::string id = id_of(sample());
  const auto differs = [&](std::size_t file, const std::string& from, const std::string& to) {
    test::Texts other = sample();
    replace(other[file].second, from, to);
    return id_of(other) != id;
  };
  CHECK(differs(0, "x.example", "z.example"));
  CHECK(differs(0, "severity: medium", "severity: low"));
  CHECK(differs(2, "a: block", "a: observe"));
  CHECK(differs(2, "default: allow", "default: block"));
  CHECK(differs(2, "unknown_person: learners", "unknown_person: learners\ntime_zone: Europe/Paris"));
  CHECK(differs(2, "unknown_person: learners", "unknown_person: learners\nnetwork: {connect_ports: [443, 8443]}"));
  test::Texts more = sample();
  more.emplace_back("protected.yaml", "protected:\n  - {hosts: [nhs.uk], because: B.}\n");
  CHECK(id_of(more) != id);
}

TEST_CASE("ruleset_id: a sentence for people does not decide") {
  test::Texts other = sample();
  replace(other[0].second, "says: S.", "says: Something kinder.");
  CHECK(id_of(other) == id_of(sample()));
}

TEST_CASE("group_of: by name first, then by the system's groups in file order, else the unknown person's") {
  const std::string policy =
      "organisation: O\nversion: \"1\"\ngroups:\n"
      "  first: {title: F, users: [anna], os_groups: [students], actions: {a: block}, default: allow}\n"
      "  second: {title: S, users: [ben], os_groups: [students, employees], actions: {a: block}, default: allow}\n"
      "  rest: {title: R, actions: {a: block}, default: allow}\nunknown_person: rest\n";
  const auto built =
      build({{"conduct/a.yaml", test::category("a", "block:\n  hosts: [x.example]\n")}, {"policy.yaml", policy}});
  REQUIRE(built.rules);
  CHECK(built.rules->group_of({"ben", {"students"}, Found::socket_owner}) == 1);
  CHECK(built.rules->group_of({"cara", {"employees", "students"}, Found::socket_owner}) == 0);
  CHECK(built.rules->group_of({"cara", {"employees"}, Found::socket_owner}) == 1);
  CHECK(built.rules->group_of({"dora", {}, Found::socket_owner}) == 2);
  CHECK(built.rules->group_of({}) == 2);
}

TEST_CASE("empty_statutory_slots: names under .example are no list") {
  const auto slots = [](const std::string& hosts) {
    const auto built = build({{"conduct/s.yaml", test::category("s", "block:\n  hosts: [" + hosts + "]\n", "",
                                                                "critical", "statutory: true\n")},
                              {"policy.yaml", test::policy("")}});
    REQUIRE(built.rules);
    return built.rules->empty_statutory_slots();
  };
  CHECK(slots("slot.example") == std::vector<std::string>{"s"});
  CHECK(slots("slot.example, real.org").empty());
}

TEST_CASE("load_rules: the shipped files load, and say that no member body's list is installed") {
  const LoadedRules loaded = load_rules(std::filesystem::path(FAIRLEAD_SOURCE_DIR) / "categories");
  REQUIRE(loaded.rules);
  CHECK(loaded.rules->empty_statutory_slots() ==
        std::vector<std::string>{"child-abuse-material", "unlawful-terrorist-material"});
  CHECK(loaded.rules->catalog().categories.size() == 34);
  CHECK_FALSE(loaded.rules->is_builtin());
}

TEST_CASE("build: an unknown time zone and a hostile pattern are told together") {
  catalog::Catalog catalog;
  catalog.files = {"conduct/a.yaml"};
  catalog::Category category;
  category.id = "a";
  category.block.patterns = {{"p", "(", catalog::Where::host, "", {0, 5, 3}}};
  catalog.categories.push_back(category);
  catalog.policy.time_zone = "Europe/Londn";
  catalog.policy.groups.emplace_back();
  std::vector<catalog::Problem> problems;
  CHECK(Rules::build(catalog, problems) == nullptr);
  CHECK(problems.size() == 2);
}

TEST_CASE("load_rules: a folder that is not there gives problems, not rules") {
  const LoadedRules loaded = load_rules(std::filesystem::path("/nonexistent/categories"));
  CHECK(loaded.rules == nullptr);
  CHECK_FALSE(loaded.problems.empty());
}

}  // namespace
}  // namespace fairlead::rules::policy
