#include "agent/fleet/desk_exceptions.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/unit/agent/events/samples.hpp"

namespace fairlead::agent::fleet {
namespace {

namespace fs = std::filesystem;
using rules::catalog::ExceptionText;

constexpr auto kToday = std::chrono::sys_days{std::chrono::year{2027} / 1 / 12};

std::shared_ptr<const rules::policy::Rules> bundle_rules() {
  auto loaded = rules::catalog::load_texts(
      {{"conduct/a.yaml",
        "category: a\ntitle: T\nrisk: conduct\nseverity: medium\nsays: S.\nhelp: []\nblock:\n  hosts: "
        "[x.example]\ntests:\n  must_block: []\n  must_allow: []\n"},
       {"policy.yaml",
        "organisation: O\nversion: '1'\ngroups:\n  learners: {title: L, actions: {a: block}, default: "
        "allow}\nunknown_person: learners\n"}});
  std::vector<rules::catalog::Problem> problems;
  auto rules = rules::policy::Rules::build(std::move(loaded.catalog), problems);
  REQUIRE(rules);
  return rules;
}

ExceptionText opening(const std::string& url, const std::string& expires = "2027-03-31") {
  return {url, {"learners"}, rules::catalog::Action::allow, "the office", "It's for a course: roofs", expires};
}

exchange::ExceptionSet set_of(const std::vector<ExceptionText>& all) {
  exchange::ExceptionSet out{"a set of " + std::to_string(all.size()), {}};
  for (const ExceptionText& one : all) out.all.push_back({"id", "lead", one});
  return out;
}

struct LaidLaptop {
  LaidLaptop() { fs::create_directory(folder.path() / "fleet"); }
  /// Why some of it was left out.
  std::vector<std::string> take(const std::vector<ExceptionText>& all) {
    const auto next = desk_text(set_of(all), rules->catalog(), kToday);
    REQUIRE(write_desk_exceptions(folder.path(), next.text));
    return next.left_out;
  }
  rules::policy::Decision decide(const std::string& address) {
    told.clear();
    laid = lay_over(rules, folder.path(), told);
    rules::url::CanonicalUrl url;
    REQUIRE(url.assign(address));
    return laid->decide(url, 0, kToday);
  }
  [[nodiscard]] std::string text() const { return *read_desk_exceptions(folder.path()); }

  events::TemporaryFolder folder;
  std::shared_ptr<const rules::policy::Rules> rules = bundle_rules(), laid;
  std::vector<rules::catalog::Problem> told;
};

TEST_CASE("desk exceptions: the form of policy.yaml, and the set's name") {
  LaidLaptop laptop;
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::block);
  CHECK(desk_set(laptop.folder.path()) == "");
  CHECK(laptop.take({opening("https://X.example/", "2027-02-01"), opening("y.example")}).empty());
  CHECK(laptop.text() ==
        "# Made at the organisation's desk, and kept by this laptop: not to be edited.\n"
        "# Set a set of 2\n"
        "exceptions:\n"
        "  - url: 'https://X.example/'\n"
        "    groups: [learners]\n"
        "    action: allow\n"
        "    owner: the office\n"
        "    reason: 'It''s for a course: roofs'\n"
        "    expires: 2027-02-01\n"
        "  - url: y.example\n"
        "    groups: [learners]\n"
        "    action: allow\n"
        "    owner: the office\n"
        "    reason: 'It''s for a course: roofs'\n"
        "    expires: 2027-03-31\n");
  CHECK(desk_set(laptop.folder.path()) == "a set of 2");
  const auto open = laptop.decide("https://x.example/");
  CHECK(open.verdict == rules::policy::Verdict::allow);
  CHECK(open.winner->file == kDeskExceptions);
  CHECK(open.winner->line == 4);
  CHECK(laptop.told.empty());
}

TEST_CASE("desk exceptions: another set takes the place of the one before, whole") {
  LaidLaptop laptop;
  laptop.take({opening("x.example"), opening("y.example")});
  const std::string before = laptop.text();
  laptop.take({opening("y.example"), opening("z.example/a")});
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::block);
  const auto changes = [&](std::string_view from, const std::vector<ExceptionText>& to) {
    std::string out;
    for (const DeskChange& one : desk_changes(from, set_of(to), laptop.rules->catalog(), kToday))
      out += (one.by.empty() ? "" : one.by + " ") + one.why + "; ";
    return out;
  };
  CHECK(changes(before, {opening("y.example"), opening("z.example/a"), opening("ended.example", "2027-01-01")}) ==
        "lead opened z.example/a: It's for a course: roofs; no longer open: x.example; ");
  CHECK(changes(before, {opening("x.example"), opening("y.example")}) == "");
  CHECK(changes(unfinished(before), {opening("x.example"), opening("y.example")}) == "");
  // None at all.
  const auto none = desk_text({}, laptop.rules->catalog(), kToday);
  CHECK(none.text == "");
  CHECK(changes(before, {}) == "no longer open: x.example; no longer open: y.example; ");
}

