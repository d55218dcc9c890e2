#include "rules/catalog/small_files.hpp"

#include <optional>
#include <string>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/fields.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"

namespace fairlead::rules::catalog {
namespace {

std::string read_optional_link(const Fields& fields, Problems& problems) {
  if (fields.optional_text("url").empty()) return {};
  return read_link(*fields.find("url"), "url", problems).value_or("");
}

}  // namespace

void read_protected(const YamlNode& root, Catalog& catalog, Problems& problems) {
  const Fields file(root, kProtectedFileKeys, "protected.yaml", problems);
  (void)file.require("protected");
  for (const YamlNode& item : file.list("protected")) {
    const Fields fields(item, kProtectedKeys, "an entry of 'protected'", problems);
    const std::string because = fields.text("because");
    (void)fields.require("hosts");
    for (HostRule& rule : read_hosts(fields, "hosts", Breadth::closed_registries, problems)) {
      catalog.protected_services.push_back({std::move(rule.host), because, rule.at});
    }
  }
  catalog.imitated = read_hosts(file, "imitated", Breadth::owned_names, problems);
}

std::vector<Signpost> read_signposts(const YamlNode& root, Problems& problems) {
  const Fields file(root, kSignpostsFileKeys, "signposts.yaml", problems);
  std::vector<Signpost> all;
  const YamlNode* signposts = file.require("signposts");
  if (signposts == nullptr || signposts->kind == YamlNode::Kind::broken) return all;
  if (signposts->kind != YamlNode::Kind::map) {
    problems.error(signposts->at, "'signposts' must be a map: an id and its entry, such as 'gamcare: {name: GamCare}'");
    return all;
  }
  for (const YamlNode& child : signposts->children) {
    YamlNode name;
    name.kind = YamlNode::Kind::text;
    name.at = child.key_at;
    name.text = child.key;
    (void)read_id(name, "signposts", problems);
    const Fields fields(child, kSignpostKeys, "the signpost " + in_quotes(child.key), problems);
    enum class Word : std::uint8_t { first };
    Signpost signpost;
    signpost.id = child.key;
    signpost.at = child.key_at;
    signpost.name = fields.text("name");
    signpost.kind =
        kSignpostKinds[static_cast<std::size_t>(fields.required_choice("kind", kSignpostKinds, Word::first))];
    signpost.audience = kAudiences[static_cast<std::size_t>(fields.choice("for", kAudiences, Word::first))];
    signpost.phone = fields.optional_text("phone");
    signpost.sms = fields.optional_text("sms");
    signpost.url = read_optional_link(fields, problems);
    all.push_back(std::move(signpost));
  }
  return all;
}

std::vector<SearchEngine> read_search_engines(const YamlNode& root, Problems& problems) {
  const Fields file(root, kEnginesFileKeys, "search_engines.yaml", problems);
  std::vector<SearchEngine> all;
  (void)file.require("engines");
  for (const YamlNode& item : file.list("engines")) {
    const Fields fields(item, kEngineKeys, "a search engine", problems);
    SearchEngine engine;
    engine.at = item.at;
    engine.name = fields.text("name");
    (void)fields.require("hosts");
    for (const YamlNode& host : fields.list("hosts")) {
      if (auto name = read_engine_host(host, problems)) engine.hosts.push_back(std::move(*name));
    }
    for (const YamlNode& path : fields.list("paths")) {
      const auto text = read_text(path, "paths", problems);
      if (!text) continue;
      if (text->starts_with('/'))
        engine.paths.push_back(*text);
      else
        problems.error(path.at, in_quotes(*text) + " is no path; write " + in_quotes("/" + *text));
    }
    (void)fields.require("params");
    engine.params = fields.texts("params");
    engine.within_site = fields.truth("within_site", false);
    all.push_back(std::move(engine));
  }
  return all;
}

}  // namespace fairlead::rules::catalog
