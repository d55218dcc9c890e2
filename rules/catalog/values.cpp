#include "rules/catalog/values.hpp"

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

}  // namespace fairlead::rules::catalog
