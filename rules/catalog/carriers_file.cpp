#include "rules/catalog/carriers_file.hpp"

#include <string>
#include <utility>
#include <vector>

#include "rules/catalog/fields.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"

namespace fairlead::rules::catalog {
namespace {

std::vector<std::string> names_of(std::vector<HostRule> rules) {
  std::vector<std::string> names;
  names.reserve(rules.size());
  for (HostRule& rule : rules) names.push_back(std::move(rule.host));
  return names;
}

/// Paths without a '/' at the end, so that "/" is "": the path and everything below it.
std::vector<std::string> read_paths(const Fields& fields, std::string_view key, Problems& problems) {
  std::vector<std::string> paths;
  for (const YamlNode& item : fields.list(key)) {
    auto path = read_text(item, key, problems);
    if (!path) continue;
    if (!path->starts_with('/')) {
      problems.error(item.at, in_quotes(*path) + " is no path; write " + in_quotes("/" + *path));
      continue;
    }
    while (path->ends_with('/')) path->pop_back();
    paths.push_back(std::move(*path));
  }
  return paths;
}

}  // namespace

void read_carriers(const YamlNode& root, Catalog& catalog, Problems& problems) {
  const Fields file(root, kCarriersFileKeys, "carriers.yaml", problems);
  (void)file.require("carriers");
  for (const YamlNode& item : file.list("carriers")) {
    const Fields fields(item, kCarrierKeys, "a carrier", problems);
    Carrier carrier;
    carrier.at = item.at;
    carrier.name = fields.text("name");
    (void)fields.require("hosts");
    carrier.hosts = names_of(read_hosts(fields, "hosts", Breadth::owned_names, problems));
    carrier.paths = read_paths(fields, "paths", problems);
    carrier.params = fields.texts("params");
    carrier.behind = read_paths(fields, "behind", problems);
    if (fields.is_map() && fields.find("params") == nullptr && fields.find("behind") == nullptr) {
      problems.error(item.at,
                     "a carrier needs 'params' or 'behind': the parameters, or the paths behind which an "
                     "address stands; add one");
    }
    catalog.carriers.push_back(std::move(carrier));
  }
  for (const YamlNode& item : file.list("mentions")) {
    const Fields fields(item, kMentionKeys, "an entry of 'mentions'", problems);
    Mention mention;
    mention.at = item.at;
    mention.hosts = names_of(read_hosts(fields, "hosts", Breadth::owned_names, problems));
    mention.paths = read_paths(fields, "paths", problems);
    mention.params = fields.texts("params");
    if (fields.is_map() && fields.find("hosts") == nullptr && fields.find("params") == nullptr) {
      problems.error(item.at,
                     "an entry of 'mentions' without 'hosts' needs 'params': on every site a whole page would "
                     "go unread; add them");
    }
    catalog.mentions.push_back(std::move(mention));
  }
}

}  // namespace fairlead::rules::catalog
