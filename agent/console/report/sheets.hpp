#pragma once
// Sheets that leave the safeguarding lead's hands: the month for a tutorial (the viewer's figures too), and the year
// for the yearly review of the policy. Published figures only. Pure; usable from any thread.

#include <span>

#include "agent/console/report/published.hpp"
#include "agent/pages/escape.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::console::report {

/// "Most blocked kinds": to be pinned up or talked about.
[[nodiscard]] pages::Html tutorial_sheet(const Published& month);

struct ReviewFacts {
  Period year;
  Day today{};
  std::span<const Published> months;  // of the year
  const rules::policy::Rules& rules;
  Cover cover;
};
/// Categories, groups and what they are held to, exceptions in force, tests in the files, laptops covered, the year's
/// published figures, and room for a signature.
[[nodiscard]] pages::Html review_sheet(const ReviewFacts& facts);

}  // namespace fairlead::agent::console::report