TEST_CASE("desk exceptions: two for one address stand beside each other, and one is enough") {
  LaidLaptop laptop;
  laptop.take({opening("x.example", "2027-01-13"), opening("x.example")});
  rules::url::CanonicalUrl url;
  REQUIRE(url.assign("https://x.example/"));
  laptop.decide("https://x.example/");
  CHECK(laptop.laid->decide(url, 0, kToday + std::chrono::days(20)).verdict == rules::policy::Verdict::allow);
  CHECK(laptop.told.empty());
}

TEST_CASE("desk exceptions: what is not in force yet has another name than every set") {
  LaidLaptop laptop;
  laptop.take({opening("x.example")});
  for (const std::string& text : {laptop.text(), std::string()}) {
    REQUIRE(write_desk_exceptions(laptop.folder.path(), unfinished(text)));
    CHECK(desk_set(laptop.folder.path()) == "unfinished");
  }
  REQUIRE(write_desk_exceptions(laptop.folder.path(), "exceptions: []\n"));  // somebody wrote it
  CHECK(desk_set(laptop.folder.path()) == "unreadable");
}

TEST_CASE("desk exceptions: those that have ended leave the file, those that cannot be used yet stay") {
  LaidLaptop laptop;
  auto later = opening("later.example");
  later.groups = {"of-the-next-bundle"};
  CHECK(laptop.take({opening("a.example", "2027-01-11"), later, opening("b.example", "2027-01-12")}).empty());
  CHECK(laptop.text().find("a.example") == std::string::npos);
  CHECK(laptop.text().find("b.example") != std::string::npos);
  CHECK(laptop.text().find("later.example") != std::string::npos);
  laptop.decide("https://x.example/");
  CHECK(about_desk_exceptions(laptop.told) ==
        std::vector<std::string>{"fleet/exceptions.yaml:5:14: warning: there is no group 'of-the-next-bundle'; known "
                                 "is 'learners'; it does not hold"});
  const auto without = [&](std::chrono::sys_seconds now) {
    return without_ended(laptop.text(), laptop.rules->catalog(), now);
  };
  CHECK(without(kToday) == laptop.text());
  REQUIRE(write_desk_exceptions(laptop.folder.path(), without(kToday + std::chrono::days(365))));
  CHECK(laptop.text().ends_with("exceptions: []\n"));
  CHECK(desk_set(laptop.folder.path()) == "a set of 3");  // it has the set still
}

TEST_CASE("desk exceptions: what nobody could read, and what would never end, is left out, and the others hold") {
  LaidLaptop laptop;
  auto nameless = opening("n.example");
  nameless.owner.clear();
  const auto left_out = laptop.take({opening("http://"), opening("s.example", "soon"),
                                     opening("f.example", "2999-12-31"), nameless, opening("x.example")});
  std::string why;
  for (const std::string& one : left_out) why += one + "; ";
  CHECK(why ==
        "http://: the address of the exception cannot be read; s.example: the end of the exception cannot be read; "
        "f.example: an exception ends within two years; n.example: policy.yaml: 'owner' of an exception is empty; ");
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::allow);
}

TEST_CASE("desk exceptions: a damaged file opens nothing, leaves the rules alone, and begins anew") {
  LaidLaptop laptop;
  std::ofstream(laptop.folder.path() / kDeskExceptions) << "exceptions: [{url: x.exam";
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::block);
  CHECK(laptop.laid != nullptr);
  CHECK(about_desk_exceptions(laptop.told).size() == 1);
  CHECK(desk_set(laptop.folder.path()) == "unreadable");
  laptop.take({opening("x.example")});
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::allow);
  CHECK(lay_over(nullptr, laptop.folder.path(), laptop.told) == nullptr);
}

}  // namespace
}  // namespace fairlead::agent::fleet
