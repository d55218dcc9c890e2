#pragma once
// The immutable snapshot that judges: ruleset, policy and the texts for pages, built from one catalog. Callers hold it
// by shared_ptr and swap the pointer; every method is const and usable from any number of threads.

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"
#include "rules/catalog/load.hpp"
#include "rules/match/compile.hpp"
#include "rules/match/context.hpp"
#include "rules/match/file/file_view.hpp"
#include "rules/match/ruleset.hpp"
#include "rules/policy/decision.hpp"
#include "rules/policy/inspection.hpp"
#include "rules/policy/person.hpp"
#include "rules/policy/safe_search.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::policy {

/// Compiles a catalog and its lists to a ruleset file; nothing when there is an error among `problems`.
/// edited   the files from which the catalog was read, to be kept in the ruleset; may be empty.
/// reports  receives what became of each list's lines.
/// Cost     a second a million names; little memory. Never on the event loop.
[[nodiscard]] std::optional<match::FileWriter> compile(const catalog::Catalog& catalog, const catalog::Texts& edited,
                                                       const std::vector<match::ListInput>& lists,
                                                       std::vector<match::ListReport>& reports,
                                                       std::vector<catalog::Problem>& problems);

/// Content hash of everything that decides, in a catalog and the lists that feed it: 64 hex digits. Independent of
/// positions, texts for people and the order of files. What compile() makes carries it.
[[nodiscard]] std::string content_hash(const catalog::Catalog& catalog, const std::vector<match::ListInput>& lists);

class Rules {
 public:
  /// Builds from a loaded catalog and the lists that feed it, in memory: compile(), open() and examine() in one. All
  /// failures are told at once in `problems`; the result is null when there is any error. Never on the event loop.
  [[nodiscard]] static std::shared_ptr<const Rules> build(catalog::Catalog catalog,
                                                          std::vector<catalog::Problem>& problems,
                                                          const std::vector<match::ListInput>& lists = {});

  /// Opens a compiled ruleset (compile.hpp) that was made from this catalog. Costs milliseconds.
  [[nodiscard]] static std::shared_ptr<const Rules> open(catalog::Catalog catalog, match::FileBytes ruleset,
                                                         std::vector<catalog::Problem>& problems);

  /// These rules with further exceptions laid over them, which rank with those of policy.yaml; the id stays.
  /// file     as explanations call it.
  /// text     its text (catalog/further_exceptions.hpp). What cannot be used with these rules is left out, and told as
  ///          a warning.
  /// Returns  null, with an error, only where the compiled ruleset does not open any more.
  [[nodiscard]] std::shared_ptr<const Rules> with_exceptions(const std::string& file, std::string_view text,
                                                             std::vector<catalog::Problem>& problems) const;

  /// Runs every in-file test (the gate), and looks for what contradicts the two highest levels.
  void examine(std::vector<catalog::Problem>& problems) const;

  /// The small built-in set for the high-severity categories, in force when nothing else loads. Never null.
  [[nodiscard]] static std::shared_ptr<const Rules> builtin_minimum();

  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;
  ~Rules();

  /// The verdict for this URL, group and moment: what the five levels say of it, of the addresses inside it, and of the
  /// name that its name looks like; an IP address in place of a name is refused unless the policy opens it. Pure; no
  /// allocation when no rule matches and nothing was searched for.
  /// A group that does not exist is judged as PolicyFile::unknown_group.
  [[nodiscard]] Decision decide(const url::CanonicalUrl& url, std::uint16_t group, std::chrono::sys_seconds now,
                                const match::Context& context = {}) const;

  /// Where a request to this URL's host is sent so that the engine there keeps to its safe mode. Pure, no allocation.
  /// It blocks nothing and opens nothing, so no level of precedence goes before it: a protected or excepted engine is
  /// held to its safe mode too, and only the group's `safe_search` lets it go. An address is nobody's host.
  /// A group that does not exist is judged as PolicyFile::unknown_group.
  [[nodiscard]] SafeSearch safe_search(const url::CanonicalUrl& url, std::uint16_t group) const;

  /// The verdict on another name of a host that was decided already, as a name server tells it: by the five levels
  /// alone. Rules of little weight, and all that are only counted, say nothing of an alias: allow, like what nothing
  /// speaks about.
  [[nodiscard]] Decision decide_alias(const url::CanonicalUrl& alias, std::uint16_t group,
                                      std::chrono::sys_seconds now) const;
  /// The verdict on an address that a name leads to: by the five levels alone.
  [[nodiscard]] Decision decide_address(const url::CanonicalUrl& address, std::uint16_t group,
                                        std::chrono::sys_seconds now) const;

  /// The group of a person: by name first, then by OS group, in file order; else PolicyFile::unknown_group.
  [[nodiscard]] std::uint16_t group_of(const Person& person) const;

  /// Whether the agent reads what is said inside TLS to this host, and why; the same for everybody.
  /// host   canonical.
  [[nodiscard]] Inspection inspection_of(std::string_view host, url::HostKind kind) const;

  [[nodiscard]] const catalog::Catalog& catalog() const;
  [[nodiscard]] const catalog::PolicyFile& policy() const { return catalog().policy; }
  [[nodiscard]] const catalog::Signpost* signpost(std::string_view id) const;
  /// Content hash of everything that decides: 64 hex digits. The same files and lists give the same id.
  [[nodiscard]] std::string_view ruleset_id() const;
  [[nodiscard]] bool is_builtin() const;
  /// Whether any filter asks for more than the URL: else nobody need find out.
  [[nodiscard]] bool asks_for_context() const;
  /// Whether the compiled ruleset was found damaged: it clears nothing of high severity any more.
  [[nodiscard]] bool is_damaged() const;
  [[nodiscard]] const match::Ruleset& ruleset() const;
  /// Statutory categories that hold no entry, by id.
  [[nodiscard]] const std::vector<std::string>& empty_statutory_slots() const;

  struct Impl;  // of this room alone

 private:
  explicit Rules(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Loads a folder and builds it without lists: the short way, for tests and for folders that name none.
struct LoadedRules {
  std::shared_ptr<const Rules> rules;  // null when there is an error
  std::vector<catalog::Problem> problems;
};
[[nodiscard]] LoadedRules load_rules(const std::filesystem::path& folder);

}  // namespace fairlead::rules::policy
