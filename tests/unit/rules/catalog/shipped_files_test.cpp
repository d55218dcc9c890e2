// The files that this project ships are read by its own rules.

#include <doctest/doctest.h>

#include "rules/catalog/lint.hpp"
#include "rules/catalog/load.hpp"

using namespace fairlead::rules::catalog;

TEST_CASE("categories/: loads without error or warning, and lint has nothing to say") {
  const Loaded loaded = load_folder(std::string(FAIRLEAD_SOURCE_DIR) + "/categories");
  for (const Problem& problem : loaded.problems) CHECK_MESSAGE(false, to_string(problem));
  for (const Problem& problem : lint(loaded.catalog)) CHECK_MESSAGE(false, to_string(problem));
  CHECK(loaded.catalog.categories.size() == 33);
}
