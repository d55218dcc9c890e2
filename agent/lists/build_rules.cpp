#include "agent/lists/build_rules.hpp"

#include <algorithm>
#include <utility>

#include "agent/lists/file_digests.hpp"

namespace fairlead::agent::lists {
namespace {

using rules::catalog::Catalog;
using rules::catalog::ListSource;
using rules::catalog::Problem;
using rules::match::ListInput;
using rules::policy::Rules;
using Problems = std::vector<Problem>;

constexpr std::uint64_t kMostLostPercent = 20;

bool has_error(const Problems& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return p.kind == Problem::Kind::error; });
}

void tell(Problem::Kind kind, const Catalog& catalog, const ListSource* source, std::string text, Problems& problems) {
  Problem problem{kind, "", 0, 0, std::move(text)};
  if (source != nullptr && source->at.file < catalog.files.size()) {
    problem.file = catalog.files[source->at.file];
    problem.line = source->at.line;
    problem.column = source->at.column;
  }
  problems.push_back(std::move(problem));
}

/// Step two: every line that was taken is found again.
void check_proof(const rules::match::Proof& proof, Problems& problems) {
  if (proof.missing == 0) return;
  for (const std::string& line : proof.first) {
    problems.push_back({Problem::Kind::error, "", 0, 0, line + ": lost by the compiler"});
  }
  problems.push_back({Problem::Kind::error, "", 0, 0,
                      std::to_string(proof.missing) + " lines were lost by the compiler; this is a fault of Fairlead"});
}

/// Step four: a list that has shrunk is rather broken than mended.
void compare_sizes(const rules::match::Ruleset& before, const rules::match::Ruleset& after, Problems& problems) {
  const auto now = after.lists();
  for (const auto& list : before.lists()) {
    const auto same = std::find_if(now.begin(), now.end(), [&](const auto& other) { return other.id == list.id; });
    const std::uint64_t lines = same == now.end() ? 0 : same->lines;
    if (lines * 100 >= list.lines * (100 - kMostLostPercent)) continue;
    const std::string had = " of the " + std::to_string(list.lines) + " lines in force";
    problems.push_back({Problem::Kind::error, "", 0, 0,
                        "list '" + list.id + "' has " +
                            (lines == 0 ? "none" + had : "only " + std::to_string(lines) + had) +
                            "; if that is meant, say --accept-loss"});
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
      tell(source.is_remote() ? Problem::Kind::warning : Problem::Kind::error, catalog, &source,
           "list '" + source.id + "': " + mend, problems);
      continue;
    }
    auto edition = sha256_of_tree(path);
    if (!edition) {
      tell(Problem::Kind::error, catalog, &source, "list '" + source.id + "': " + edition.error().context, problems);
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

  const RulesetStore& store = *request.rulesets;
  const std::string name = rules::policy::content_hash(loaded.catalog, inputs);
  if (request.keep && store.held() == name) {
    if (auto rules = open_current(store)) {
      tell(Problem::Kind::warning, loaded.catalog, nullptr,
           "an administrator has gone back from these files and lists; they come into force when one of them changes",
           built.problems);
      built.rules = std::move(rules);
      built.was_there = true;
      return built;
    }
  }
  if (auto rules = reuse(store, name, loaded)) {
    if (!request.keep || store.make_current(name)) {
      built.rules = std::move(rules);
      built.was_there = true;
      return built;
    }
  }
  const auto begin_step = [&](std::string_view step) {
    if (request.on_step) request.on_step(step);
  };
  begin_step("compiling");
  const auto file = rules::policy::compile(loaded.catalog, loaded.texts, inputs, built.reports, built.problems);
  if (!file) return built;
  const auto aside =
      request.keep ? store.put_aside(*file) : Result<RulesetStore::Aside>(fail(Errc::denied, Side::local, ""));
  if (request.keep && !aside) {  // a full disk is no reason to filter by old rules: these live in memory
    tell(Problem::Kind::warning, loaded.catalog, nullptr, aside.error().context, built.problems);
  }
  const rules::match::FileBytes bytes = aside ? aside->bytes : file->to_memory();
  begin_step("looking for every line again");
  if (const auto view = rules::match::FileView::open(bytes)) {
    built.proof = rules::match::prove(**view, loaded.catalog, inputs, built.reports);
    check_proof(built.proof, built.problems);
  }
  begin_step("running the tests in the files");
  auto rules = Rules::open(std::move(loaded.catalog), bytes, built.problems);
  if (rules) rules->examine(built.problems);
  if (rules && request.keep && !request.accept_loss) {
    if (const auto before = open_current(store)) {
      compare_sizes(before->ruleset(), rules->ruleset(), built.problems);
    }
  }
  if (has_error(built.problems)) {
    if (aside) store.drop(*aside);
    return built;
  }
  if (aside) {
    if (auto adopted = store.adopt(*aside, name); !adopted) {
      tell(Problem::Kind::warning, rules->catalog(), nullptr, adopted.error().context, built.problems);
    }
  }
  built.rules = std::move(rules);
  return built;
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
