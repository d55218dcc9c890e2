// Runs every decision table of tests/cases (see its README).

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <vector>

#include <date/tz.h>
#include <yaml-cpp/yaml.h>

#include "rules/policy/rules.hpp"

namespace fairlead::rules::policy {
namespace {

namespace fs = std::filesystem;

/// "2026-01-12 09:00" on London's wall, or "2026-01-12T09:00Z".
std::chrono::sys_seconds moment(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  int hour = 0, minute = 0;
  char between = 0;
  if (std::sscanf(text.c_str(), "%d-%u-%u%c%d:%d", &year, &month, &day, &between, &hour, &minute) != 6) {
    FAIL("not a time: " << text);
  }
  const std::chrono::sys_days date = std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
  const auto wall = date + std::chrono::hours{hour} + std::chrono::minutes{minute};
  if (text.ends_with('Z')) return wall;
  return date::locate_zone("Europe/London")->to_sys(date::local_seconds{wall.time_since_epoch()});
}

std::uint16_t group_named(const Rules& rules, const std::string& name) {
  const auto& groups = rules.policy().groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].id == name) return static_cast<std::uint16_t>(i);
  }
  return rules.group_of({name, {}, Found::stated});
}

/// The shipped rules, but everybody gets the strongest action that any group has for a category, at any time.
LoadedRules load_with_everything_on(const fs::path& folder) {
  catalog::Loaded loaded = catalog::load_folder(folder);
  LoadedRules result{nullptr, loaded.problems};
  if (!loaded.usable()) return result;
  std::vector<catalog::Group>& groups = loaded.catalog.policy.groups;
  for (std::size_t i = 0; i < loaded.catalog.categories.size(); ++i) {
    catalog::GroupAction strongest{catalog::Action::allow, {}, catalog::Action::allow};
    for (const catalog::Group& group : groups) {
      strongest.otherwise = std::max({strongest.otherwise, group.actions.at(i).otherwise, group.actions.at(i).during});
    }
    for (catalog::Group& group : groups) group.actions.at(i) = strongest;
  }
  result.rules = Rules::build(std::move(loaded.catalog), result.problems);
  return result;
}

class Table {
 public:
  explicit Table(const fs::path& file) : root_(YAML::LoadFile(file.string())) {
    const auto folder = fs::weakly_canonical(file.parent_path() / root_["folder"].as<std::string>());
    const bool everything_on = root_["everything_on"] && root_["everything_on"].as<bool>();
    LoadedRules loaded = everything_on ? load_with_everything_on(folder) : load_rules(folder);
    if (!loaded.rules) {
      std::string all;
      for (const auto& problem : loaded.problems) all += to_string(problem) + "\n";
      FAIL("the rules of " << file.string() << " do not load:\n" << all);
    }
    rules_ = std::move(loaded.rules);
  }

  void run() {
    for (const YAML::Node& row : root_["cases"]) {
      check_keys(row);
      check(row);
      ++rows_;
    }
  }
  [[nodiscard]] std::size_t rows() const { return rows_; }

 private:
  static void check_keys(const YAML::Node& row) {
    static const std::vector<std::string> kKnown = {"url",  "as",    "at",    "expect",      "category", "level",
                                                    "rule", "opens", "beats", "connects_to", "why"};
    for (const auto& entry : row) {
      const auto key = entry.first.as<std::string>();
      CHECK_MESSAGE(std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end(), "unknown key " << key);
    }
    CHECK_MESSAGE(row["why"], "a row without 'why'");
  }

  void check(const YAML::Node& row) const {
    const auto text = row["url"].as<std::string>();
    const auto as = row["as"].as<std::string>("");
    const auto at = row["at"].as<std::string>("2026-01-12 09:00");
    INFO(text << "  as " << as << "  at " << at << "  (" << row["why"].as<std::string>("") << ")");
    url::CanonicalUrl url;
    REQUIRE(url.assign(text.find("://") == std::string::npos ? "https://" + text : text));
    const Decision decision = rules_->decide(url, group_named(*rules_, as), moment(at));
    const std::string won = decision.winner ? std::string(decision.winner->rule) : "";
    INFO("won by " << won);
    CHECK(to_string(decision.verdict) == row["expect"].as<std::string>());
    if (row["level"]) CHECK(to_string(decision.level) == row["level"].as<std::string>());
    if (row["category"])
      CHECK((decision.category() ? decision.category()->id : "") == row["category"].as<std::string>());
    if (row["rule"]) CHECK(won == row["rule"].as<std::string>());
    if (row["opens"]) CHECK((decision.opens_at && *decision.opens_at == moment(row["opens"].as<std::string>())));
    if (row["connects_to"]) {
      CHECK(rules_->safe_search(url, decision.group).connect_to == row["connects_to"].as<std::string>());
    }
    for (const YAML::Node& beaten : row["beats"]) {
      const auto name = beaten.as<std::string>();
      CHECK_MESSAGE(std::any_of(decision.losers.begin(), decision.losers.end(),
                                [&](const Candidate& c) { return c.rule == name; }),
                    name << " is not among the losers");
    }
  }

  YAML::Node root_;
  std::shared_ptr<const Rules> rules_;
  std::size_t rows_ = 0;
};

TEST_CASE("decision tables: every row of every file in tests/cases") {
  const fs::path folder = fs::path(FAIRLEAD_SOURCE_DIR) / "tests" / "cases";
  std::size_t tables = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    INFO(entry.path().filename().string());
    Table table(entry.path());
    table.run();
    CHECK(table.rows() > 0);
    ++tables;
  }
  CHECK(tables >= 4);
}

}  // namespace
}  // namespace fairlead::rules::policy
