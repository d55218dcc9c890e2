#include "agent/command/hub_workshop.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace fairlead::agent::command {
namespace {

constexpr console::Moment kNow{std::chrono::hours(24 * 365 * 50)};

struct Desk {
  HubWorkshop workshop{[this](const rules::catalog::ExceptionText& exception, const std::string& by, console::Moment) {
    told.push_back(by + " " + exception.url);
    return answer;
  }};
  std::vector<std::string> told;
  Result<std::string> answer = std::string("K7QM-2D4X");
};

const rules::catalog::ExceptionText kException{"tools.example", {"learners"}, {}, "office", "a course", "2027-01-01"};

TEST_CASE("hub workshop: what the lead releases goes to the laptops, and holds there at once") {
  Desk desk;
  const auto made = desk.workshop.except(kException, "lead", true, kNow);
  REQUIRE(made);
  CHECK_FALSE(made->waiting);
  CHECK(made->change == "K7QM-2D4X");  // its answer to the learner is found again when it is closed
  CHECK(desk.told == std::vector<std::string>{"lead tools.example"});
}

TEST_CASE("hub workshop: what nobody released reaches no laptop") {
  Desk desk;
  CHECK(desk.workshop.except(kException, "it", false, kNow).error().code == Errc::refused);
  CHECK(desk.told.empty());
}

TEST_CASE("hub workshop: what the store says against it is told") {
  Desk desk;
  desk.answer = fail(Errc::closed, Side::local, "the database went away");
  CHECK(desk.workshop.except(kException, "lead", true, kNow).error().code == Errc::closed);
}

TEST_CASE("hub workshop: no file is read or changed here") {
  Desk desk;
  CHECK(desk.workshop.files().empty());
  CHECK_FALSE(desk.workshop.read("policy.yaml"));
  CHECK_FALSE(desk.workshop.preview("policy.yaml", "", kNow));
  CHECK_FALSE(desk.workshop.propose({"policy.yaml", "", "", "lead", "", true}, kNow));
  CHECK(desk.workshop.changes()->empty());
  CHECK_FALSE(desk.workshop.release("1", "lead", kNow));
  CHECK_FALSE(desk.workshop.withdraw("1", "lead", kNow));
  CHECK_FALSE(desk.workshop.undo("1", "lead", kNow));
}

}  // namespace
}  // namespace fairlead::agent::command
