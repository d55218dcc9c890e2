#include <algorithm>

#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/catalog/policy_file.hpp"

namespace fairlead::rules::catalog {

namespace {

ReportingRoute read_route(const Fields& fields, const std::vector<std::string>& known, Problems& problems) {
  ReportingRoute route;
  if (const YamlNode* id = fields.require("id")) route.id = read_id(*id, "id", problems).value_or("");
  route.title = fields.text("title");
  route.says = fields.text("says");
  route.contact = fields.optional_text("contact");
  route.phone = fields.optional_text("phone");
  route.email = fields.optional_text("email");
  if (!fields.optional_text("url").empty()) route.url = read_link(*fields.find("url"), "url", problems).value_or("");
  for (const YamlNode& category : fields.list("categories")) {
    auto id = read_id(category, "categories", problems);
    if (id && std::find(known.begin(), known.end(), *id) == known.end()) {
      problems.error(category.at, "there is no category " + in_quotes(*id) + mend(*id, known));
    } else if (id) {
      route.categories.push_back(std::move(*id));
    }
  }
  return route;
}

}  // namespace

void read_reporting_routes(const Fields& root, const KnownCategories& categories, Problems& problems,
                           PolicyFile& policy) {
  const std::vector<std::string> known = categories.ids();
  for (const YamlNode& item : root.list("reporting_routes")) {
    const Fields fields(item, kReportingRouteKeys, "a reporting route", problems);
    if (!fields.is_map()) continue;
    ReportingRoute route = read_route(fields, known, problems);
    const auto same = [&](const ReportingRoute& other) { return other.id == route.id; };
    if (std::any_of(policy.reporting_routes.begin(), policy.reporting_routes.end(), same)) {
      problems.error(item.at, "the reporting route " + in_quotes(route.id) + " is here a second time; join the two");
      continue;
    }
    if (route.contact.empty() && route.phone.empty() && route.email.empty() && route.url.empty()) {
      policy.placeholders.push_back(problems.files()[item.at.file] + ":" + std::to_string(item.at.line) +
                                    ": reporting route " + in_quotes(route.id) + " contact");
    }
    policy.reporting_routes.push_back(std::move(route));
  }
}

}  // namespace fairlead::rules::catalog
