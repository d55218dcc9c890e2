#include "rules/policy/rules.hpp"

#include <algorithm>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/policy/impl.hpp"
#include "rules/url/public_suffix.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::has_error;
using catalog::Problem;

/// What the loader promises and decide() rests on; a catalog made in another way is checked as well.
void check_policy(const catalog::PolicyFile& policy, Problems& problems) {
  const auto refuse = [&](std::string text) {
    problems.push_back({Problem::Kind::error, "policy.yaml", 0, 0, std::move(text)});
  };
  if (!Zone::find(policy.time_zone)) {
    refuse("time_zone '" + policy.time_zone + "' is not known here; write one like Europe/London");
  }
  if (policy.unknown_group >= policy.groups.size())
    refuse("no group for unknown persons; name one in 'unknown_person'");
  for (const catalog::Group& group : policy.groups) {
    for (const catalog::GroupAction& action : group.actions) {
      if (action.schedule && *action.schedule >= policy.schedules.size()) {
        refuse("group '" + group.id + "' names a schedule that is not there; add it under 'schedules'");
      }
    }
  }
}

/// Names under .example are there for the in-file tests; they are nobody's list.
bool holds_entry(const catalog::RuleLists& lists) {
  const auto real = [](const auto& rule) { return !text::is_host_or_below(rule.host, "example"); };
  return !lists.hashed_hosts.empty() || !lists.patterns.empty() ||
         std::any_of(lists.hosts.begin(), lists.hosts.end(), real) ||
         std::any_of(lists.paths.begin(), lists.paths.end(), real);
}

void index_imitated(Rules::Impl& impl) {
  constexpr std::string_view kPhishing = "phishing-and-identity-theft";
  constexpr std::size_t kShortest = 4;  // shorter ones are words of many languages
  for (std::uint32_t i = 0; i < impl.catalog.imitated.size(); ++i) {
    const std::string& host = impl.catalog.imitated[i].host;
    impl.imitated_hosts.add(host, i);
    std::string label(label_of_owner(host));
    if (label.size() >= kShortest) impl.imitated_labels.push_back(std::move(label));
  }
  impl.imitated_hosts.seal();
  std::sort(impl.imitated_labels.begin(), impl.imitated_labels.end());
  for (const catalog::Category& category : impl.catalog.categories) {
    if (category.id == kPhishing) impl.phishing = &category;
  }
}

void index_policy(Rules::Impl& impl) {
  for (std::uint32_t i = 0; i < impl.catalog.protected_services.size(); ++i) {
    impl.protected_hosts.add(impl.catalog.protected_services[i].host, i);
  }
  impl.protected_hosts.seal();
  for (const catalog::Exception& exception : impl.catalog.policy.exceptions) {
    const bool whole_host = exception.path.empty() || exception.path == "/";
    impl.exception_hosts.add(exception.host, static_cast<std::uint32_t>(impl.exceptions.size()));
    impl.exceptions.push_back({match::PathRule(exception.host, whole_host ? "/" : exception.path),
                               whole_host ? exception.host : exception.host + exception.path, whole_host});
  }
  impl.exception_hosts.seal();
  impl.safe_search_hosts = SafeSearchHosts(impl.catalog.safe_search);
  impl.carriers = match::Carriers(impl.catalog, impl.ruleset->search_engines());
  index_imitated(impl);
  for (const catalog::Category& category : impl.catalog.categories) {
    if (category.statutory && !holds_entry(category.block)) impl.empty_statutory_slots.push_back(category.id);
  }
}

}  // namespace

std::string_view label_of_owner(std::string_view host) {
  const std::string_view owner = url::registrable_domain(host);
  return owner.substr(0, owner.find('.'));
}

std::string place_of(const catalog::Catalog& catalog, const catalog::Position& at) {
  return (at.file < catalog.files.size() ? catalog.files[at.file] : std::string("?")) + ":" + std::to_string(at.line);
}

