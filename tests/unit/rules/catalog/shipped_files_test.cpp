// The files that this project ships are read by its own rules.

#include <doctest/doctest.h>

#include "rules/catalog/lint.hpp"
#include "rules/catalog/load.hpp"

using namespace fairlead::rules::catalog;

TEST_CASE("categories/: loads without error or warning, and lint has nothing to say") {
  const Loaded loaded = load_folder(std::string(FAIRLEAD_SOURCE_DIR) + "/categories");
  for (const Problem& problem : loaded.problems) CHECK_MESSAGE(false, to_string(problem));
  for (const Problem& problem : lint(loaded.catalog)) CHECK_MESSAGE(false, to_string(problem));
  CHECK(loaded.catalog.categories.size() == 34);
}

TEST_CASE("categories/: lists are described, and none is in use, so that nothing is fetched that nobody asked for") {
  Loaded loaded = load_folder(std::string(FAIRLEAD_SOURCE_DIR) + "/categories");
  CHECK(loaded.catalog.lists.size() > 3);
  CHECK(sources_in_use(loaded.catalog).empty());
  loaded.catalog.categories[2].lists = {loaded.catalog.lists[1].id};
  const auto used = sources_in_use(loaded.catalog);
  REQUIRE(used.size() == 1);
  CHECK(used[0].id == loaded.catalog.lists[1].id);
  CHECK(categories_fed_by(loaded.catalog, used[0].id) == std::vector<std::uint16_t>{2});
}
