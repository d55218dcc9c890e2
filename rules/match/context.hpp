#pragma once
// What is known about a request beside its URL: Adblock filters ask for it. A plain value.

#include <optional>
#include <string_view>

#include "rules/catalog/imports/filter.hpp"

namespace fairlead::rules::match {

/// Unknown is not "no": a filter that asks for what is not known blocks nothing, and an exception that does excuses,
/// unless it is for named pages only.
struct Context {
  std::string_view page_host;  // of the page that asks; empty: unknown. Canonical; a view into what the caller keeps.
  std::optional<catalog::ResourceType> type;
};

}  // namespace fairlead::rules::match
