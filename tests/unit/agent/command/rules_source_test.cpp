#include "agent/command/rules_source.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "agent/bundles/contents.hpp"
#include "agent/bundles/in_force.hpp"
#include "agent/command/folders.hpp"
#include "agent/fleet/desk_exceptions.hpp"
#include "tests/unit/new_folder.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;
using rules::policy::Verdict;

constexpr auto kToday = std::chrono::sys_days{std::chrono::year{2027} / 1 / 12};

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

/// A folder of rules that block these hosts.
void write_rules(const fs::path& folder, const std::string& hosts) {
  write(folder / "conduct/a.yaml",
        "category: a\ntitle: T\nrisk: conduct\nseverity: medium\nsays: S.\nhelp: []\nblock:\n  hosts: [" + hosts +
            "]\ntests:\n  must_block: [x.example]\n  must_allow: []\n");
  write(folder / "policy.yaml",
        "organisation: O\nversion: '1'\ngroups:\n  learners: {title: L, actions: {a: block}, default: "
        "allow}\nunknown_person: learners\n");
}

/// Stopped and started as often as rules are asked for.
struct SourceLaptop {
  SourceLaptop() {
    write_rules(root / "config", "x.example");
    write(root / "state" / fleet::kDeskExceptions,
          "exceptions:\n  - {url: x.example, groups: [learners], action: allow, owner: O, reason: R, expires: "
          "2027-03-31}\n");
  }
  ~SourceLaptop() { fs::remove_all(root); }
  SourceLaptop(const SourceLaptop&) = delete;
  SourceLaptop& operator=(const SourceLaptop&) = delete;

  fs::path put_in_force(char letter, const std::string& hosts) const {
    const bundles::BundleStore store(root / "state");
    const fs::path folder = store.folder_of(std::string(64, letter));
    write(folder / "bundle.json", R"({"fairlead":"bundle 1","group":"learners"})");
    write_rules(bundles::config_of(folder), hosts);
    const auto before = *store.in_force();
    REQUIRE(store.switch_to({1, std::string(64, letter), {}, {}, before ? before->digest : std::string()}));
    return bundles::config_of(folder);
  }
  [[nodiscard]] lists::RulesKeeper started() const {
    const RulesSource source{root / "config", root / "state"};
    lists::RulesKeeper keeper(source.local, source.state);
    if (!keeper.adopt(source.load(keeper, false), kToday))
      static_cast<void>(keeper.adopt_last_good(source.last_good(keeper), kToday));
    return keeper;
  }
  static Verdict verdict(const rules::policy::Rules& rules, const std::string& address) {
    rules::url::CanonicalUrl url;
    REQUIRE(url.assign(address));
    return rules.decide(url, 0, kToday).verdict;
  }
  [[nodiscard]] Verdict verdict(const std::string& address) const { return verdict(*started().current(), address); }

  fs::path root = new_folder("fairlead-source");
};

TEST_CASE("rules source: the desk's exceptions lie over the laptop's own rules, and over every bundle") {
  const SourceLaptop laptop;
  CHECK(laptop.verdict("https://x.example/") == Verdict::allow);
  laptop.put_in_force('a', "x.example");
  CHECK(laptop.verdict("https://x.example/") == Verdict::allow);
  const std::string first(laptop.started().current()->ruleset_id());
  laptop.put_in_force('b', "x.example, y.example");
  const std::string second(laptop.started().current()->ruleset_id());
  CHECK(first != second);
  CHECK(laptop.verdict("https://y.example/") == Verdict::block);
  CHECK(laptop.verdict("https://x.example/") == Verdict::allow);
  // The id is the bundle's, and the bundle's own tests hold without them.
  fs::remove(laptop.root / "state" / fleet::kDeskExceptions);
  CHECK(laptop.started().current()->ruleset_id() == second);
  CHECK(laptop.verdict("https://x.example/") == Verdict::block);
}

TEST_CASE("rules source: they hold after going back by hand, and where nothing but the last good rules opens") {
  const SourceLaptop laptop;
  laptop.put_in_force('a', "x.example, old.example");
  CHECK(laptop.verdict("https://old.example/") == Verdict::block);
  const fs::path config = laptop.put_in_force('b', "x.example");
  CHECK(laptop.verdict("https://old.example/") == Verdict::allow);
  REQUIRE(lists::RulesetStore(rulesets_folder(laptop.root / "state")).roll_back());
  CHECK(laptop.verdict("https://old.example/") == Verdict::block);
  CHECK(laptop.verdict("https://x.example/") == Verdict::allow);
  write(config / "policy.yaml", "organisation: [\n");
  CHECK(laptop.verdict("https://old.example/") == Verdict::block);
  CHECK(laptop.verdict("https://x.example/") == Verdict::allow);
}

TEST_CASE("rules source: an exception that the bundle cannot use is told and takes nothing down") {
  const SourceLaptop laptop;
  write(laptop.root / "state" / fleet::kDeskExceptions,
        "exceptions:\n  - {url: x.example, groups: [nobody], action: allow, owner: O, reason: R, expires: "
        "2027-03-31}\n");
  laptop.put_in_force('a', "x.example");
  const auto keeper = laptop.started();
  CHECK_FALSE(keeper.last_load_refused());
  CHECK(laptop.verdict("https://x.example/") == Verdict::block);
  CHECK(fleet::about_desk_exceptions(keeper.last_problems()).size() == 1);
}

TEST_CASE("load_or_tell: what is checked at the terminal is what the running agent goes by") {
  const SourceLaptop laptop;
  const fs::path old = laptop.put_in_force('a', "x.example"), config = laptop.put_in_force('b', "x.example");
  const auto verdict_by = [&](const fs::path& folder) {
    return SourceLaptop::verdict(*load_or_tell(folder, laptop.root / "state"), "https://x.example/");
  };
  CHECK(verdict_by(config) == Verdict::allow);
  CHECK(verdict_by(old) == Verdict::block);
  CHECK(verdict_by(laptop.root / "config") == Verdict::block);
}

}  // namespace
}  // namespace fairlead::agent::command
