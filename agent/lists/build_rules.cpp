#include "agent/lists/build_rules.hpp"

#include <algorithm>
#include <utility>

#include "agent/lists/file_digests.hpp"

namespace fairlead::agent::lists {
namespace {

using rules::catalog::Catalog;
using rules::catalog::has_error;
using rules::catalog::ListSource;
using rules::catalog::Problem;
using rules::catalog::problem_at;
using rules::match::ListInput;
using rules::policy::Rules;
using Problems = std::vector<Problem>;

constexpr std::uint64_t kMostLostPercent = 20;

void tell(Problem::Kind kind, std::string text, Problems& problems) {
  problems.push_back({kind, "", 0, 0, std::move(text)});
}

/// Step two: every line that was taken is found again.
void check_proof(const rules::match::Proof& proof, Problems& problems) {
  if (proof.missing == 0) return;
  for (const std::string& line : proof.first) tell(Problem::Kind::error, line + ": lost by the compiler", problems);
  tell(Problem::Kind::error,
       std::to_string(proof.missing) + " lines were lost by the compiler; this is a fault of Fairlead", problems);
}

/// Step four: a list that has shrunk is rather broken than mended.
void compare_sizes(const rules::match::FileView& before, const rules::match::Ruleset& after, Problems& problems) {
  const auto now = after.lists();
  for (const auto& list : rules::match::Ruleset::lists_in(before)) {
    const auto same = std::find_if(now.begin(), now.end(), [&](const auto& other) { return other.id == list.id; });
    const std::uint64_t lines = same == now.end() ? 0 : same->lines;
    if (lines * 100 >= list.lines * (100 - kMostLostPercent)) continue;
    const std::string had = " of the " + std::to_string(list.lines) + " lines in force";
    tell(Problem::Kind::error,
         "list '" + list.id + "' has " + (lines == 0 ? "none" + had : "only " + std::to_string(lines) + had) +
             "; if that is meant, say --accept-loss",
         problems);
  }
}

/// What was compiled from the very same files and lists before: opened, and not compiled and tested again. The same
/// content in another layout is compiled anew, so that explanations name the lines as they are now.
std::shared_ptr<const Rules> reuse(const RulesetStore& store, const std::string& name,
                                   const rules::catalog::Loaded& loaded) {
  auto bytes = store.open(name);
  if (!bytes) return nullptr;
  const auto edited = rules::match::Ruleset::edited_files(*bytes);
  if (!edited || *edited != loaded.texts) return nullptr;
  Problems ignored;  // damaged, or of another version of Fairlead: it is compiled anew
  auto rules = Rules::open(loaded.catalog, std::move(*bytes), ignored);
  return rules && rules->ruleset_id() == name ? rules : nullptr;
}

void begin_step(const OnStep& on_step, std::string_view step) {
  if (on_step) on_step(step);
}

/// Steps two and three: the proof, and the tests in the files. built.rules stays null when something is wrong.
void prove_and_test(Catalog catalog, const std::vector<ListInput>& inputs, const rules::match::FileBytes& bytes,
                    const OnStep& on_step, BuiltRules& built) {
  begin_step(on_step, "looking for every line again");
  if (const auto view = rules::match::FileView::open(bytes)) {
    built.proof = rules::match::prove(**view, catalog, inputs, built.reports);
    check_proof(built.proof, built.problems);
  }
  begin_step(on_step, "running the tests in the files");
  auto rules = Rules::open(std::move(catalog), bytes, built.problems);
  if (rules) rules->examine(built.problems);
  if (!has_error(built.problems)) built.rules = std::move(rules);
}

/// What need not be compiled: the same sources as before, or those that an administrator has gone back from.
std::shared_ptr<const Rules> built_before(const BuildRequest& request, const rules::catalog::Loaded& loaded,
                                          const std::string& name, Problems& problems) {
  const RulesetStore& store = *request.rulesets;
  const bool as_current = request.keep == BuildRequest::Keep::as_current;
  if (as_current && store.held() == name) {
    if (auto rules = open_current(store)) {
      tell(Problem::Kind::warning,
           "an administrator has gone back from these files and lists; they come into force when one of them changes",
           problems);
      return rules;
    }
  }
  auto rules = reuse(store, name, loaded);
  if (rules && as_current && !store.make_current(name)) return nullptr;
  return rules;
}

/// The five steps on a disk.
void build_kept(const BuildRequest& request, rules::catalog::Loaded loaded, const std::vector<ListInput>& inputs,
                const std::string& name, BuiltRules& built) {
  const RulesetStore& store = *request.rulesets;
  begin_step(request.on_step, "compiling");
  const auto file = rules::policy::compile(loaded.catalog, loaded.texts, inputs, built.reports, built.problems);
  if (!file) return;
  const auto aside = store.put_aside(*file);
  if (!aside) {  // a full disk is no reason to filter by old rules: these live in memory
    tell(Problem::Kind::warning, aside.error().context, built.problems);
  }
  prove_and_test(std::move(loaded.catalog), inputs, aside ? aside->bytes : file->to_memory(), request.on_step, built);
  if (built.rules && !request.accept_loss) {
    if (auto bytes = store.open(store.current().value_or(""))) {
      const auto before = rules::match::FileView::open(*std::move(bytes));
      if (before) compare_sizes(**before, built.rules->ruleset(), built.problems);
    }
  }
  if (has_error(built.problems)) built.rules = nullptr;
  if (!aside) return;
  if (!built.rules) return store.drop(*aside);
  const bool as_current = request.keep == BuildRequest::Keep::as_current;
  if (auto kept = as_current ? store.adopt(*aside, name) : store.name(*aside, name); !kept) {
    tell(Problem::Kind::warning, kept.error().context, built.problems);
  }
}

}  // namespace

std::vector<ListInput> lists_in_use(const Catalog& catalog, const std::filesystem::path& config, const ListStore& lists,
                                    const std::vector<std::string>& candidates, Problems& problems) {
  std::vector<ListInput> inputs;
  for (const ListSource& source : catalog.lists) {
    if (rules::catalog::categories_fed_by(catalog, source.id).empty()) continue;
    std::filesystem::path path = source.is_remote() ? lists.list(source.id) : config / source.from;
    if (std::find(candidates.begin(), candidates.end(), source.id) != candidates.end())
      path = lists.candidate(source.id);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      const std::string mend = source.is_remote() ? "it was not fetched yet; run 'fairlead lists update'"
                                                  : "there is no file or folder " + path.string();
      problems.push_back(problem_at(catalog, source.at,
                                    source.is_remote() ? Problem::Kind::warning : Problem::Kind::error,
                                    "list '" + source.id + "': " + mend));
      continue;
    }
    auto edition = sha256_of_tree(path);
    if (!edition) {
      problems.push_back(
          problem_at(catalog, source.at, Problem::Kind::error, "list '" + source.id + "': " + edition.error().context));
      continue;
    }
    inputs.push_back({&source, std::move(path), *std::move(edition)});
  }
  return inputs;
}

