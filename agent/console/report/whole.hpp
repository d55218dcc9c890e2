#pragma once
// A report from the store to the finished page, for the console and for `fairlead report` alike. Blocks for the store.

#include <string>
#include <string_view>

#include "agent/console/report/gather.hpp"
#include "agent/console/report/processing_page.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console::report {

/// What a report is made from.
struct Source {
  const events::Records& store;
  const rules::policy::Rules& rules;
  Around around;
  bool answers_https = false;
  [[nodiscard]] Day today() const { return std::chrono::floor<std::chrono::days>(around.now); }
};

/// The report of a week, a term or some days.
[[nodiscard]] Result<pages::Html> whole_report(const Source& source, const Period& period);
[[nodiscard]] Result<std::string> whole_csv(const Source& source, const Period& period);
/// The tutorial sheet of a month; what the viewer sees too.
[[nodiscard]] Result<pages::Html> whole_month(const Source& source, const Period& month);
/// The sheet for the yearly review of the policy.
[[nodiscard]] Result<pages::Html> whole_year(const Source& source, const Period& year);
[[nodiscard]] pages::Html whole_processing(const Source& source);

/// The page as a document of its own, without the console around it.
[[nodiscard]] std::string document(std::string_view title, std::string_view organisation, const pages::Html& main);

}  // namespace fairlead::agent::console::report
