// Any bytes as a category file, as policy.yaml, lists.yaml and safe_search.yaml: read or refused with a place, and what
// loads without error is whole.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rules/catalog/lint.hpp"
#include "rules/catalog/load.hpp"

namespace {

namespace catalog = fairlead::rules::catalog;

constexpr const char* kCategory =
    "category: gambling\ntitle: G\nrisk: conduct\nseverity: low\nsays: S\nblock: {hosts: [bet365.com]}\ntests: {}\n";
constexpr const char* kPolicy =
    "organisation: O\nversion: '1'\ngroups:\n  all: {title: A, actions: {gambling: block}, default: "
    "allow}\nunknown_person: all\n";

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const catalog::Loaded& loaded) {
  for (const catalog::Problem& problem : loaded.problems) {
    require(!problem.text.empty() && to_string(problem).find('\n') == std::string::npos);
    require((problem.line == 0) == (problem.column == 0));
  }
  if (!loaded.usable()) return;
  const catalog::PolicyFile& policy = loaded.catalog.policy;
  require(policy.unknown_group < policy.groups.size());
  for (const catalog::Group& group : policy.groups) {
    require(group.actions.size() == loaded.catalog.categories.size());
    for (const catalog::GroupAction& action : group.actions) {
      require(!action.schedule || *action.schedule < policy.schedules.size());
    }
  }
  for (const catalog::Category& category : loaded.catalog.categories) {
    require(category.id == "gambling" && !category.title.empty() && !category.says.empty());
    for (const catalog::HostRule& rule : category.block.hosts)
      require(rule.host.find('.') != std::string::npos || rule.host.find(':') != std::string::npos);
    for (const catalog::PathRule& rule : category.block.paths)
      require(rule.path.size() > 1 && rule.path.front() == '/');
  }
  for (const catalog::ListSource& list : loaded.catalog.lists) {
    require(!list.id.empty() && !list.title.empty() && !list.from.empty() && list.most_bytes > 0);
    require(!list.from.starts_with("http://") || !list.public_key.empty() || !list.sha256.empty());
  }
  for (const catalog::SafeSearchEngine& engine : loaded.catalog.safe_search)
    require(!engine.id.empty() && !engine.strict.empty() && !engine.moderate.empty());
  (void)catalog::lint(loaded.catalog);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(catalog::load_texts({{"conduct/gambling.yaml", text}, {"policy.yaml", kPolicy}}));
  check(catalog::load_texts({{"conduct/gambling.yaml", kCategory}, {"policy.yaml", text}}));
  check(catalog::load_texts({{"conduct/gambling.yaml", kCategory}, {"policy.yaml", kPolicy}, {"lists.yaml", text}}));
  check(catalog::load_texts(
      {{"conduct/gambling.yaml", kCategory}, {"policy.yaml", kPolicy}, {"safe_search.yaml", text}}));
  return 0;
}