BuiltRules build_rules(const BuildRequest& request) {
  BuiltRules built;
  auto loaded = rules::catalog::load_folder(request.config);
  const bool usable = loaded.usable();
  built.problems = std::move(loaded.problems);
  if (!usable) return built;
  const auto inputs = lists_in_use(loaded.catalog, request.config, *request.lists, request.candidates, built.problems);
  if (has_error(built.problems)) return built;

  const std::string name = rules::policy::content_hash(loaded.catalog, inputs);
  built.rules = built_before(request, loaded, name, built.problems);
  built.was_there = built.rules != nullptr;
  if (built.was_there) return built;
  if (request.keep != BuildRequest::Keep::nothing) {
    build_kept(request, std::move(loaded), inputs, name, built);
  } else {
    build_in_memory(std::move(loaded.catalog), loaded.texts, inputs, request.on_step, built);
  }
  return built;
}

Error refusal_of(const BuiltRules& built) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  std::size_t errors = 0;
  for (const Problem& problem : built.problems) {
    if (problem.kind != Problem::Kind::error) continue;
    if (++errors <= kNamed) text += (text.empty() ? "" : "; ") + to_string(problem);
  }
  if (errors > kNamed) text += "; and " + std::to_string(errors - kNamed) + " more";
  return {Errc::test_failed, Side::upstream, std::move(text)};
}

void build_in_memory(Catalog catalog, const rules::catalog::Texts& edited, const std::vector<ListInput>& inputs,
                     const OnStep& on_step, BuiltRules& built) {
  begin_step(on_step, "compiling");
  const auto file = rules::policy::compile(catalog, edited, inputs, built.reports, built.problems);
  if (file) prove_and_test(std::move(catalog), inputs, file->to_memory(), on_step, built);
}

Result<std::shared_ptr<const Rules>> open_ruleset(rules::match::FileBytes bytes) {
  auto edited = rules::match::Ruleset::edited_files(bytes);
  if (!edited) return tl::unexpected(std::move(edited).error());
  auto loaded = rules::catalog::load_texts(*std::move(edited));
  Problems problems = std::move(loaded.problems);
  std::shared_ptr<const Rules> rules;
  if (!has_error(problems)) rules = Rules::open(std::move(loaded.catalog), std::move(bytes), problems);
  if (rules) return rules;
  const auto first = std::find_if(problems.begin(), problems.end(),
                                  [](const Problem& problem) { return problem.kind == Problem::Kind::error; });
  return fail(Errc::bad_file, Side::local, first == problems.end() ? "it does not open" : to_string(*first));
}

std::shared_ptr<const Rules> open_current(const RulesetStore& rulesets) {
  auto bytes = rulesets.open(rulesets.current().value_or(""));
  if (!bytes) return nullptr;
  return open_ruleset(std::move(*bytes)).value_or(nullptr);
}

}  // namespace fairlead::agent::lists
