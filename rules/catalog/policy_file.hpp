#pragma once
// Reads policy.yaml. Categories must have been read before, because groups speak about each of them. Inside this room
// only; pure, except that time zones come from the operating system's table.

#include <string>
#include <vector>

#include "rules/catalog/fields.hpp"
#include "rules/catalog/problem.hpp"
#include "rules/catalog/values.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {

struct KnownCategories {
  const std::vector<Category>& read;  // in the order in which actions are kept; outlives this value
  std::vector<std::string> broken;    // ids of files that could not be read: naming one is no second mistake
  [[nodiscard]] std::vector<std::string> ids() const;  // all of them
};

[[nodiscard]] PolicyFile read_policy(const YamlNode& root, const KnownCategories& categories, Problems& problems);

/// `reporting_routes`: where a concern goes after a review.
void read_reporting_routes(const Fields& root, const KnownCategories& categories, Problems& problems,
                           PolicyFile& policy);

/// `groups`, `unknown_person` and `exceptions`: the parts of policy.yaml that decide. Needs `schedules` and `time_zone`
/// in `policy`; fills in the rest.
void read_groups(const Fields& fields, const KnownCategories& categories, Problems& problems, PolicyFile& policy);

/// One of `exceptions`. policy: its groups and its time zone are read already.
[[nodiscard]] Exception read_exception(const YamlNode& node, const PolicyFile& policy, Problems& problems);

/// `upstream_proxy` of `network`.
void read_upstream_proxy(const Fields& network, Problems& problems, UpstreamProxy& proxy);

/// `alerts`: who is told of incidents. Needs `schedules` in `policy`; fills in `alerts`.
void read_alerts(const Fields& fields, const KnownCategories& categories, Problems& problems, PolicyFile& policy);

/// `cover`: what keeps the laptop's traffic on the filter.
void read_cover(const Fields& root, Problems& problems, Cover& cover);

}  // namespace fairlead::rules::catalog
