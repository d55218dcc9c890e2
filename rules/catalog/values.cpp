#include "rules/catalog/values.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "rules/catalog/keys.hpp"

namespace fairlead::rules::catalog {
namespace {

template <class Enum>
std::string_view name_in(std::span<const std::string_view> names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace

std::string_view to_string(Risk value) { return name_in(kRisks, value); }
std::string_view to_string(Severity value) { return name_in(kSeverities, value); }
std::string_view to_string(Record value) { return name_in(kRecords, value); }
std::string_view to_string(Review value) { return name_in(kReviews, value); }
std::string_view to_string(Where value) { return name_in(kWheres, value); }
std::string_view to_string(Action value) { return name_in(kActions, value); }
std::string_view to_string(ListFormat value) { return name_in(kListFormats, value); }

std::vector<std::uint16_t> categories_fed_by(const Catalog& catalog, std::string_view list) {
  std::vector<std::uint16_t> fed;
  for (std::size_t i = 0; i < catalog.categories.size(); ++i) {
    const std::vector<std::string>& lists = catalog.categories[i].lists;
    if (std::find(lists.begin(), lists.end(), list) != lists.end()) fed.push_back(static_cast<std::uint16_t>(i));
  }
  return fed;
}

std::vector<std::string> category_ids(const Catalog& catalog) {
  std::vector<std::string> ids;
  ids.reserve(catalog.categories.size());
  for (const Category& category : catalog.categories) ids.push_back(category.id);
  return ids;
}

const Category* category_named(const Catalog& catalog, std::string_view id) {
  const auto at = std::find_if(catalog.categories.begin(), catalog.categories.end(),
                               [&](const Category& category) { return category.id == id; });
  return at == catalog.categories.end() ? nullptr : &*at;
}

std::vector<ListSource> sources_in_use(const Catalog& catalog) {
  std::vector<ListSource> used;
  std::copy_if(catalog.lists.begin(), catalog.lists.end(), std::back_inserter(used),
               [&](const ListSource& source) { return !categories_fed_by(catalog, source.id).empty(); });
  return used;
}

}  // namespace fairlead::rules::catalog
