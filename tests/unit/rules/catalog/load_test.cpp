#include "rules/catalog/load.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/unit/new_folder.hpp"
#include "tests/unit/rules/catalog/good_files.hpp"

using namespace fairlead::rules::catalog;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone at the end of the test.
class Folder {
 public:
  Folder() = default;
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  void write(const good::Files& files) const {
    for (const auto& [name, text] : files) write(name, text);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_ = fairlead::new_folder("fairlead-load");
};

std::string said_of(const Loaded& loaded) {
  std::string lines;
  for (const Problem& problem : loaded.problems) lines += to_string(problem) + "\n";
  return lines;
}

}  // namespace

TEST_CASE("load_folder: a good folder gives what load_texts gives") {
  const Folder folder;
  folder.write(good::files());
  folder.write("README.md", "not read");
  folder.write("schema/category.schema.json", "{}");
  const Loaded loaded = load_folder(folder.path());
  CHECK(said_of(loaded) == "");
  CHECK(loaded.usable());
  CHECK(loaded.catalog.files == load_texts(good::files()).catalog.files);
  CHECK(loaded.catalog.categories.size() == 2);
}

TEST_CASE("load_texts: the order of the files changes nothing") {
  good::Files reversed = good::files();
  std::reverse(reversed.begin(), reversed.end());
  const Catalog a = load_texts(good::files()).catalog;
  const Catalog b = load_texts(reversed).catalog;
  CHECK(a.files == b.files);
  REQUIRE(a.categories.size() == b.categories.size());
  for (std::size_t i = 0; i < a.categories.size(); ++i) CHECK(a.categories[i].id == b.categories[i].id);
}

TEST_CASE("load_folder: a folder that is not there is an error, not an empty policy") {
  const Loaded loaded = load_folder("/nonexistent/fairlead");
  CHECK_FALSE(loaded.usable());
  CHECK(said_of(loaded).find("the folder of categories cannot be read") != std::string::npos);
}

TEST_CASE("load_folder: a category that would silently not count is told of") {
  const Folder folder;
  folder.write(good::files());
  folder.write("conduct/piracy.yml", "category: piracy");
  folder.write("conduct/games.yaml.bak", "category: games");
  folder.write("polcy.yaml", "");
  folder.write("games.yaml", "category: games");
  CHECK(said_of(load_folder(folder.path())) ==
        "conduct/games.yaml.bak: warning: this is no category file and is not read; category files end in '.yaml'\n"
        "conduct/piracy.yml: error: category files end in '.yaml'; rename it to 'piracy.yaml'\n"
        "games.yaml: error: no such file belongs here; category files stand in content/, contact/ or conduct/\n"
        "polcy.yaml: error: no such file belongs here; rename it to 'policy.yaml'\n");
}

TEST_CASE("load_folder: what is no file cannot make loading wait") {
  const Folder folder;
  folder.write(good::files());
  const std::string make_pipe = "mkfifo '" + (folder.path() / "conduct" / "pipe.yaml").string() + "'";
  REQUIRE(std::system(make_pipe.c_str()) == 0);  // C++ has no pipes
  fs::create_directory(folder.path() / "contact");
  fs::create_directory(folder.path() / "contact" / "folder.yaml");
  CHECK(said_of(load_folder(folder.path())) ==
        "conduct/pipe.yaml: error: this is not a file; delete it, or put a file in its place\n"
        "contact/folder.yaml: error: this is not a file; delete it, or put a file in its place\n");
}

TEST_CASE("load_folder: a file over 4 MiB is refused by name") {
  const Folder folder;
  folder.write(good::files());
  folder.write("conduct/games.yaml", std::string((std::size_t{4} << 20U) + 1, '#'));
  CHECK(said_of(load_folder(folder.path())).find("conduct/games.yaml:1:1: error: the file is larger than 4 MiB") == 0);
}

TEST_CASE("load_texts: without policy or categories nothing is usable; the small files may be absent") {
  CHECK(good::said({}) ==
        "error: there is no category file in content/, contact/ or conduct/\n"
        "carriers.yaml: warning: this file is missing; of sites inside a translator's or a cache's address only whole "
        "URLs are seen\n"
        "policy.yaml: error: this file is missing; without it nobody belongs to a group\n"
        "protected.yaml: warning: this file is missing; no service is protected from broad rules\n"
        "safe_search.yaml: warning: this file is missing; no search engine is held to its safe mode\n"
        "search_engines.yaml: warning: this file is missing; rules on search words find nothing\n"
        "signposts.yaml: warning: this file is missing; block pages show no help\n");
  good::Files files = good::files();
  std::erase_if(files, [](const auto& file) {
    return file.first == "protected.yaml" || file.first == "signposts.yaml" || file.first == "search_engines.yaml" ||
           file.first == "safe_search.yaml" || file.first == "carriers.yaml";
  });
  CHECK(load_texts(files).usable());
}

TEST_CASE("load_texts: a broken category is one mistake; policy.yaml may go on naming it") {
  CHECK(good::said(good::with("conduct/gambling.yaml", "category: gambling", "category: [gambling")) ==
        "conduct/gambling.yaml:2:6: error: a ']' is missing, or a ',' between two entries\n");
  CHECK(
      good::said(good::with("conduct/gambling.yaml", "category: gambling", "category: gamblin")) ==
      "conduct/gambling.yaml:1:11: error: category 'gamblin' stands in the file 'gambling.yaml'; write 'gambling', or "
      "rename the file\n");
}

TEST_CASE("load_texts: all mistakes of all files are told at once, in order of file and line") {
  good::Files files = good::with("conduct/gambling.yaml", "severity: medium", "severity: hihg");
  for (auto& [name, text] : files) {
    if (name == "conduct/gambling.yaml") text.replace(text.find("record: path"), 12, "recrod: path");
    if (name == "policy.yaml") text.replace(text.find("gambling: observe"), 17, "gamblin: observe");
    if (name == "signposts.yaml") text.replace(text.find("kind: help"), 10, "kind: hotline");
    if (name == "protected.yaml") text.replace(text.find("gov.uk"), 6, "co.uk");
  }
  CHECK(
      good::said(files) ==
      "conduct/gambling.yaml:4:11: error: 'severity' cannot be 'hihg'; write 'low', 'medium', 'high' or 'critical'\n"
      "conduct/gambling.yaml:7:1: error: unknown key 'recrod'; write 'record'\n"
      "policy.yaml:24:25: error: the group 'staff' does not say what to do about 'gambling'; add 'gambling: block' (or "
      "observe, allow)\n"
      "policy.yaml:24:35: error: there is no category 'gamblin'; write 'gambling'\n"
      "protected.yaml:2:14: error: 'co.uk' stands for every name registered below it; write the names that are meant\n"
      "signposts.yaml:2:34: error: 'kind' cannot be 'hotline'; write 'help', 'report' or 'advice'\n");
}

TEST_CASE("load_texts: one category in two folders is told of") {
  good::Files files = good::files();
  std::string copy(good::kGambling);
  copy.replace(copy.find("risk: conduct"), 13, "risk: content");
  files.emplace_back("content/gambling.yaml", copy);
  CHECK(good::said(files) ==
        "content/gambling.yaml:1:1: error: the category 'gambling' is in 'conduct/gambling.yaml' already; delete one "
        "of the "
        "files\n");
}

TEST_CASE("load_texts: a file given twice is told of") {
  good::Files files = good::files();
  files.push_back(files.front());
  CHECK(good::said(files) == "conduct/gambling.yaml: error: this file is given twice\n");
}
