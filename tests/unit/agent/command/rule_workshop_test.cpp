#include "agent/command/rule_workshop.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <future>
#include <iterator>

#include "agent/bundles/contents.hpp"
#include "agent/bundles/in_force.hpp"
#include "agent/command/config_files.hpp"
#include "agent/command/rule_preview.hpp"
#include "agent/fleet/desk_exceptions.hpp"
#include "tests/unit/new_folder.hpp"

using namespace fairlead;
using namespace fairlead::agent;
using command::RuleWorkshop;
using console::ChangeState;
using console::Moment;

namespace {

namespace fs = std::filesystem;

constexpr Moment kNow{std::chrono::seconds{1774436400}};

constexpr std::string_view kLight =
    "category: light\ntitle: Light\nrisk: conduct\nseverity: medium\nsays: S.\nhelp: []\nblock:\n  hosts:\n    - "
    "light.example   # a comment\n    - lighter.example\ntests:\n  must_block: [light.example]\n  must_allow: []\n";
constexpr std::string_view kSerious =
    "category: serious\ntitle: Serious\nrisk: content\nseverity: high\nsays: S.\nhelp: [safeguarding-lead]\nblock:\n  "
    "hosts:\n    - bad.example\n    - worse.example\ntests:\n  must_block: [worse.example]\n  must_allow: []\n";
constexpr std::string_view kPolicy =
    "organisation: O\nversion: '1'\n# who\ngroups:\n  learners: {title: Learners, actions: {light: block, serious: "
    "block}, "
    "default: allow}\nunknown_person: learners\n";

/// A folder of files, a store and rules in force, as an agent has them.
struct Bench {
  Bench() {
    write("conduct/light.yaml", kLight);
    write("content/serious.yaml", kSerious);
    write("policy.yaml", kPolicy);
    auto opened = events::Store::open(root / "events");
    REQUIRE(opened);
    store = std::move(*opened);
    REQUIRE(load());
    RuleWorkshop::Place place;
    place.source = {root / "config", root / "state"};
    place.in_force = [this] { return rules; };
    place.reload = [this] {
      ++reloads;
      return agent::command::Reloaded{!broken && load(), {"no"}};
    };
    fs::create_directories(root / "state");
    shop = std::make_unique<RuleWorkshop>(std::move(place), *store);
  }
  ~Bench() {
    store.reset();
    fs::remove_all(root);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  bool load() {
    auto loaded = rules::policy::load_rules(root / "config");
    if (loaded.rules) rules = fleet::lay_over(loaded.rules, root / "state", loaded.problems);
    return loaded.rules != nullptr;
  }
  [[nodiscard]] std::string kept() const { return *fleet::read_desk_exceptions(root / "state"); }
  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((root / "config" / name).parent_path());
    std::ofstream(root / "config" / name, std::ios::binary) << text;
  }
  std::string on_disk(const std::string& name) const {
    std::ifstream stream(root / "config" / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  Result<console::Outcome> propose(const std::string& file, std::string_view text, const std::string& account = "it-a",
                                   bool released = false) {
    const auto read = shop->read(file);
    REQUIRE(read);
    return shop->propose({file, std::string(text), read->digest, account, "because", released}, kNow);
  }
  ChangeState state_of(const std::string& change) const {
    const auto all = shop->changes();
    REQUIRE(all);
    for (const auto& one : *all) {
      if (one.id == change) return one.state;
    }
    FAIL("no such change");
    return {};
  }
  void record(std::string host, std::string person, std::string category) {
    events::Event event;
    event.id = events::new_decision_id();
    event.time = kNow - std::chrono::hours(5);
    event.person = std::move(person);
    event.group = "learners";
    event.host = std::move(host);
    event.category = std::move(category);
    event.severity = "medium";
    event.risk = "conduct";
    event.losers = "[]";
    std::promise<events::Recorded> stored;
    store->record(std::move(event), [&](events::Recorded recorded) { stored.set_value(recorded); });
    REQUIRE(stored.get_future().get() == events::Recorded::durable);
  }

  fs::path root = new_folder("fairlead-workshop");
  std::unique_ptr<events::Store> store;
  std::shared_ptr<const rules::policy::Rules> rules;
  std::unique_ptr<RuleWorkshop> shop;
  int reloads = 0;
  bool broken = false;
};

std::string without(std::string text, const std::string& part) {
  const std::size_t at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.erase(at, part.size());
}

std::string looser() { return without(std::string(kSerious), "    - bad.example\n"); }
std::string with_more() { return std::string(kLight).insert(kLight.find("    - lighter"), "    - more.example\n"); }

}  // namespace

TEST_CASE_FIXTURE(Bench, "workshop: only files of the folder can be read, whatever a name holds") {
  CHECK(shop->files() == std::vector<std::string>{"conduct/light.yaml", "content/serious.yaml", "policy.yaml"});
  std::ofstream(root / "secret.yaml") << "secret";
  fs::create_symlink(root / "secret.yaml", root / "config" / "linked.yaml");
  fs::create_directories(root / "config" / "schema");
  std::ofstream(root / "config" / "schema" / "x.yaml") << "x";
  for (const std::string name : {"../secret.yaml", "config/../../secret.yaml", "conduct/../policy.yaml",
                                 "./policy.yaml", "/etc/passwd", "policy.yaml/", "linked.yaml", "schema/x.yaml", "",
                                 "conduct", "conduct/light.yaml\n", "POLICY.yaml", "conduct//light.yaml"}) {
    CAPTURE(name);
    const auto read = shop->read(name);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::not_found);
    CHECK_FALSE(shop->preview(name, "x", kNow));
    CHECK_FALSE(shop->propose({name, "x", "", "it-a", "", true}, kNow));
  }
}

TEST_CASE_FIXTURE(Bench, "workshop: a mistake is told by file, line and column, and nothing is changed") {
  const auto preview = shop->preview("conduct/light.yaml", "category: light\nhsots: [x]\n", kNow);
  REQUIRE(preview);
  CHECK_FALSE(preview->usable);
  REQUIRE_FALSE(preview->errors.empty());
  CHECK(std::any_of(preview->errors.begin(), preview->errors.end(), [](const std::string& error) {
    return error.starts_with("conduct/light.yaml:2:1: error: unknown key 'hsots'");
  }));
  CHECK_FALSE(propose("conduct/light.yaml", "category: light\nhsots: [x]\n"));
  const auto failing =
      shop->preview("conduct/light.yaml", without(std::string(kLight), "    - light.example   # a comment\n"), kNow);
  CHECK_FALSE(failing->usable);  // the file's own test
  CHECK(on_disk("conduct/light.yaml") == kLight);
  CHECK(reloads == 0);
}

TEST_CASE_FIXTURE(Bench, "workshop: a preview says what changes, and not for whom") {
  record("more.example", "zzpersonzz", "light");
  record("more.example", "zzotherzz", "light");
  record("lighter.example", "zzpersonzz", "light");
  const auto preview = shop->preview("conduct/light.yaml", with_more(), kNow);
  REQUIRE(preview);
  CHECK(preview->usable);
  CHECK(preview->added == std::vector<std::string>{"    - more.example"});
  CHECK(preview->removed.empty());
  REQUIRE(preview->rules.size() == 1);
  CHECK(preview->rules[0].category == "light");
  CHECK(preview->rules[0].lines[0].starts_with("1 host more: more.example (conduct/light.yaml:"));
  CHECK(preview->replayed == 3);
  REQUIRE(preview->replay.size() == 1);
  CHECK(preview->replay[0].host == "more.example");
  CHECK(preview->replay[0].count == 2);
  CHECK(preview->replay[0].becomes == "block: Light");
  CHECK(preview->loosens.empty());
  CHECK(on_disk("conduct/light.yaml") == kLight);
}

TEST_CASE_FIXTURE(Bench, "workshop: a change is made, with the line ends of the file, and can be taken back") {
  std::string posted;
  const std::string more = with_more();
  for (const char c : more) posted += c == '\n' ? "\r\n" : std::string(1, c);
  const auto made = propose("conduct/light.yaml", posted);
  REQUIRE(made);
  CHECK_FALSE(made->waiting);
  CHECK(on_disk("conduct/light.yaml") == with_more());
  CHECK(reloads == 1);
  CHECK(state_of(made->change) == ChangeState::applied);
  const auto undone = shop->undo(made->change, "it-a", kNow);
  REQUIRE(undone);
  CHECK(on_disk("conduct/light.yaml") == kLight);
  CHECK_FALSE(shop->undo(made->change, "it-a", kNow));  // the file is another one now
  CHECK_FALSE(propose("conduct/light.yaml", kLight));   // nothing differs
}

TEST_CASE_FIXTURE(Bench, "workshop: nobody writes over what somebody else has written meanwhile") {
  const auto read = shop->read("conduct/light.yaml");
  write("conduct/light.yaml", std::string(kLight) + "# by hand\n");
  const auto made = shop->propose({"conduct/light.yaml", with_more(), read->digest, "it-a", "", false}, kNow);
  REQUIRE_FALSE(made);
  CHECK(made.error().context.find("changed meanwhile") != std::string::npos);
  CHECK(on_disk("conduct/light.yaml").ends_with("# by hand\n"));
}

TEST_CASE_FIXTURE(Bench, "workshop: a loosening change waits, and only somebody else releases it") {
  const auto made = propose("content/serious.yaml", looser());
  REQUIRE(made);
  CHECK(made->waiting);
  CHECK(made->due == kNow + std::chrono::hours(24));
  CHECK(made->loosens.size() == 1);
  CHECK(on_disk("content/serious.yaml") == kSerious);
  CHECK(reloads == 0);
  CHECK_FALSE(shop->release(made->change, "it-a", kNow));
  CHECK_FALSE(shop->release(made->change, "", kNow));
  CHECK_FALSE(shop->release("../../x", "it-b", kNow));
  CHECK(on_disk("content/serious.yaml") == kSerious);
  CHECK(shop->release(made->change, "it-b", kNow));
  CHECK(on_disk("content/serious.yaml") == looser());
  CHECK(state_of(made->change) == ChangeState::applied);
  CHECK_FALSE(shop->release(made->change, "it-b", kNow));
}

TEST_CASE_FIXTURE(Bench, "workshop: a waiting change holds when its time has come, or never when it is taken back") {
  const auto made = propose("content/serious.yaml", looser());
  REQUIRE(made);
  shop->apply_due(kNow + std::chrono::hours(23));
  CHECK(on_disk("content/serious.yaml") == kSerious);
  // Another workshop over the same folders: the waiting survives a restart.
  RuleWorkshop::Place place{{root / "config", root / "state"},
                            [this] { return rules; },
                            [this] {
                              return agent::command::Reloaded{load(), {}};
                            }};
  RuleWorkshop again(std::move(place), *store);
  again.apply_due(kNow + std::chrono::hours(24));
  CHECK(on_disk("content/serious.yaml") == looser());
  CHECK(state_of(made->change) == ChangeState::applied);
  const auto back = shop->undo(made->change, "it-a", kNow);
  REQUIRE(back);
  CHECK_FALSE(back->waiting);  // stricter again
  const auto other = propose("content/serious.yaml", looser());
  REQUIRE(shop->withdraw(other->change, "it-a", kNow));
  shop->apply_due(kNow + std::chrono::hours(48));
  CHECK(on_disk("content/serious.yaml") == kSerious);
  CHECK(state_of(other->change) == ChangeState::withdrawn);
}

TEST_CASE_FIXTURE(Bench, "workshop: what was asked for is what is made, or nothing") {
  const auto made = propose("content/serious.yaml", looser());
  REQUIRE(made);
  SUBCASE("the kept text is another one") {
    std::ofstream(root / "state" / "changes" / (made->change + ".new"), std::ios::binary)
        << without(looser(), "severity: high\n");
    CHECK_FALSE(shop->release(made->change, "it-b", kNow));
    CHECK(on_disk("content/serious.yaml") == kSerious);
  }
  SUBCASE("the file was changed since") {
    write("content/serious.yaml", std::string(kSerious) + "# by hand\n");
    CHECK_FALSE(shop->release(made->change, "it-b", kNow));
    CHECK(on_disk("content/serious.yaml").ends_with("# by hand\n"));
  }
  SUBCASE("the agent does not take it over") {
    broken = true;
    CHECK_FALSE(shop->release(made->change, "it-b", kNow));
    CHECK(on_disk("content/serious.yaml") == kSerious);
  }
  CHECK(state_of(made->change) == ChangeState::refused);
}

TEST_CASE_FIXTURE(Bench, "workshop: the guard cannot be taken away by the change that it should stop") {
  const std::string lax = std::string(kPolicy) + "loosening: {severity: critical, delay: 1h}\n";
  const auto made = propose("policy.yaml", lax);
  REQUIRE(made);
  CHECK(made->waiting);
  CHECK(made->due == kNow + std::chrono::hours(24));
}

TEST_CASE_FIXTURE(Bench, "workshop: exceptions, which wait where the category is serious and nobody decides alone") {
  const rules::catalog::ExceptionText light{
      "light.example/page", {"learners"}, rules::catalog::Action::allow, "IT", "Needed", "2027-01-01"};
  REQUIRE(shop->except(light, "it-a", false, kNow));
  CHECK(on_disk("policy.yaml").starts_with(kPolicy));
  CHECK(rules->policy().exceptions.size() == 1);
  rules::catalog::ExceptionText longer = light;
  longer.expires = "2027-02-01";
  REQUIRE(shop->except(longer, "it-a", false, kNow));  // in the place of the one before
  REQUIRE(rules->policy().exceptions.size() == 1);
  CHECK(on_disk("policy.yaml").find("2027-02-01") != std::string::npos);
  rules::catalog::ExceptionText serious = light;
  serious.url = "bad.example";
  const auto waits = shop->except(serious, "it-a", false, kNow);
  REQUIRE(waits);
  CHECK(waits->waiting);
  CHECK(rules->policy().exceptions.size() == 1);
  const auto lead = shop->except(serious, "lead-a", true, kNow);
  REQUIRE(lead);
  CHECK_FALSE(lead->waiting);
  CHECK(rules->policy().exceptions.size() == 2);
  rules::catalog::ExceptionText nobody = light;
  nobody.groups = {"no-such-group"};
  CHECK_FALSE(shop->except(nobody, "it-a", true, kNow));
}

TEST_CASE("with_line_ends_of: the file's own ends, whatever a browser sends") {
  CHECK(command::with_line_ends_of("a\nb\n", "a\r\nc\r\n") == "a\nc\n");
  CHECK(command::with_line_ends_of("a\r\nb", "a\nc\r\n") == "a\r\nc\r\n");
  CHECK(command::with_line_ends_of("a\rb", "a\r\nc") == "a\rc");
  CHECK(command::with_line_ends_of("", "a\r\n\r\nb") == "a\n\nb");
}

namespace {

exchange::ExceptionSet set_of(const std::vector<rules::catalog::ExceptionText>& all) {
  exchange::ExceptionSet out{all.empty() ? "" : "a set of " + std::to_string(all.size()), {}};
  for (const auto& one : all) out.all.push_back({"id", "lead", one});
  return out;
}

/// The same folder as a bundle, in force.
struct FleetBench : Bench {
  FleetBench() {
    const bundles::BundleStore fleet(root / "state");
    const std::string digest(64, 'a');
    fs::create_directories(fleet.folder_of(digest));
    fs::copy(root / "config", bundles::config_of(fleet.folder_of(digest)), fs::copy_options::recursive);
    REQUIRE(fleet.switch_to({1, digest, std::chrono::sys_seconds(), std::chrono::sys_seconds(), {}}));
    fs::create_directories(root / "state" / "fleet");
  }
};

}  // namespace

TEST_CASE_FIXTURE(FleetBench, "workshop: nothing is changed on a laptop whose rules come from its fleet") {
  const auto file = shop->read("conduct/light.yaml");
  REQUIRE(file);
  const auto proposed =
      shop->propose({"conduct/light.yaml", file->text + "# more\n", file->digest, "it", "", true}, kNow);
  CHECK(proposed.error().code == Errc::refused);
  CHECK(proposed.error().context == "the rules of this laptop come from its fleet: they are changed there");
  const auto excepted =
      shop->except({"light.example", {"learners"}, {}, "office", "a course", "2026-12-31"}, "lead", true, kNow);
  CHECK(excepted.error().code == Errc::refused);
  CHECK(on_disk("policy.yaml") == kPolicy);
  CHECK(kept().empty());
  CHECK(reloads == 0);
}

const rules::catalog::ExceptionText kOpens{"bad.example", {"learners"}, {}, "office", "a course", "2026-12-31"};

TEST_CASE_FIXTURE(FleetBench, "workshop: what the organisation's desk opens stands beside the rules, and in the book") {
  REQUIRE(shop->take_from_desk(set_of({kOpens}), kNow));
  CHECK(reloads == 1);
  CHECK(kept().find("bad.example") != std::string::npos);
  CHECK(fleet::desk_set(root / "state") == "a set of 1");
  CHECK(on_disk("policy.yaml") == kPolicy);
  const auto changes = shop->changes();
  REQUIRE(changes->size() == 1);
  const console::Change& change = changes->front();
  CHECK(change.file == "fleet/exceptions.yaml");
  CHECK(change.account == "lead");
  CHECK(change.why == "opened bad.example: a course");
  CHECK(change.loosens == std::vector<std::string>{"Serious: an exception opens bad.example"});
  CHECK(change.state == ChangeState::applied);
  // IT can read it, and nobody can take it back or edit it here.
  CHECK(shop->read("fleet/exceptions.yaml")->text == kept());
  CHECK(shop->files().back() == "fleet/exceptions.yaml");
  CHECK_FALSE(shop->undo(change.id, "it-a", kNow));

  const auto day_after = std::chrono::sys_days{std::chrono::year{2027} / 1 / 1};
  shop->drop_ended(day_after - std::chrono::seconds(1));
  CHECK(reloads == 1);
  shop->drop_ended(day_after);
  CHECK(reloads == 2);
  CHECK(kept().find("bad.example") == std::string::npos);
}

TEST_CASE_FIXTURE(FleetBench, "workshop: what the desk closes is over at once, and both stand in the book") {
  REQUIRE(shop->take_from_desk(set_of({kOpens}), kNow));
  REQUIRE(shop->take_from_desk(set_of({}), kNow));
  CHECK(reloads == 2);
  CHECK(kept() == "");
  const auto changes = shop->changes();
  REQUIRE(changes->size() == 2);
  CHECK(changes->front().account == "the organisation's desk");
  CHECK(changes->front().why == "no longer open: bad.example");
  CHECK(changes->front().loosens.empty());
}

TEST_CASE_FIXTURE(FleetBench,
                  "workshop: each that comes or goes is a line of the book, however many and long they are") {
  std::vector<rules::catalog::ExceptionText> all;
  for (int i = 0; i < 100; ++i) {
    rules::catalog::ExceptionText one = kOpens;
    one.url = "site" + std::to_string(i) + ".example/" + std::string(900, 'a');
    one.reason = std::string(500, 'r');
    all.push_back(one);
  }
  REQUIRE(shop->take_from_desk(set_of(all), kNow));
  CHECK(fleet::desk_set(root / "state") == "a set of 100");
  CHECK(shop->changes()->size() == 100);
  all.pop_back();
  REQUIRE(shop->take_from_desk(set_of(all), kNow));
  CHECK(shop->changes()->size() == 101);
}

TEST_CASE_FIXTURE(FleetBench, "workshop: a set whose rules do not load has no name here, and is told again") {
  REQUIRE(shop->take_from_desk(set_of({kOpens}), kNow));
  broken = true;
  CHECK_FALSE(shop->take_from_desk(set_of({}), kNow));
  CHECK(fleet::desk_set(root / "state") == "unfinished");
  broken = false;
  REQUIRE(shop->take_from_desk(set_of({}), kNow));
  CHECK(fleet::desk_set(root / "state") == "");
  CHECK(shop->changes()->size() == 2);  // the book was right the first time
  rules = nullptr;                      // the agent is stopping
  CHECK(shop->take_from_desk(set_of({kOpens}), kNow).error().code == Errc::closed);
}

TEST_CASE_FIXTURE(Bench,
                  "workshop: what the desk opens lies over the laptop's own rules too, and leaves its files alone") {
  fs::create_directories(root / "state" / "fleet");
  rules::url::CanonicalUrl url;
  REQUIRE(url.assign("https://bad.example/"));
  const auto verdict = [&] { return rules->decide(url, 0, std::chrono::floor<std::chrono::seconds>(kNow)).verdict; };
  CHECK(verdict() == rules::policy::Verdict::block);
  REQUIRE(shop->take_from_desk(set_of({kOpens}), kNow));
  CHECK(verdict() == rules::policy::Verdict::allow);
  CHECK(on_disk("policy.yaml") == kPolicy);
  // An edit of the files is compared with the rules as they are, and keeps what the desk opened.
  const auto light = shop->read("conduct/light.yaml");
  const auto edited =
      shop->propose({"conduct/light.yaml", light->text + "# more\n", light->digest, "it-a", "", false}, kNow);
  REQUIRE(edited);
  CHECK_FALSE(edited->waiting);
  CHECK(verdict() == rules::policy::Verdict::allow);
  REQUIRE(shop->take_from_desk(set_of({}), kNow));
  CHECK(verdict() == rules::policy::Verdict::block);
}
