#include "agent/bundles/archive.hpp"

#include <doctest/doctest.h>

#include <archive.h>
#include <archive_entry.h>

#include "tests/unit/agent/lists/samples.hpp"

namespace fairlead::agent::bundles {
namespace {

using lists::read_file;
using lists::TemporaryFolder;
using lists::write_file;

struct Odd {
  std::string name, text, link{}, hard_link{};
  unsigned type = AE_IFREG;
};

/// As somebody else would make it.
void write_odd(const std::filesystem::path& to, const std::vector<Odd>& members, bool pax = false) {
  archive* writer = archive_write_new();
  pax ? archive_write_set_format_pax(writer) : archive_write_set_format_ustar(writer);
  REQUIRE(archive_write_open_filename(writer, to.c_str()) == ARCHIVE_OK);
  for (const Odd& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.text.size()));
    if (!member.link.empty()) archive_entry_set_symlink(entry, member.link.c_str());
    if (!member.hard_link.empty()) archive_entry_set_hardlink(entry, member.hard_link.c_str());
    if (pax) archive_entry_set_atime(entry, 1, 1);
    REQUIRE(archive_write_header(writer, entry) == ARCHIVE_OK);
    archive_write_data(writer, member.text.data(), member.text.size());
    archive_entry_free(entry);
  }
  archive_write_free(writer);
}

TEST_CASE("write_archive: the same files give the same bytes, whatever their order") {
  const TemporaryFolder folder;
  write_file(folder.path() / "list", "one.example\n");
  const Member about{"bundle.json", "{}", {}}, list{"lists/a/list", {}, folder.path() / "list"};
  REQUIRE(write_archive({about, list}, folder.path() / "one.tar"));
  REQUIRE(write_archive({list, about}, folder.path() / "two.tar"));
  CHECK(read_file(folder.path() / "one.tar") == read_file(folder.path() / "two.tar"));
  REQUIRE(read_archive(folder.path() / "one.tar", folder.path() / "out"));
  CHECK(read_file(folder.path() / "out/lists/a/list") == "one.example\n");
  // What was unpacked makes the same archive, until somebody changes it.
  const auto packed_again = [&] {
    const auto out = folder.path() / "out";
    REQUIRE(write_archive({{"bundle.json", {}, out / "bundle.json"}, {"lists/a/list", {}, out / "lists/a/list"}},
                          folder.path() / "again.tar"));
    return read_file(folder.path() / "again.tar");
  };
  CHECK(packed_again() == read_file(folder.path() / "one.tar"));
  write_file(folder.path() / "out/lists/a/list", "two.example\n");
  CHECK(packed_again() != read_file(folder.path() / "one.tar"));
}

TEST_CASE("write_archive: no file twice, and none of a name that may not be") {
  const TemporaryFolder folder;
  CHECK_FALSE(write_archive({{"a", "1", {}}, {"a", "2", {}}}, folder.path() / "x.tar"));
  CHECK_FALSE(write_archive({{"../a", "1", {}}}, folder.path() / "x.tar"));
  CHECK_FALSE(write_archive({{"a", {}, folder.path() / "gone"}}, folder.path() / "x.tar"));
}

TEST_CASE("is_member_name: parts between slashes, none of them hidden or a way out") {
  for (const char* good : {"a", "config/policy.yaml", "lists/a-b_c/list", "a/b c/d@e+f"}) CHECK(is_member_name(good));
  for (const char* bad : {"", "/etc/passwd", "../a", "a/../b", "a/./b", "a//b", "a/", ".hidden", "a/.b", "a\\b", "a\nb",
                          "caf\xc3\xa9", "a:b"})
    CHECK_MESSAGE(!is_member_name(bad), std::string(bad));
  CHECK_FALSE(is_member_name(std::string("a\0b", 3)));
  CHECK_FALSE(is_member_name(std::string(201, 'a')));
}

TEST_CASE("read_archive: nothing leads out of the folder, and nothing is more than a file") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "odd.tar", out = folder.path() / "in/out";
  const std::vector<std::vector<Odd>> cases = {{{"../escaped", "x"}},
                                               {{"/tmp/escaped", "x"}},
                                               {{"a/../../escaped", "x"}},
                                               {{"link", "", "/etc", {}, AE_IFLNK}, {"link/escaped", "x"}},
                                               {{"a", "x"}, {"hard", "", {}, "/etc/passwd"}},
                                               {{"folder", "", {}, {}, AE_IFDIR}},
                                               {{"pipe", "", {}, {}, AE_IFIFO}},
                                               {{"device", "", {}, {}, AE_IFCHR}},
                                               {{"twice", "x"}, {"twice", "y"}},
                                               {}};
  for (const auto& members : cases) {
    write_odd(file, members);
    std::filesystem::create_directories(out);
    const auto read = read_archive(file, out);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::bad_file);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "in/escaped"));
    CHECK_FALSE(std::filesystem::exists("/etc/escaped"));
    std::filesystem::remove_all(folder.path() / "in");
  }
}

TEST_CASE("read_archive: only the one kind of tar, and whole") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "odd.tar";
  write_odd(file, {{"a", "x"}}, true);
  CHECK_FALSE(read_archive(file, folder.path() / "pax"));
  write_file(file, "no archive at all, but long enough to be looked at " + std::string(2000, 'x'));
  CHECK_FALSE(read_archive(file, folder.path() / "none"));
  write_odd(file, {{"a", std::string(5000, 'x')}});
  write_file(file, read_file(file).substr(0, 3000));
  CHECK_FALSE(read_archive(file, folder.path() / "cut"));
}

TEST_CASE("read_archive: more files than may be are too many") {
  const TemporaryFolder folder;
  std::vector<Odd> many;
  for (std::size_t i = 0; i <= kMostFiles; ++i) many.push_back({"f" + std::to_string(i), ""});
  write_odd(folder.path() / "many.tar", many);
  const auto read = read_archive(folder.path() / "many.tar", folder.path() / "out");
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Errc::too_large);
}

}  // namespace
}  // namespace fairlead::agent::bundles
