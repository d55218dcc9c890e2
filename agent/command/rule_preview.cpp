#include "agent/command/rule_preview.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "agent/command/folders.hpp"
#include "rules/catalog/lint.hpp"
#include "rules/match/difference.hpp"
#include "rules/policy/lint_lists.hpp"
#include "rules/policy/loosening.hpp"
#include "rules/url/as_typed.hpp"

namespace fairlead::agent::command {
namespace {

using rules::catalog::Problem;
using rules::catalog::Severity;
using rules::policy::Decision;
using rules::policy::Rules;

constexpr std::size_t kReplayed = 5000;  // the latest entries
constexpr std::size_t kRows = 100;
constexpr std::chrono::days kReplayedDays{30};

void add_line(std::uint64_t count, const std::vector<std::string>& first, const char* one, const char* many,
              const char* sign, std::vector<std::string>& lines) {
  if (count == 0) return;
  std::string line = std::to_string(count) + " " + (count == 1 ? one : many) + " " + sign + ": ";
  for (std::size_t i = 0; i < first.size(); ++i) line.append(i == 0 ? "" : ", ").append(first[i]);
  lines.push_back(line + (count > first.size() ? " ..." : ""));
}

std::string decision_words(const Decision& decision) {
  std::string text(to_string(decision.verdict));
  if (decision.level == rules::policy::Level::exception) return text + " by an exception";
  if (decision.category() != nullptr) text += ": " + decision.category()->title;
  return text;
}

bool is_critical(const Decision& decision) {
  const auto critical = [](const rules::policy::Candidate& candidate) {
    return candidate.category != nullptr && candidate.category->severity == Severity::critical;
  };
  return (decision.winner && critical(*decision.winner)) ||
         std::any_of(decision.losers.begin(), decision.losers.end(), critical);
}

/// A group that is gone, or that an event does not name, is judged as that of unknown persons.
std::uint16_t group_of(const Rules& rules, const std::string& id) {
  const auto& groups = rules.policy().groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].id == id) return static_cast<std::uint16_t>(i);
  }
  return rules.policy().unknown_group;
}

}  // namespace

lists::BuiltRules build_with(const std::filesystem::path& config, const std::filesystem::path& state,
                             std::string_view name, std::string text) {
  lists::BuiltRules built;
  auto on_disk = rules::catalog::load_folder(config);
  const auto edited = std::find_if(on_disk.texts.begin(), on_disk.texts.end(),
                                   [&](const auto& file_text) { return file_text.first == name; });
  if (edited != on_disk.texts.end()) edited->second = std::move(text);
  auto loaded = rules::catalog::load_texts(std::move(on_disk.texts));
  built.problems = std::move(loaded.problems);
  // What cannot be read from the disk at all is told by the first reading alone.
  for (Problem& problem : on_disk.problems) {
    const bool of_disk = problem.line == 0 && problem.kind == Problem::Kind::error;
    const auto same = [&](const Problem& other) { return to_string(other) == to_string(problem); };
    if (of_disk && std::none_of(built.problems.begin(), built.problems.end(), same))
      built.problems.push_back(std::move(problem));
  }
  if (has_error(built.problems)) return built;
  const lists::ListStore stored(lists_folder(config, state));
  const auto inputs = lists::lists_in_use(loaded.catalog, config, stored, {}, built.problems);
  if (has_error(built.problems)) return built;
  lists::build_in_memory(std::move(loaded.catalog), loaded.texts, inputs, {}, built);
  if (!built.rules) return built;
  for (auto more : {rules::catalog::lint(built.rules->catalog()), rules::policy::lint_lists(*built.rules)}) {
    std::copy_if(std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()),
                 std::back_inserter(built.problems), [&](const Problem& problem) { return problem.file == name; });
  }
  return built;
}

void compare_rules(const Rules& before, const Rules& after, console::Moment now, console::Preview& preview) {
  const auto difference = rules::match::compare(before.ruleset(), category_ids(before.catalog()), after.ruleset(),
                                                category_ids(after.catalog()));
  for (const auto& [id, category] : difference.categories) {
    console::Preview::Rules rules{id, {}};
    const auto both = [&](const auto& added, const auto& removed, const char* one, const char* many) {
      add_line(added.count, added.first, one, many, "more", rules.lines);
      add_line(removed.count, removed.first, one, many, "fewer", rules.lines);
    };
    both(category.hosts_added, category.hosts_removed, "host", "hosts");
    both(category.paths_added, category.paths_removed, "path", "paths");
    both(category.patterns_added, category.patterns_removed, "pattern", "patterns");
    preview.rules.push_back(std::move(rules));
  }
  for (const auto& one : rules::policy::loosened(before, after, std::chrono::floor<std::chrono::seconds>(now))) {
    preview.loosens.push_back(one.what);
  }
}

void replay_events(const events::Store& store, const Rules& before, const Rules& after, console::Moment now,
                   console::Preview& preview) {
  events::Filter filter;
  filter.since = now - kReplayedDays;
  filter.newest_first = true;
  filter.limit = kReplayed;
  const auto rows = store.list(filter);
  if (!rows) return;
  std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> changes;
  rules::url::CanonicalUrl url;
  for (const events::Stored& row : *rows) {
    const std::string& address = row.event.url.empty() ? row.event.host : row.event.url;
    if (address.empty() || !url.assign(rules::url::with_scheme(address))) continue;
    ++preview.replayed;
    const auto at = std::chrono::floor<std::chrono::seconds>(now);
    const Decision was = before.decide(url, group_of(before, row.event.group), at);
    const Decision becomes = after.decide(url, group_of(after, row.event.group), at);
    if (was.verdict == becomes.verdict && decision_words(was) == decision_words(becomes)) continue;
    const bool withheld = is_critical(was) || is_critical(becomes);
    ++changes[{withheld ? std::string() : std::string(url.host()), decision_words(was), decision_words(becomes)}];
  }
  for (const auto& [key, count] : changes) {
    if (preview.replay.size() >= kRows) break;
    preview.replay.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  }
  std::stable_sort(preview.replay.begin(), preview.replay.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
}

}  // namespace fairlead::agent::command
