#pragma once
// The pattern of an Adblock filter in the form that Filter keeps. Inside this room only; pure.

#include <optional>
#include <string_view>

#include "rules/catalog/imports/filter.hpp"
#include "rules/catalog/imports/import.hpp"

namespace fairlead::rules::catalog {

/// Writes anchors and pattern into `filter`, whose match_case must be set already.
///
/// pattern  between "@@" and '$', not an expression. Runs of '*' become one, those at the ends go; bytes over 0x7f are
///          percent-encoded, or the host punycoded, as the URL that is matched will be.
/// Returns  why it cannot be read.
[[nodiscard]] std::optional<Skipped> read_pattern(std::string_view pattern, Filter& filter);

/// "|ws://x" becomes "://x" for WebSockets: to a proxy they are http requests that ask for an upgrade. Call it behind
/// read_pattern().
void read_websocket_scheme(Filter& filter);

/// The raw host of a pattern that is "||host^" and nothing else; "" for others.
[[nodiscard]] std::string_view host_of(const Filter& filter);

/// True when the pattern holds for (nearly) every address: "*", "|http://", "/".
[[nodiscard]] bool is_everything(const Filter& filter);

}  // namespace fairlead::rules::catalog
