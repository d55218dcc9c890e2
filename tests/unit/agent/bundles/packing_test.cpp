#include "agent/bundles/packing.hpp"

#include <doctest/doctest.h>

#include "tests/unit/agent/lists/samples.hpp"

namespace fairlead::agent::bundles {
namespace {

using lists::read_file;
using lists::TemporaryFolder;
using lists::write_file;

/// Nothing in it repeats.
std::string noise(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

struct Folder : TemporaryFolder {
  std::filesystem::path old = path() / "old", fresh = path() / "fresh", packed = path() / "packed",
                        out = path() / "out";
};

TEST_CASE("pack: what was packed comes out again, whole and as a delta that is much smaller") {
  const Folder folder;
  const std::string before = noise(300'000, 1), after = before.substr(0, 100'000) + "changed" + before.substr(100'000);
  write_file(folder.old, before);
  write_file(folder.fresh, after);
  REQUIRE(pack(folder.fresh, {}, folder.packed));
  REQUIRE(unpack(folder.packed, {}, after.size(), folder.out));
  CHECK(read_file(folder.out) == after);
  REQUIRE(pack(folder.fresh, folder.old, folder.packed));
  CHECK(read_file(folder.packed).size() < 1000);
  REQUIRE(unpack(folder.packed, folder.old, after.size(), folder.out));
  CHECK(read_file(folder.out) == after);
}

TEST_CASE("unpack: a delta on another base, a bomb, a cut and what is no frame are refused") {
  const Folder folder;
  write_file(folder.old, noise(100'000, 1));
  write_file(folder.fresh, noise(100'000, 1) + "more");
  REQUIRE(pack(folder.fresh, folder.old, folder.packed));
  write_file(folder.old, noise(100'000, 2));
  CHECK_FALSE(unpack(folder.packed, folder.old, 100'004, folder.out));

  write_file(folder.fresh, std::string(20'000'000, '\0'));
  REQUIRE(pack(folder.fresh, {}, folder.packed));
  CHECK(unpack(folder.packed, {}, 1000, folder.out).error().code == Errc::too_large);
  CHECK(read_file(folder.out).size() <= 1000);
  CHECK(unpack(folder.packed, {}, 20'000'001, folder.out).error().code == Errc::bad_file);

  const std::string whole = read_file(folder.packed);
  write_file(folder.packed, whole.substr(0, whole.size() - 5));
  CHECK(unpack(folder.packed, {}, 20'000'000, folder.out).error().code == Errc::bad_file);
  write_file(folder.packed, "no frame");
  CHECK(unpack(folder.packed, {}, 8, folder.out).error().code == Errc::bad_file);
  write_file(folder.packed, "");
  CHECK(unpack(folder.packed, {}, 0, folder.out).error().code == Errc::bad_file);
}

}  // namespace
}  // namespace fairlead::agent::bundles
