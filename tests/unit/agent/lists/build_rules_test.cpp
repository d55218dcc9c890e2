// From files and lists to a ruleset on the disk, in five steps; what is refused leaves everything as it was.

#include "agent/lists/build_rules.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "agent/lists/rules_keeper.hpp"
#include "rules/url/canonical_url.hpp"
#include "tests/unit/new_folder.hpp"

namespace fairlead::agent::lists {
namespace {

namespace fs = std::filesystem;
using rules::policy::Rules;
using rules::policy::Verdict;

constexpr std::chrono::sys_seconds kBuiltAt{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};

/// A folder of files and a state folder, gone with the test.
class Laptop {
 public:
  Laptop() {
    write("config/conduct/gambling.yaml",
          "category: gambling\ntitle: Gambling\nrisk: conduct\nseverity: medium\nsays: Not here.\nlists: [bets]\n"
          "block:\n  hosts: [own.example]\ntests:\n  must_block: [\"https://own.example/\"]\n"
          "  must_allow: [\"https://help.example/\"]\n");
    write("config/policy.yaml",
          "organisation: Test\nversion: \"1\"\ntime_zone: UTC\ngroups:\n  all:\n    title: All\n    actions: "
          "{gambling: block}\n"
          "    default: allow\nunknown_person: all\n");
    write("config/lists.yaml", "lists:\n  bets: {title: Bets, from: bets.txt, format: domains, licence: ours}\n");
    write_list(10);
  }
  ~Laptop() { fs::remove_all(root_); }
  Laptop(const Laptop&) = delete;
  Laptop& operator=(const Laptop&) = delete;

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  void write_list(int hosts, const std::string& more = "") const {
    std::string text = more;
    for (int i = 0; i < hosts; ++i) text += "bet" + std::to_string(i) + ".example\n";
    write("config/bets.txt", text);
  }
  [[nodiscard]] BuiltRules build(bool accept_loss = false) const {
    BuildRequest request{root_ / "config", &lists, &rulesets};
    request.accept_loss = accept_loss;
    return build_rules(request);
  }
  [[nodiscard]] std::size_t rulesets_on_disk() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(root_ / "state/rulesets")) {
      count += entry.path().extension() == ".rules" || entry.path().filename().string().starts_with("new.") ? 1 : 0;
    }
    return count;
  }
  [[nodiscard]] const fs::path& root() const { return root_; }

 private:
  fs::path root_ = new_folder("fairlead-build");

 public:
  ListStore lists{root_ / "state/lists"};
  RulesetStore rulesets{root_ / "state/rulesets"};
};

Verdict verdict(const std::shared_ptr<const Rules>& rules, std::string_view text) {
  REQUIRE(rules);
  rules::url::CanonicalUrl url;
  REQUIRE(url.assign(text));
  return rules->decide(url, 0, kBuiltAt).verdict;
}

/// The first error, or the first that the build says of its own accord; not the warnings of files that are not there.
std::string first_problem(const BuiltRules& built) {
  for (const auto& problem : built.problems) {
    const bool missing_file = problem.text.starts_with("this file is missing");
    if (!missing_file) return to_string(problem);
  }
  return "";
}

TEST_CASE("build: files and lists become one ruleset, which is opened and not made again the next time") {
  const Laptop laptop;
  const BuiltRules built = laptop.build();
  CHECK(verdict(built.rules, "https://www.bet3.example/") == Verdict::block);
  CHECK(verdict(built.rules, "https://own.example/") == Verdict::block);
  CHECK(verdict(built.rules, "https://elsewhere.example/") == Verdict::allow);
  CHECK_FALSE(built.was_there);
  CHECK(built.proof.found == 10);
  CHECK(laptop.rulesets.current() == std::string(built.rules->ruleset_id()));

  const BuiltRules again = laptop.build();
  CHECK(again.was_there);
  CHECK(again.rules->ruleset_id() == built.rules->ruleset_id());
  CHECK(verdict(again.rules, "https://bet3.example/") == Verdict::block);
}

TEST_CASE("build: the same content in another layout is made again, so that lines stay true") {
  const Laptop laptop;
  const BuiltRules built = laptop.build();
  laptop.write("config/policy.yaml",
               "# a comment\norganisation: Test\nversion: \"1\"\ntime_zone: UTC\ngroups:\n  all:\n    title: All\n"
               "    actions: {gambling: block}\n    default: allow\nunknown_person: all\n");
  const BuiltRules again = laptop.build();
  CHECK_FALSE(again.was_there);
  CHECK(again.rules->ruleset_id() == built.rules->ruleset_id());
}

TEST_CASE("build: a list that fails a test of the files is refused, and the old rules stay the current ones") {
  const Laptop laptop;
  const BuiltRules good = laptop.build();
  laptop.write_list(10, "help.example\n");
  const BuiltRules bad = laptop.build();
  CHECK(bad.rules == nullptr);
  CHECK(first_problem(bad).find(
            "must_allow: 'https://help.example/' is blocked by host 'help.example' (bets/bets.txt:1)") !=
        std::string::npos);
  CHECK(laptop.rulesets.current() == std::string(good.rules->ruleset_id()));
  CHECK(laptop.rulesets_on_disk() == 1);
}

