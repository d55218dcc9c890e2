#include "agent/fleet/branches.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/unit/agent/events/samples.hpp"

namespace fairlead::agent::fleet {
namespace {

constexpr auto kEvents = events::Table::events;

/// "epoch first-last ..." of every part.
std::string said(const std::vector<Part>& parts) {
  std::string out;
  for (const Part& part : parts)
    out += std::to_string(part.range.epoch) + " " + std::to_string(part.range.first) + "-" +
           std::to_string(part.range.last) + "; ";
  return out;
}

TEST_CASE("parts_of: an epoch is cut where a branch begins, and a branch can be cut again") {
  const std::vector<events::EpochRange> epochs = {{1, 1, 100}, {2, 101, 300}};
  CHECK(said(parts_of(kEvents, epochs, {})) == "1 1-100; 2 101-300; ");
  CHECK(said(parts_of(kEvents, epochs, {{kEvents, 2, 150, 77}})) == "1 1-100; 2 101-149; 77 150-300; ");
  CHECK(said(parts_of(kEvents, epochs, {{kEvents, 2, 101, 77}})) == "1 1-100; 77 101-300; ");
  CHECK(said(parts_of(kEvents, epochs, {{kEvents, 2, 150, 77}, {kEvents, 77, 200, 88}, {kEvents, 1, 100, 99}})) ==
        "1 1-99; 99 100-100; 2 101-149; 77 150-199; 88 200-300; ");
  // The laptop was set back to before what a branch tells of.
  CHECK(said(parts_of(kEvents, epochs, {{kEvents, 2, 301, 77}, {kEvents, 5, 3, 88}})) == "1 1-100; 2 101-300; ");
  // Each table counts its own sequences.
  CHECK(said(parts_of(kEvents, epochs, {{events::Table::entries, 2, 150, 77}})) == "1 1-100; 2 101-300; ");
}

TEST_CASE("new_epoch: it is none that counts up, and no two are alike") {
  const std::uint64_t one = new_epoch(), other = new_epoch();
  CHECK(one != other);
  CHECK(one >= std::uint64_t{1} << 62);
  CHECK(one < std::uint64_t{1} << 63);  // databases count in 63 bits
}

TEST_CASE("branches: what was written is read, and a file that somebody spoilt is told of") {
  const events::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "fleet");
  CHECK(read_branches(folder.path())->empty());
  const std::vector<Branch> some = {{kEvents, 1, 2, new_epoch()}, {events::Table::entries, 3, 4, 5}};
  REQUIRE(write_branches(folder.path(), some));
  CHECK(*read_branches(folder.path()) == some);
  for (const char* text : {"", "{}", "[1]", "[[\"events\",1,2]]", "[[\"events\",1,2,\"3\"]]", "[[\"events\",1,2,-3]]",
                           "[[\"all\",1,2,3]]"}) {
    CAPTURE(text);
    std::ofstream(folder.path() / "fleet" / "branches.json") << text;
    CHECK_FALSE(read_branches(folder.path()));
  }
}

}  // namespace
}  // namespace fairlead::agent::fleet
