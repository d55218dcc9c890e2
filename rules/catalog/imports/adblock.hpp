#pragma once
// Adblock lists: two passes over the lines, because a "$badfilter" anywhere in a list cancels a filter above or below
// it. Inside this room only; one thread.

#include <memory>
#include <string>
#include <unordered_set>

#include "rules/catalog/imports/line_importer.hpp"

namespace fairlead::rules::catalog {

/// Texts of filters that a $badfilter line cancels.
using CancelledFilters = std::unordered_set<std::string>;

/// First pass: collects what is cancelled. `cancelled` outlives what is made.
[[nodiscard]] std::unique_ptr<LineImporter> make_cancelled_filters_reader(CancelledFilters& cancelled);

/// Second pass: tells the sink. Both outlive what is made.
///
/// "||example.org^" without options is a host. "@@||example.org^$document" means that nothing on the pages of
/// example.org is blocked: it becomes two exceptions, one for the page itself and one with an empty pattern for
/// whatever is asked for by pages of example.org (Filter::domains).
[[nodiscard]] std::unique_ptr<LineImporter> make_adblock_importer(const CancelledFilters& cancelled, ListSink& sink);

/// The importer of any format of lines; for UT1 the one of `urls`, which takes hosts as well.
/// cancelled  for adblock alone.
[[nodiscard]] std::unique_ptr<LineImporter> make_line_importer(ListFormat format, const CancelledFilters& cancelled,
                                                               ListSink& sink);

}  // namespace fairlead::rules::catalog
