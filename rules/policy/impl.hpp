#pragma once
// What a Rules holds; shared by the files of this room and by nobody else.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/match/carriers.hpp"
#include "rules/match/host_table.hpp"
#include "rules/match/path_rule.hpp"
#include "rules/match/ruleset.hpp"
#include "rules/policy/rules.hpp"
#include "rules/policy/schedule.hpp"

namespace fairlead::rules::policy {

struct Rules::Impl {
  struct ExceptionRule {
    match::PathRule path;
    std::string name;  // host, or host and path
    bool whole_host;
  };

  catalog::Catalog catalog;  // first: everything below points into it
  match::FileBytes bytes;    // of the ruleset
  std::unique_ptr<const match::Ruleset> ruleset;
  match::HostTable protected_hosts;          // → catalog.protected_services
  std::vector<ExceptionRule> exceptions;     // as catalog.policy.exceptions
  match::HostTable exception_hosts;          // → exceptions
  SafeSearchHosts safe_search_hosts;         // → catalog.safe_search
  match::Carriers carriers;                  // → catalog
  match::HostTable imitated_hosts;           // → catalog.imitated
  std::vector<std::string> imitated_labels;  // what stands in front of their public suffixes, sorted
  const catalog::Category* phishing = nullptr;
  std::optional<Zone> zone;
  std::string id;
  bool builtin = false;
  bool asks_for_context = false;
  std::vector<std::string> empty_statutory_slots;
};

using Problems = std::vector<catalog::Problem>;

/// Checks and indexes what stands beside the ruleset; null when there is an error among `problems`.
[[nodiscard]] std::unique_ptr<Rules::Impl> make_impl(catalog::Catalog catalog, match::FileBytes ruleset,
                                                     Problems& problems);

/// "conduct/gambling.yaml:12"
[[nodiscard]] std::string place_of(const catalog::Catalog& catalog, const catalog::Position& at);

/// What the owner of a host has registered, without its public suffix: "example" of "www.example.co.uk".
[[nodiscard]] std::string_view label_of_owner(std::string_view host);

/// The rule that speaks for a category: the most exact of its matches, an allow rule before a block rule of the same
/// exactness; null when none matches.
[[nodiscard]] const match::Match* strongest_in(const match::Matches& matches, std::uint16_t category);

/// What the five levels say of a URL itself.
[[nodiscard]] Decision decide_by_levels(const Rules::Impl& impl, const url::CanonicalUrl& url,
                                        const match::HostSuffixes& suffixes, std::uint16_t group,
                                        std::chrono::sys_seconds now, const match::Context& context);

/// What a group does about a category at a moment.
[[nodiscard]] catalog::Action action_now(const Rules::Impl& impl, std::uint16_t group, std::size_t category,
                                         std::chrono::sys_seconds now);

/// The in-file tests of every category, each judged by the rules of its own category.
void run_gate(const Rules::Impl& impl, Problems& problems);

/// The statutory category inside which an exception would open something; null when there is none.
[[nodiscard]] const catalog::Category* statutory_category_of(const Rules::Impl& impl,
                                                             const catalog::Exception& exception);
/// Why such an exception is refused.
[[nodiscard]] std::string no_exception_inside(const catalog::Category& statutory);

/// What contradicts the two highest levels: attempts to weaken a statutory category (errors), rules that a protected
/// service makes void (warnings).
void find_conflicts(const Rules::Impl& impl, Problems& problems);

}  // namespace fairlead::rules::policy
