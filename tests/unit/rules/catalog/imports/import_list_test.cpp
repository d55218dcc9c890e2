#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "tests/unit/new_folder.hpp"
#include "tests/unit/rules/catalog/imports/imported.hpp"
#include "tests/unit/rules/catalog/imports/packed.hpp"

using namespace fairlead::rules::catalog;
using fairlead::Errc;
namespace fs = std::filesystem;

namespace {

/// A folder of its own that goes with the test.
class Scratch {
 public:
  Scratch() = default;
  ~Scratch() { fs::remove_all(folder_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] fs::path put(const std::string& name, std::string_view bytes) const {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  [[nodiscard]] const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_ = fairlead::new_folder("fairlead-import");
};

std::string refusal(const fs::path& path, ListFormat format, std::string_view member = "") {
  Imported list;
  const auto read = import_list(path, format, member, list);
  REQUIRE_FALSE(read);
  CHECK(list.hosts.empty());
  return read.error().context;
}

const Members kUt1{{"blacklists/drugs/domains", "drugs.example\n203.0.113.7\n"},
                   {"blacklists/drugs/urls", "shop.example/drugs\n"},
                   {"blacklists/gambling/domains", "bet.example\n"},
                   {"blacklists/gambling/usage", "black\n"},
                   {"blacklists/gambling/urls", "shop.example/bet\n"},
                   {"blacklists/gambling/expressions", "(casino|poker)\n"},
                   {"blacklists/gambling/very_restrictive_expression", "x\n"}};

}  // namespace

TEST_CASE("import_list: a plain or packed file of lines") {
  const Scratch scratch;
  for (const auto& path :
       {scratch.put("a.txt", "a.example\n"), scratch.put("b.bin", packed("a.example\n", Packing::gzip)),
        scratch.put("c.xz", packed("a.example\n", Packing::xz))}) {
    Imported list;
    REQUIRE(import_list(path, ListFormat::domains, "", list));
    CHECK(list.hosts == Texts{"a.example"});
  }
}

TEST_CASE("import_list: one category of a UT1 archive") {
  const Scratch scratch;
  const auto path = scratch.put("all.tar.gz", tar_of(kUt1, Packing::gzip));
  Imported list;
  REQUIRE(import_list(path, ListFormat::ut1, "blacklists/gambling", list));
  CHECK(list.hosts == Texts{"bet.example"});
  CHECK(list.paths == Texts{"shop.example/bet"});
  CHECK(list.patterns == Texts{"url (casino|poker)"});
  CHECK(list.files ==
        Texts{"blacklists/gambling/domains", "blacklists/gambling/urls", "blacklists/gambling/expressions"});
}

TEST_CASE("import_list: without a name the first category is taken, whole and alone") {
  const Scratch scratch;
  const auto path = scratch.put("all.tar", tar_of(kUt1, Packing::none));
  Imported list;
  REQUIRE(import_list(path, ListFormat::ut1, "", list));
  CHECK(list.hosts == Texts{"drugs.example", "203.0.113.7"});
  CHECK(list.paths == Texts{"shop.example/drugs"});
}

TEST_CASE("import_list: a UT1 folder, its files packed or not") {
  const Scratch scratch;
  (void)scratch.put("gambling/domains.zst", packed("bet.example\n", Packing::zstd));
  (void)scratch.put("gambling/urls", "shop.example/bet\n");
  (void)scratch.put("gambling/usage", "black\n");
  for (const std::string member : {"gambling", "gambling/", ""}) {
    Imported list;
    REQUIRE(import_list(scratch.folder(), ListFormat::ut1, member, list));
    CHECK(list.hosts == Texts{"bet.example"});
    CHECK(list.paths == Texts{"shop.example/bet"});
  }
  Imported list;
  REQUIRE(import_list(scratch.folder() / "gambling", ListFormat::ut1, "", list));
  CHECK(list.hosts.size() + list.paths.size() == 2);
}

TEST_CASE("import_list: a member of an archive of lines, a file or a folder of files") {
  const Scratch scratch;
  const auto path = scratch.put("lists.tar", tar_of({{"x/README", "text\n"},
                                                     {"x/ads/one", "a.example\n"},
                                                     {"x/ads/two", "b.example\n"},
                                                     {"x/adsense", "c.example\n"}},
                                                    Packing::xz));
  Imported one;
  REQUIRE(import_list(path, ListFormat::domains, "x/ads/two", one));
  CHECK(one.hosts == Texts{"b.example"});
  Imported all;
  REQUIRE(import_list(path, ListFormat::domains, "x/ads", all));
  CHECK(all.hosts == Texts{"a.example", "b.example"});
}

TEST_CASE("import_list: badfilter holds over the whole list") {
  const Scratch scratch;
  const auto path =
      scratch.put("l.txt.zst", packed("||a.example^\n||b.example^\n||a.example^$badfilter\n", Packing::zstd));
  Imported list;
  REQUIRE(import_list(path, ListFormat::adblock, "", list));
  CHECK(list.hosts == Texts{"b.example"});
  CHECK(list.left_out.size() == 2);
}

TEST_CASE("import_list: what is no list is refused in words") {
  const Scratch scratch;
  CHECK(refusal(scratch.folder() / "none", ListFormat::domains) == "there is no such file or folder");
  CHECK(refusal(scratch.put("empty", ""), ListFormat::domains) == "the list is empty");
  CHECK(refusal(scratch.put("blank", "\n\n \n"), ListFormat::hosts) == "the list is empty");
  for (const std::string page : {"<!DOCTYPE html>\n<p>gone", "\xEF\xBB\xBF \n<HTML><p>gone", "<?xml version=\"1.0\"?>"})
    CHECK(refusal(scratch.put("page", page), ListFormat::domains).starts_with("this is an HTML page"));
  CHECK(refusal(scratch.put("page.gz", packed("<html>a.example\n", Packing::gzip)), ListFormat::adblock)
            .starts_with("this is an HTML page"));
  const auto archive = scratch.put("all.tar", tar_of(kUt1, Packing::none));
  CHECK(refusal(archive, ListFormat::ut1, "blacklists/poker").starts_with("there is no file domains"));
  CHECK(refusal(archive, ListFormat::domains, "poker") == "there is no such file or folder as 'member' names");
  CHECK(refusal(scratch.put("none.tar", tar_of({}, Packing::none)), ListFormat::domains) == "there is no file in it");
  CHECK(refusal(scratch.put("text", "a.example\n"), ListFormat::ut1).starts_with("this is no UT1 list"));
}
