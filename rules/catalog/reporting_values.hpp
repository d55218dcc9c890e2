#pragma once
// Where a concern goes after somebody has looked at it, as policy.yaml names it. Plain data.

#include <string>
#include <vector>

namespace fairlead::rules::catalog {

/// Empty fields are places that the organisation must fill in, and are not shown.
struct ReportingRoute {
  std::string id, title;
  std::string says;  // what to do, in the order in which to do it
  std::string contact, phone, email, url;
  std::vector<std::string> categories;  // offered for these alone; empty: for all
};

}  // namespace fairlead::rules::catalog
