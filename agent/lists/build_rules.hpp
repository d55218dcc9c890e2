#pragma once
// From files and lists to rules that may come into force, in five steps: compile aside, prove that nothing was lost,
// run the in-file tests, compare the sizes of the lists, and only then make the result the current one. What is refused
// at any step leaves everything as it was. Blocks, seconds for millions of names; never on the event loop.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/lists/list_store.hpp"
#include "agent/lists/ruleset_store.hpp"
#include "rules/match/compile.hpp"
#include "rules/match/proof.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::lists {

/// Hears what begins, for people who wait; may be empty.
using OnStep = std::function<void(std::string_view step)>;

struct BuildRequest {
  std::filesystem::path config;
  const ListStore* lists;  // outlive the build
  const RulesetStore* rulesets;
  bool accept_loss = false;               // a list may have lost much of what it had, or be gone
  std::vector<std::string> candidates{};  // lists of which the candidate is taken, and not the accepted edition
  enum class Keep : std::uint8_t {
    nothing,    // nothing is written, and nothing becomes the current one
    for_later,  // what was compiled is kept under its name, so that it comes into force at once when it is asked for
    as_current,
  };
  Keep keep = Keep::as_current;
  OnStep on_step{};
};

struct BuiltRules {
  std::shared_ptr<const rules::policy::Rules> rules;  // null: refused, and `problems` says why
  std::vector<rules::catalog::Problem> problems;
  std::vector<rules::match::ListReport> reports;  // empty when nothing had to be compiled
  rules::match::Proof proof;
  bool was_there = false;  // the same files and lists had been compiled before
};

[[nodiscard]] BuiltRules build_rules(const BuildRequest& request);

/// Why nothing came of a build: its errors, the first of them by name.
[[nodiscard]] Error refusal_of(const BuiltRules& built);

/// The same without a disk, of a catalog that is there already: for a look at what would be. Adds to `built`.
/// inputs  point into the catalog's lists.
void build_in_memory(rules::catalog::Catalog catalog, const rules::catalog::Texts& edited,
                     const std::vector<rules::match::ListInput>& inputs, const OnStep& on_step, BuiltRules& built);

/// A compiled ruleset with the files that it was made from: for a start at which nothing new can be built, for going
/// back, and for explaining old events. Errors: bad_file.
[[nodiscard]] Result<std::shared_ptr<const rules::policy::Rules>> open_ruleset(rules::match::FileBytes bytes);
/// The current one of a store; null when there is none that opens.
[[nodiscard]] std::shared_ptr<const rules::policy::Rules> open_current(const RulesetStore& rulesets);

/// The lists that some category names, where they lie, and which edition it is. A list that is not here yet is told as
/// a warning.
[[nodiscard]] std::vector<rules::match::ListInput> lists_in_use(const rules::catalog::Catalog& catalog,
                                                                const std::filesystem::path& config,
                                                                const ListStore& lists,
                                                                const std::vector<std::string>& candidates,
                                                                std::vector<rules::catalog::Problem>& problems);

}  // namespace fairlead::agent::lists
