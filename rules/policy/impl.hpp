#pragma once
// What a Rules holds; shared by the files of this room and by nobody else.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/load.hpp"
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
  std::unique_ptr<const match::Ruleset> ruleset;
  match::HostTable protected_hosts;       // → catalog.protected_services
  std::vector<ExceptionRule> exceptions;  // as catalog.policy.exceptions
  match::HostTable exception_hosts;       // → exceptions
  std::optional<Zone> zone;
  std::string id;
  bool builtin = false;
  std::vector<std::string> empty_statutory_slots;
};

using Problems = std::vector<catalog::Problem>;

/// Compiles, checks and indexes; null when there is an error among `problems`.
[[nodiscard]] std::unique_ptr<Rules::Impl> make_impl(catalog::Catalog catalog, Problems& problems);

[[nodiscard]] catalog::Problem problem_at(const catalog::Catalog& catalog, const catalog::Position& at,
                                          catalog::Problem::Kind kind, std::string text);
/// "conduct/gambling.yaml:12"
[[nodiscard]] std::string place_of(const catalog::Catalog& catalog, const catalog::Position& at);

/// "bet365.com" → "https://bet365.com/"; what holds a scheme stays as it is.
[[nodiscard]] std::string with_scheme(std::string_view host_or_url);

/// The rule that speaks for a category: the most exact of its matches, an allow rule before a block rule of the same
/// exactness; null when none matches.
[[nodiscard]] const match::Match* strongest_in(const match::Matches& matches, std::uint16_t category);

/// The in-file tests of one category, judged by its own rules `alone`.
void run_gate(const catalog::Catalog& catalog, std::uint16_t category, const match::Ruleset& alone, Problems& problems);

/// What contradicts the two highest levels: attempts to weaken a statutory category (errors), rules that a protected
/// service makes void (warnings). `impl` has its policy indexed; its ruleset is not asked.
void find_conflicts(const Rules::Impl& impl, std::uint16_t category, const match::Ruleset& alone, Problems& problems);

/// SHA-256 over everything that decides, as 64 hex digits; independent of positions, texts for people and file order.
[[nodiscard]] std::string content_hash(const catalog::Catalog& catalog);

}  // namespace fairlead::rules::policy
