#include "rules/catalog/safe_search_file.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/fields.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/url/host.hpp"

namespace fairlead::rules::catalog {
namespace {

class Reader {
 public:
  explicit Reader(Problems& problems) : problems_(problems) {}

  void read(const YamlNode& item) {
    const Fields fields(item, kSafeSearchKeys, "an engine", problems_);
    SafeSearchEngine engine;
    engine.at = item.at;
    read_name(fields, engine);
    read_hosts(fields, engine);
    read_to(fields, engine);
    read_parameter(fields, engine);
    engines_.push_back(std::move(engine));
  }

  /// Whoever is sent to a host that is itself sent elsewhere would not arrive where the file says.
  std::vector<SafeSearchEngine> finish() {
    for (const auto& [target, at] : targets_) {
      const auto found = engine_of_host_.find(text::without_www(target));
      if (found == engine_of_host_.end()) continue;
      problems_.error(at, in_quotes(target) + " is a host of " + in_quotes(found->second) +
                              " itself; write the host that keeps to the safe mode");
    }
    return std::move(engines_);
  }

 private:
  void read_name(const Fields& fields, SafeSearchEngine& engine) {
    const YamlNode* node = fields.require("id");
    const auto id = node == nullptr ? std::nullopt : read_id(*node, "id", problems_);
    if (!id) return;
    engine.id = *id;
    const auto is_same = [&](const SafeSearchEngine& other) { return other.id == *id; };
    if (std::any_of(engines_.begin(), engines_.end(), is_same)) {
      problems_.error(node->at, "the engine " + in_quotes(*id) + " is here already; join the two");
    }
  }

  void read_hosts(const Fields& fields, SafeSearchEngine& engine) {
    (void)fields.require("hosts");
    for (const YamlNode& node : fields.list("hosts")) {
      auto host = read_engine_host(node, problems_);
      if (!host) continue;
      const auto [first, is_new] = engine_of_host_.emplace(text::without_www(*host), engine.id);
      if (is_new) {
        engine.hosts.push_back(std::move(*host));
      } else {
        problems_.error(node.at, in_quotes(*host) + " is under " + in_quotes(first->second) +
                                     " already, with and without 'www.'; delete one");
      }
    }
  }

  void read_to(const Fields& fields, SafeSearchEngine& engine) {
    const YamlNode* node = fields.require("to");
    if (node == nullptr) return;
    if (node->kind != YamlNode::Kind::map) {
      engine.strict = engine.moderate = read_target(*node);
      return;
    }
    if (!engine.has_levels()) {
      problems_.error(node->at, "only 'youtube' has levels; write one host, such as 'to: safe.example.org'");
      return;
    }
    const Fields levels(*node, kLevelKeys, "'to'", problems_);
    if (const YamlNode* strict = levels.require("strict")) engine.strict = read_target(*strict);
    if (const YamlNode* moderate = levels.require("moderate")) engine.moderate = read_target(*moderate);
  }

  std::string read_target(const YamlNode& node) {
    auto host = read_host(node, Breadth::owned_names, problems_);
    if (!host) return {};
    std::string again;
    if (const auto kind = url::canonical_host(*host, again); !kind || *kind != url::HostKind::name) {
      problems_.error(
          node.at,
          in_quotes(*host) + " is an address, which its owner may move any day; write the name, which is looked up");
      return {};
    }
    targets_.emplace_back(*host, node.at);
    return std::move(*host);
  }

  /// "safe=active"
  void read_parameter(const Fields& fields, SafeSearchEngine& engine) {
    const YamlNode* node = fields.find("parameter");
    if (node == nullptr) return;
    const auto text = read_text(*node, "parameter", problems_);
    if (!text) return;
    const std::size_t equals = text->find('=');
    const auto is_plain = [](std::string_view part) {
      return !part.empty() &&
             std::all_of(part.begin(), part.end(), [](char c) { return text::is_alnum(c) || c == '-' || c == '_'; });
    };
    const std::string_view name = std::string_view(*text).substr(0, equals);
    const std::string_view value = equals == std::string::npos ? "" : std::string_view(*text).substr(equals + 1);
    if (!is_plain(name) || !is_plain(value)) {
      problems_.error(node->at, in_quotes(*text) + " is no parameter; write its name and value, such as 'safe=active'");
      return;
    }
    engine.parameter = name;
    engine.value = value;
  }

  Problems& problems_;  // outlives this object: both live in read_safe_search()
  std::vector<SafeSearchEngine> engines_;
  std::map<std::string, std::string, std::less<>> engine_of_host_;  // without "www."
  std::vector<std::pair<std::string, Position>> targets_;
};

}  // namespace

std::vector<SafeSearchEngine> read_safe_search(const YamlNode& root, Problems& problems) {
  const Fields file(root, kSafeSearchFileKeys, "safe_search.yaml", problems);
  (void)file.require("engines");
  Reader reader(problems);
  for (const YamlNode& item : file.list("engines")) reader.read(item);
  return reader.finish();
}

}  // namespace fairlead::rules::catalog