Rules::Rules(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Rules::~Rules() = default;

std::optional<match::FileWriter> compile(const catalog::Catalog& catalog, const catalog::Texts& edited,
                                         const std::vector<match::ListInput>& lists,
                                         std::vector<match::ListReport>& reports, Problems& problems) {
  match::Compiler compiler(catalog);
  Problems found;
  check_policy(catalog.policy, found);
  for (std::size_t i = 0; i < catalog.categories.size(); ++i) {
    compiler.add_category(static_cast<std::uint16_t>(i), found);
  }
  for (const match::ListInput& list : lists) compiler.add_list(list, found);
  const bool refused = has_error(found);
  problems.insert(problems.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  if (refused) return std::nullopt;
  match::FileWriter file = compiler.finish(content_hash(catalog, lists), edited);
  reports = compiler.reports();
  return file;
}

std::shared_ptr<const Rules> Rules::build(catalog::Catalog catalog, Problems& problems,
                                          const std::vector<match::ListInput>& lists) {
  std::vector<match::ListReport> reports;
  const auto file = compile(catalog, {}, lists, reports, problems);
  if (!file) return nullptr;
  auto rules = open(std::move(catalog), file->to_memory(), problems);
  if (!rules) return nullptr;
  rules->examine(problems);
  return has_error(problems) ? nullptr : rules;
}

std::shared_ptr<const Rules> Rules::open(catalog::Catalog catalog, match::FileBytes ruleset, Problems& problems) {
  auto impl = make_impl(std::move(catalog), std::move(ruleset), problems);
  return impl ? std::shared_ptr<const Rules>(new Rules(std::move(impl))) : nullptr;
}

std::unique_ptr<Rules::Impl> make_impl(catalog::Catalog catalog, match::FileBytes ruleset, Problems& problems) {
  auto impl = std::make_unique<Rules::Impl>();
  impl->catalog = std::move(catalog);
  Problems found;
  check_policy(impl->catalog.policy, found);
  impl->bytes = std::move(ruleset);
  auto opened = match::Ruleset::open(impl->bytes, impl->catalog);
  if (!opened) found.push_back({Problem::Kind::error, "", 0, 0, opened.error().context});
  const bool refused = !found.empty();
  problems.insert(problems.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  if (refused) return nullptr;
  impl->ruleset = std::move(*opened);
  impl->zone = Zone::find(impl->catalog.policy.time_zone);
  impl->id = impl->ruleset->name();
  impl->asks_for_context = impl->ruleset->size().asks_for_context > 0;
  index_policy(*impl);
  return impl;
}

void Rules::examine(Problems& problems) const {
  run_gate(*impl_, problems);
  find_conflicts(*impl_, problems);
  impl_->ruleset->forget_programs();  // tests wake every pattern; the requests that come wake a few
}

std::uint16_t Rules::group_of(const Person& person) const {
  const std::vector<catalog::Group>& groups = policy().groups;
  const auto names = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  if (!person.name.empty()) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (names(groups[i].users, person.name)) return static_cast<std::uint16_t>(i);
    }
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto in_group = [&](const std::string& os_group) { return names(groups[i].os_groups, os_group); };
    if (std::any_of(person.os_groups.begin(), person.os_groups.end(), in_group)) return static_cast<std::uint16_t>(i);
  }
  return policy().unknown_group;
}

const catalog::Catalog& Rules::catalog() const { return impl_->catalog; }

const catalog::Signpost* Rules::signpost(std::string_view id) const {
  const auto found = std::find_if(impl_->catalog.signposts.begin(), impl_->catalog.signposts.end(),
                                  [&](const catalog::Signpost& signpost) { return signpost.id == id; });
  return found == impl_->catalog.signposts.end() ? nullptr : &*found;
}

std::string_view Rules::ruleset_id() const { return impl_->id; }
bool Rules::is_builtin() const { return impl_->builtin; }
bool Rules::asks_for_context() const { return impl_->asks_for_context; }
bool Rules::is_damaged() const { return impl_->ruleset->damaged(); }
const match::Ruleset& Rules::ruleset() const { return *impl_->ruleset; }
const std::vector<std::string>& Rules::empty_statutory_slots() const { return impl_->empty_statutory_slots; }

LoadedRules load_rules(const std::filesystem::path& folder) {
  catalog::Loaded loaded = catalog::load_folder(folder);
  LoadedRules result;
  const bool usable = loaded.usable();
  result.problems = std::move(loaded.problems);
  if (usable) result.rules = Rules::build(std::move(loaded.catalog), result.problems);
  return result;
}

}  // namespace fairlead::rules::policy
