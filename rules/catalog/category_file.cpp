#include "rules/catalog/category_file.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/fields.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::string_view kExampleNames = "example";  // RFC 2606: names that nobody can own

std::string_view folder_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view folder = name.substr(0, slash);
  return folder.substr(folder.rfind('/') + 1);
}

/// Ids of one kind of rule: each may stand for one rule only, because events name a rule by its id.
class RuleIds {
 public:
  explicit RuleIds(Problems& problems) : problems_(problems) {}

  std::string read(const Fields& fields) {
    const YamlNode* node = fields.require("id");
    if (node == nullptr) return {};
    std::optional<std::string> id = read_id(*node, "id", problems_);
    if (!id) return {};
    const auto [first, is_new] = lines_.emplace(*id, node->at.line);
    if (!is_new) {
      problems_.error(node->at, "the id " + in_quotes(*id) + " is taken (line " + std::to_string(first->second) +
                                    "); give this rule its own");
    }
    return *id;
  }

 private:
  Problems& problems_;  // outlives this object: both live in read_category()'s call
  std::map<std::string, std::uint32_t> lines_;
};

PatternRule read_pattern(const YamlNode& node, RuleIds& ids, Problems& problems) {
  const Fields fields(node, kPatternKeys, "a pattern", problems);
  PatternRule rule;
  rule.at = node.at;
  if (!fields.is_map()) return rule;
  rule.id = ids.read(fields);
  rule.re2 = fields.text("re2");
  rule.where = fields.required_choice("in", kWheres, Where::host);
  rule.because = fields.optional_text("because");
  if (rule.because.empty()) {
    problems.warning(node.at, "the pattern " + in_quotes(rule.id) + " does not say why it is there; add 'because'");
  }
  return rule;
}

SearchRule read_search(const YamlNode& node, RuleIds& ids, Problems& problems) {
  const Fields fields(node, kSearchKeys, "a search", problems);
  SearchRule rule;
  rule.at = node.at;
  if (!fields.is_map()) return rule;
  rule.id = ids.read(fields);
  rule.re2 = fields.text("re2");
  return rule;
}

std::optional<std::string> read_hash(const YamlNode& node, Problems& problems) {
  constexpr std::size_t kHexDigits = 64;
  const std::optional<std::string> text = read_text(node, "a hashed host", problems);
  if (!text) return std::nullopt;
  const auto is_hex = [](char c) { return text::hex_value(c) >= 0; };
  if (text->size() == kHexDigits && std::all_of(text->begin(), text->end(), is_hex)) return text::lower(*text);
  problems.error(node.at, in_quotes(*text) +
                              " is not a SHA-256; write 64 hexadecimal digits: printf 'fairlead:%s' HOST | sha256sum");
  return std::nullopt;
}

/// Ids count over `block` and `allow` of one category.
struct TakenIds {
  RuleIds patterns, searches;
};

void read_rules(const YamlNode& node, bool is_block, TakenIds& ids, Problems& problems, RuleLists& rules) {
  const Words keys = is_block ? Words(kBlockKeys) : Words(kAllowKeys);
  const Breadth breadth = is_block ? Breadth::owned_names : Breadth::closed_registries;
  const Fields fields(node, keys, is_block ? "'block'" : "'allow'", problems);
  rules.hosts = read_hosts(fields, "hosts", breadth, problems);
  for (const YamlNode& item : fields.list("paths")) {
    if (auto rule = read_path(item, problems)) {
      rules.paths.push_back({std::move(rule->host), std::move(rule->path), item.at});
    }
  }
  for (const YamlNode& item : fields.list("patterns"))
    rules.patterns.push_back(read_pattern(item, ids.patterns, problems));
  for (const YamlNode& item : fields.list("searches"))
    rules.searches.push_back(read_search(item, ids.searches, problems));
  if (!is_block) return;
  for (const YamlNode& item : fields.list("hashed_hosts")) {
    if (auto hash = read_hash(item, problems)) rules.hashed_hosts.push_back({std::move(*hash), item.at});
  }
}

std::vector<TestUrl> read_test_urls(const Fields& tests, std::string_view key, Problems& problems) {
  std::vector<TestUrl> urls;
  for (const YamlNode& item : tests.list(key)) {
    if (auto address = read_test_url(item, problems)) urls.push_back({std::move(*address), item.at});
  }
  return urls;
}

std::vector<std::string> read_ids(const Fields& fields, std::string_view key, Problems& problems) {
  std::vector<std::string> ids;
  for (const YamlNode& item : fields.list(key)) {
    auto id = read_id(item, key, problems);
    if (!id) continue;
    if (std::find(ids.begin(), ids.end(), *id) != ids.end()) {
      problems.error(item.at, in_quotes(*id) + " stands twice in " + in_quotes(key) + "; delete one");
      continue;
    }
    ids.push_back(std::move(*id));
  }
  return ids;
}

