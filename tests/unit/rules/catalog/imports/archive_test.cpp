#include "rules/catalog/imports/archive.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/imports/imported.hpp"
#include "tests/unit/rules/catalog/imports/packed.hpp"

using namespace fairlead::rules::catalog;
using fairlead::Errc;

namespace {

struct Unpacked final : MemberSink {
  std::string passed_over;
  Members members;
  std::size_t ended = 0, bytes = 0;

  bool begin_member(std::string_view name) override {
    if (name == passed_over) return false;
    members.emplace_back(name, "");
    return true;
  }
  void take_piece(std::string_view piece) override {
    bytes += piece.size();
    if (members.back().second.size() < 100) members.back().second.append(piece);
  }
  void end_member() override { ++ended; }
};

constexpr Packing kEvery[] = {Packing::none, Packing::gzip, Packing::zstd, Packing::xz};

}  // namespace

TEST_CASE("archive: a file is unpacked whichever way it is packed") {
  for (const Packing packing : kEvery) {
    Unpacked got;
    REQUIRE(
        unpack_bytes(packing == Packing::none ? "a.example\n" : packed("a.example\n", packing), "list.txt.gz", got));
    CHECK(got.members == Members{{"list.txt", "a.example\n"}});
    CHECK(got.ended == 1);
  }
}

TEST_CASE("archive: the members of a tar come one by one, packed or not, and some are passed over") {
  const Members members{{"lists/a/domains", "a.example\n"},
                        {"lists/a/usage", "black\n"},
                        {"lists/a/urls.gz", packed("a.example/x\n", Packing::gzip)},
                        {"lists/b/domains.zst", packed("b.example\n", Packing::zstd)}};
  for (const Packing packing : kEvery) {
    Unpacked got;
    got.passed_over = "lists/a/usage";
    REQUIRE(unpack_bytes(tar_of(members, packing), "lists.tar", got));
    CHECK(got.members == Members{{"lists/a/domains", "a.example\n"},
                                 {"lists/a/urls", "a.example/x\n"},
                                 {"lists/b/domains", "b.example\n"}});
    CHECK(got.ended == 3);
  }
}

TEST_CASE("archive: an empty file has nothing to say") {
  Unpacked got;
  CHECK(unpack_bytes("", "empty", got));
  CHECK(got.bytes == 0);
}

TEST_CASE("archive: what is damaged is an error, not a shorter list") {
  const std::string text(100'000, 'x');
  for (const Packing packing : {Packing::gzip, Packing::zstd, Packing::xz}) {
    const std::string whole = packed(text, packing);
    Unpacked got;
    const auto read = unpack_bytes(std::string_view(whole).substr(0, whole.size() / 2), "list", got);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::bad_file);
  }
  const std::string tar = tar_of({{"a", text}}, Packing::none);
  Unpacked got;
  CHECK_FALSE(unpack_bytes(std::string_view(tar).substr(0, 2000), "tar", got));
}

TEST_CASE("archive: a bomb stops at the limit") {
  // Half a gigabyte of zeros in a few kilobytes, three times.
  const std::string bomb = packed(std::string(std::size_t{1} << 29U, '\0'), Packing::zstd);
  Unpacked got;
  const auto read =
      unpack_bytes(tar_of({{"a.zst", bomb}, {"b.zst", bomb}, {"c.zst", bomb}}, Packing::none), "tar", got);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Errc::too_large);
  CHECK(got.bytes <= kMostUnpacked);
}

TEST_CASE("archive: too many members stop it") {
  const Members many(kMostMembers + 1, {"domains", "a.example\n"});
  Unpacked got;
  const auto read = unpack_bytes(tar_of(many, Packing::gzip), "tar", got);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Errc::too_large);
}
