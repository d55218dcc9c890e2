#pragma once
// The record of processing: what is recorded about people, why, for how long, and who sees it, written from the
// settings in force, so that it cannot say something else than what is done. The organisation adds what only it can
// know: its legal basis, its data protection officer. Pure; usable from any thread.

#include <string>
#include <vector>

#include "agent/console/report/period.hpp"
#include "agent/pages/escape.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::console::report {

/// What alerts do, as far as people are concerned.
struct AlertSettings {
  bool mail = false, webhook = false;
  bool person = false, host = false;  // does the text say whose incident it is, and which site?
  std::vector<std::string> says;      // what else stands in it: "severity", "risk area"
  [[nodiscard]] bool any() const { return mail || webhook; }
};

struct ProcessingFacts {
  const rules::policy::Rules& rules;
  bool answers_https = false;
  AlertSettings alerts;
  Day today{};
};

[[nodiscard]] pages::Html processing_page(const ProcessingFacts& facts);

}  // namespace fairlead::agent::console::report
