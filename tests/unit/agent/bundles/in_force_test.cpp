#include "agent/bundles/in_force.hpp"

#include <doctest/doctest.h>

#include "agent/bundles/contents.hpp"
#include "tests/unit/agent/lists/samples.hpp"

namespace fairlead::agent::bundles {
namespace {

using lists::TemporaryFolder;
using lists::write_file;
namespace fs = std::filesystem;

std::string digest_of(char c) { return std::string(64, c); }

InForce bundle(std::uint64_t version, char digest, const std::string& previous = "") {
  constexpr std::chrono::sys_seconds kNow(std::chrono::seconds(1'800'000'000));
  return {version, digest_of(digest), kNow, kNow + std::chrono::hours(24), previous};
}

struct Laptop : TemporaryFolder {
  BundleStore store{path()};
  /// As the updater does it.
  void take(const InForce& next) const {
    const auto incoming = store.prepare();
    REQUIRE(incoming);
    write_file(incoming->archive, "tar");
    write_file(incoming->folder / "bundle.json", R"({"fairlead":"bundle 1","group":"learners"})");
    REQUIRE(store.keep(*incoming, next.digest));
    REQUIRE(store.switch_to(next));
  }
};

TEST_CASE("BundleStore: the one in force and the one before are kept, what is older goes") {
  const Laptop laptop;
  CHECK(config_in_force("/local", laptop.path()) == "/local");
  laptop.take(bundle(1, 'a'));
  laptop.take(bundle(2, 'b', digest_of('a')));
  laptop.take(bundle(3, 'c', digest_of('b')));
  CHECK((*laptop.store.in_force())->version == 3);
  CHECK(config_in_force("/local", laptop.path()) == laptop.store.folder_of(digest_of('c')) / "config");
  CHECK_FALSE(fs::exists(laptop.store.folder_of(digest_of('a'))));
  CHECK_FALSE(fs::exists(laptop.store.archive_of(digest_of('a'))));
  CHECK(fs::exists(laptop.store.folder_of(digest_of('b'))));
  CHECK(fs::exists(laptop.store.archive_of(digest_of('c'))));
}

TEST_CASE("BundleStore: what an earlier try left behind is in nobody's way") {
  const Laptop laptop;
  laptop.take(bundle(1, 'a'));
  const auto cut = laptop.store.prepare();
  write_file(cut->archive, "half");
  write_file(cut->folder / "half", "half");
  fs::create_directories(laptop.store.folder_of(digest_of('b')));  // kept, and killed before the switch
  write_file(laptop.store.folder_of(digest_of('b')) / "half", "half");
  CHECK((*laptop.store.in_force())->digest == digest_of('a'));
  laptop.take(bundle(2, 'b', digest_of('a')));
  CHECK_FALSE(fs::exists(laptop.store.folder_of(digest_of('b')) / "half"));
}

TEST_CASE("config_in_force: where nothing can be read, it is not the folder of the laptop that takes its place") {
  const Laptop laptop;
  laptop.take(bundle(1, 'a'));
  write_file(laptop.path() / "bundles/in_force.json", R"({"version":1,"digest":"../../etc"})");
  CHECK_FALSE(laptop.store.in_force());
  CHECK(config_in_force("/local", laptop.path()) != "/local");
}

TEST_CASE("BundleStore: joining keeps what is in force until the fleet's own comes; leaving does not") {
  const Laptop laptop;
  REQUIRE(laptop.store.begin_anew());
  CHECK_FALSE(*laptop.store.in_force());
  laptop.take(bundle(9, 'a'));
  REQUIRE(laptop.store.begin_anew());
  CHECK((*laptop.store.in_force())->version == 0);
  CHECK((*laptop.store.in_force())->digest == digest_of('a'));
  REQUIRE(laptop.store.forget());
  CHECK_FALSE(*laptop.store.in_force());
  CHECK_FALSE(fs::exists(laptop.path() / "bundles"));
}

TEST_CASE("lists_of: an unpacked bundle has its own lists beside it") {
  const Laptop laptop;
  laptop.take(bundle(1, 'a'));
  const fs::path folder = laptop.store.folder_of(digest_of('a'));
  CHECK(lists_of(config_of(folder), "/elsewhere") == folder / "lists");
  CHECK(lists_of(laptop.path() / "config", "/elsewhere") == "/elsewhere");
  CHECK(*group_of(folder) == "learners");
  CHECK_FALSE(group_of(laptop.path()));
}

}  // namespace
}  // namespace fairlead::agent::bundles