void check_help(const Fields& fields, const std::vector<std::string>& signposts, Problems& problems) {
  for (const YamlNode& item : fields.list("help")) {
    const std::string& id = item.text;
    if (id.empty() || id == kLeadSignpost || std::find(signposts.begin(), signposts.end(), id) != signposts.end())
      continue;
    problems.error(item.at, in_quotes(id) + " is not in signposts.yaml" + mend(id, signposts));
  }
}

void check_lists(const Fields& fields, const std::vector<std::string>& lists, Problems& problems) {
  for (const YamlNode& item : fields.list("lists")) {
    if (item.text.empty() || std::find(lists.begin(), lists.end(), item.text) != lists.end()) continue;
    problems.error(item.at, in_quotes(item.text) + " is not in lists.yaml" + mend(item.text, lists));
  }
}

void check_name(const Fields& fields, const Category& category, std::string_view name, Problems& problems) {
  const std::string_view stem = stem_of(name);
  if (const YamlNode* node = fields.find("category"); node != nullptr && !category.id.empty() && category.id != stem) {
    problems.error(node->at, "category " + in_quotes(category.id) + " stands in the file " +
                                 in_quotes(std::string(stem) + ".yaml") + "; write " + in_quotes(stem) +
                                 ", or rename the file");
  }
  const std::string_view folder = folder_of(name);
  if (const YamlNode* node = fields.find("risk");
      node != nullptr && node->text != folder && std::find(kRisks.begin(), kRisks.end(), node->text) != kRisks.end()) {
    problems.error(node->at, "risk " + in_quotes(node->text) + " stands in the folder " + in_quotes(folder) +
                                 "; write " + in_quotes(folder) + ", or move the file to " +
                                 in_quotes(node->text + "/"));
  }
}

/// A readable file of the worst places would be a directory to them.
void check_opaque(const Category& category, Problems& problems) {
  const auto check = [&](std::string_view host, Position at) {
    if (text::is_host_or_below(host, kExampleNames)) return;
    problems.error(at, "an opaque category names no real place " + in_quotes(host) +
                           "; keep to names under '.example' here and feed the "
                           "real ones from 'hashed_hosts' or a list");
  };
  for (const HostRule& rule : category.block.hosts) check(rule.host, rule.at);
  for (const PathRule& rule : category.block.paths) check(rule.host, rule.at);
  url::CanonicalUrl address;
  for (const TestUrl& test : category.must_block) {
    // A search names an engine, not the place that is searched for.
    if (address.assign(test.url) && address.query().empty()) check(address.host(), test.at);
  }
}

}  // namespace

std::string_view stem_of(std::string_view name) {
  name.remove_prefix(name.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

Category read_category(const YamlNode& root, std::string_view name, const KnownSignposts& signposts,
                       const KnownLists& lists, Problems& problems) {
  const Fields fields(root, kCategoryKeys, "a category", problems);
  Category category;
  category.at = root.at;
  if (const YamlNode* node = fields.require("category"))
    category.id = read_id(*node, "category", problems).value_or("");
  category.title = fields.text("title");
  category.says = fields.text("says");
  category.risk = fields.required_choice("risk", kRisks, Risk::content);
  category.severity = fields.required_choice("severity", kSeverities, Severity::critical);
  category.record = fields.choice("record", kRecords, Record::host);
  category.review = fields.choice("review", kReviews, Review::none);
  category.quiet = fields.truth("quiet", false);
  category.opaque = fields.truth("opaque", false);
  category.statutory = fields.truth("statutory", false);
  category.help = read_ids(fields, "help", problems);
  category.lists = read_ids(fields, "lists", problems);
  if (signposts) check_help(fields, *signposts, problems);
  if (lists) check_lists(fields, *lists, problems);
  TakenIds ids{RuleIds(problems), RuleIds(problems)};
  if (const YamlNode* node = fields.find("block")) read_rules(*node, true, ids, problems, category.block);
  if (const YamlNode* node = fields.find("allow")) read_rules(*node, false, ids, problems, category.allow);
  if (const YamlNode* node = fields.require("tests")) {
    const Fields tests(*node, kTestsKeys, "'tests'", problems);
    category.must_block = read_test_urls(tests, "must_block", problems);
    category.must_allow = read_test_urls(tests, "must_allow", problems);
  }
  check_name(fields, category, name, problems);
  if (category.opaque) check_opaque(category, problems);
  const YamlNode* help = fields.find("help");
  const bool names_no_help = help == nullptr || (help->kind == YamlNode::Kind::list && help->children.empty());
  if (category.severity >= Severity::high && names_no_help && fields.find("severity") != nullptr) {
    problems.error(category.at, "a category of severity " + std::string(to_string(category.severity)) +
                                    " must show where help is; add 'help' with ids from signposts.yaml");
  }
  return category;
}

}  // namespace fairlead::rules::catalog