TEST_CASE("build: a list that lost a fifth of its lines is refused unless that is accepted") {
  const Laptop laptop;
  const std::string first(laptop.build().rules->ruleset_id());
  laptop.write_list(8);
  CHECK(laptop.build().rules != nullptr);  // a fifth exactly
  laptop.write_list(6);
  const BuiltRules shrunk = laptop.build();
  CHECK(shrunk.rules == nullptr);
  CHECK(first_problem(shrunk).find("'bets' has only 6 of the 8 lines in force") != std::string::npos);
  CHECK(laptop.build(true).rules != nullptr);
}

TEST_CASE("build: a list that is gone altogether is refused unless that is accepted") {
  const Laptop laptop;
  CHECK(laptop.build().rules != nullptr);
  laptop.write("config/conduct/gambling.yaml",
               "category: gambling\ntitle: Gambling\nrisk: conduct\nseverity: medium\nsays: Not here.\n"
               "block:\n  hosts: [own.example]\ntests:\n  must_block: [\"https://own.example/\"]\n");
  const BuiltRules gone = laptop.build();
  CHECK(gone.rules == nullptr);
  CHECK(first_problem(gone).find("'bets' has none of the 10 lines") != std::string::npos);
  CHECK(laptop.build(true).rules != nullptr);
}

TEST_CASE("build: nothing is written when nothing is to be kept") {
  const Laptop laptop;
  BuildRequest request{laptop.root() / "config", &laptop.lists, &laptop.rulesets};
  request.keep = BuildRequest::Keep::nothing;
  const BuiltRules built = build_rules(request);
  CHECK(verdict(built.rules, "https://bet3.example/") == Verdict::block);
  CHECK_FALSE(fs::exists(laptop.root() / "state"));
}

TEST_CASE("build: a disk that takes nothing is told, and the rules live in memory") {
  const Laptop laptop;
  laptop.write("state/rulesets", "a file where a folder should be");
  const BuiltRules built = laptop.build();
  CHECK(verdict(built.rules, "https://bet3.example/") == Verdict::block);
  CHECK(first_problem(built).find("cannot be written") != std::string::npos);
}

TEST_CASE("rollback: the ruleset before is current again, until a file or list changes") {
  const Laptop laptop;
  const std::string first(laptop.build().rules->ruleset_id());
  CHECK_FALSE(laptop.rulesets.roll_back());
  laptop.write_list(12);
  const std::string second(laptop.build().rules->ruleset_id());
  CHECK(first != second);
  CHECK(laptop.rulesets.roll_back() == first);
  const BuiltRules held = laptop.build();
  CHECK(held.rules->ruleset_id() == first);
  CHECK(verdict(held.rules, "https://bet11.example/") == Verdict::allow);
  CHECK(first_problem(held).find("has gone back") != std::string::npos);
  laptop.write_list(13);
  const BuiltRules next = laptop.build();
  CHECK(verdict(next.rules, "https://bet11.example/") == Verdict::block);
  CHECK_FALSE(laptop.rulesets.held());
}

TEST_CASE("keeper: at a start with broken files the last good rules are in force, with their own policy") {
  const Laptop laptop;
  {
    RulesKeeper keeper(laptop.root() / "config", laptop.root() / "state");
    CHECK(keeper.adopt(keeper.load(), kBuiltAt));
  }
  laptop.write("config/policy.yaml", "organisation: [\n");
  RulesKeeper keeper(laptop.root() / "config", laptop.root() / "state");
  CHECK_FALSE(keeper.adopt(keeper.load(), kBuiltAt));
  CHECK(keeper.current()->is_builtin());
  BuiltRules last;
  last.rules = open_current(keeper.rulesets());
  CHECK(keeper.adopt_last_good(std::move(last), kBuiltAt));
  CHECK(verdict(keeper.current(), "https://bet3.example/") == Verdict::block);
  CHECK(keeper.last_load_refused());
}

TEST_CASE("store: rulesets go when no event that they judged is kept any more") {
  const Laptop laptop;
  for (int hosts = 10; hosts < 14; ++hosts) {
    laptop.write_list(hosts);
    CHECK(laptop.build().rules != nullptr);
  }
  CHECK(laptop.rulesets_on_disk() == 4);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  laptop.rulesets.remove_expired(now - std::chrono::hours(1));
  CHECK(laptop.rulesets_on_disk() == 4);
  laptop.rulesets.remove_expired(now + std::chrono::hours(1));
  CHECK(laptop.rulesets_on_disk() == 2);  // the current one and the one before
}

TEST_CASE("store: a ruleset that was damaged on the disk is made again") {
  const Laptop laptop;
  const std::string name(laptop.build().rules->ruleset_id());
  fs::resize_file(laptop.root() / "state/rulesets" / (name + ".rules"), 5000);
  const BuiltRules again = laptop.build();
  CHECK_FALSE(again.was_there);
  CHECK(verdict(again.rules, "https://bet3.example/") == Verdict::block);
  CHECK(laptop.build().was_there);
}

}  // namespace
}  // namespace fairlead::agent::lists
