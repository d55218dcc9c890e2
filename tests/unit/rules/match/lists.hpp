#pragma once
// Lists written for one test, compiled with categories as the agent would.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalogs.hpp"
#include "rules/match/compile.hpp"
#include "rules/match/file/file_view.hpp"
#include "rules/match/proof.hpp"
#include "tests/unit/new_folder.hpp"

namespace fairlead::rules::match::test {

/// A folder that is gone with the test.
class ListFolder {
 public:
  ListFolder() = default;
  ~ListFolder() { std::filesystem::remove_all(path_); }
  ListFolder(const ListFolder&) = delete;
  ListFolder& operator=(const ListFolder&) = delete;
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_ = new_folder("fairlead-lists");
};

struct List {
  std::string id, text;
  catalog::ListFormat format = catalog::ListFormat::domains;
  std::vector<std::string> feeds;  // ids of categories
};

/// Everything that one compilation gives.
struct Compiled {
  explicit Compiled(std::vector<catalog::Category> categories, const std::vector<List>& lists)
      : catalog(catalog_of(std::move(categories))) {
    for (const List& list : lists) {
      catalog::ListSource source;
      source.id = list.id;
      source.format = list.format;
      catalog.lists.push_back(source);
      for (catalog::Category& category : catalog.categories) {
        for (const std::string& id : list.feeds) {
          if (id == category.id) category.lists.push_back(list.id);
        }
      }
    }
    for (std::size_t i = 0; i < lists.size(); ++i) {
      inputs.push_back({&catalog.lists[i], folder.write(lists[i].id + ".txt", lists[i].text), "x"});
    }
    Compiler compiler(catalog);
    for (std::size_t i = 0; i < catalog.categories.size(); ++i) {
      compiler.add_category(static_cast<std::uint16_t>(i), problems);
    }
    for (const ListInput& input : inputs) compiler.add_list(input, problems);
    bytes = compiler.finish("name", {{"a.yaml", "text"}}).to_memory();
    reports = compiler.reports();
    ruleset = std::move(Ruleset::open(bytes, catalog).value());
  }
  [[nodiscard]] Proof prove() const { return match::prove(*FileView::open(bytes).value(), catalog, inputs, reports); }
  /// "block list-file:line" of every rule that matches, sorted; "allow" for exceptions.
  [[nodiscard]] Names matches(std::string_view url, const Context& context = {}) const {
    Matches found;
    ruleset->classify(url_of(url), found, context);
    Names names;
    for (const Match& match : found.found) {
      names.push_back(std::string(match.rule.part == Part::block ? "block " : "allow ") +
                      catalog.categories[match.rule.category].id + " " + std::string(match.rule.file) + ":" +
                      std::to_string(match.rule.line));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  ListFolder folder;
  catalog::Catalog catalog;
  std::vector<ListInput> inputs;
  std::vector<catalog::Problem> problems;
  FileBytes bytes;
  std::vector<ListReport> reports;
  std::unique_ptr<const Ruleset> ruleset;
};

}  // namespace fairlead::rules::match::test
