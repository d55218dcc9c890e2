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

struct LaidLaptop {
  LaidLaptop() { fs::create_directory(folder.path() / "fleet"); }
  Result<void> take(const ExceptionText& exception) {
    auto edited = with_desk_exception(*read_desk_exceptions(folder.path()), exception, rules->catalog(), kToday);
    if (!edited) return tl::unexpected(std::move(edited).error());
    return write_desk_exceptions(folder.path(), *edited);
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

TEST_CASE("desk exceptions: the form of policy.yaml, one for an address and a group") {
  LaidLaptop laptop;
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::block);
  REQUIRE(laptop.take(opening("x.example")));
  REQUIRE(laptop.take(opening("y.example")));
  REQUIRE(laptop.take(opening("https://X.example/", "2027-02-01")));  // in the place of the first
  CHECK(laptop.text() ==
        "# Made at the organisation's desk, and kept by this laptop: not to be edited.\n"
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
  const auto open = laptop.decide("https://x.example/");
  CHECK(open.verdict == rules::policy::Verdict::allow);
  CHECK(open.winner->file == kDeskExceptions);
  CHECK(open.winner->line == 3);
  CHECK(laptop.told.empty());
}

TEST_CASE("desk exceptions: those that have ended leave the file, those that cannot be used yet stay") {
  LaidLaptop laptop;
  auto later = opening("later.example");
  later.groups = {"of-the-next-bundle"};
  for (const auto& one : {opening("a.example", "2027-01-11"), later, opening("b.example", "2027-01-12"),
                          opening("c.example", "2027-01-01")})
    REQUIRE(laptop.take(one));
  const auto without = [&](std::chrono::sys_seconds now) {
    return without_ended(laptop.text(), laptop.rules->catalog(), now);
  };
  REQUIRE(write_desk_exceptions(laptop.folder.path(), without(kToday)));
  CHECK(laptop.text().find("a.example") == std::string::npos);
  CHECK(laptop.text().find("b.example") != std::string::npos);
  CHECK(laptop.text().find("later.example") != std::string::npos);
  laptop.decide("https://x.example/");
  CHECK(about_desk_exceptions(laptop.told) ==
        std::vector<std::string>{"fleet/exceptions.yaml:4:14: warning: there is no group 'of-the-next-bundle'; known "
                                 "is 'learners'; it does not hold"});
  CHECK(without(kToday) == laptop.text());
  REQUIRE(write_desk_exceptions(laptop.folder.path(), without(kToday + std::chrono::days(365))));
  CHECK(laptop.text().ends_with("exceptions: []\n"));
  REQUIRE(laptop.take(opening("x.example")));
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::allow);
}

TEST_CASE("desk exceptions: one that the desk closes leaves the file, another for the same address does not") {
  LaidLaptop laptop;
  REQUIRE(laptop.take(opening("y.example")));
  REQUIRE(laptop.take(opening("x.example")));
  const std::string both = laptop.text();
  const auto close = [&](const ExceptionText& exception) {
    return without_desk_exception(laptop.text(), exception, laptop.rules->catalog());
  };
  auto of_others = opening("x.example");
  of_others.groups = {"staff"};
  auto reasoned = opening("x.example");
  reasoned.reason = "another";
  for (const auto& other : {of_others, reasoned, opening("x.example", "2027-04-01"), opening("x.example/a"),
                            opening("http://"), opening("z.example")})
    CHECK(close(other) == both);
  REQUIRE(write_desk_exceptions(laptop.folder.path(), close(opening("https://X.example/"))));
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::block);
  CHECK(laptop.text().find("y.example") != std::string::npos);
  REQUIRE(write_desk_exceptions(laptop.folder.path(), close(opening("y.example"))));
  CHECK(laptop.text().ends_with("exceptions: []\n"));
  CHECK(close(opening("y.example")) == laptop.text());
}

TEST_CASE("desk exceptions: what nobody could read, and what would never end, is refused") {
  LaidLaptop laptop;
  auto nameless = opening("x.example");
  nameless.owner.clear();
  for (const auto& one :
       {opening("http://"), opening("x.example", "soon"), opening("x.example", "2999-12-31"), nameless}) {
    const auto taken = laptop.take(one);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == Errc::refused);
  }
  CHECK(laptop.text() == "");
}

TEST_CASE("desk exceptions: no more are kept than there is room for, and that is said") {
  LaidLaptop laptop;
  for (std::size_t i = 0; i < exchange::kMostExceptions; ++i)
    REQUIRE(laptop.take(opening("site" + std::to_string(i) + ".example")));
  const auto over = laptop.take(opening("x.example"));
  REQUIRE_FALSE(over);
  CHECK(over.error().code == Errc::refused);
  CHECK(over.error().context == "no more than 100 exceptions are kept at a time");
  REQUIRE(laptop.take(opening("site7.example", "2027-04-30")));
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::block);
  CHECK(about_desk_exceptions(laptop.told) ==
        std::vector<std::string>{
            "fleet/exceptions.yaml: warning: it holds 100 exceptions: no more are taken until one has ended"});
}

TEST_CASE("desk exceptions: a damaged file opens nothing, leaves the bundle's rules alone, and begins anew") {
  LaidLaptop laptop;
  std::ofstream(laptop.folder.path() / kDeskExceptions) << "exceptions: [{url: x.exam";
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::block);
  CHECK(laptop.laid != nullptr);
  CHECK(about_desk_exceptions(laptop.told).size() == 1);
  REQUIRE(laptop.take(opening("x.example")));
  CHECK(laptop.decide("https://x.example/").verdict == rules::policy::Verdict::allow);
  CHECK(lay_over(nullptr, laptop.folder.path(), laptop.told) == nullptr);
}

}  // namespace
}  // namespace fairlead::agent::fleet
