#pragma once
// Reads the folder that people edit and says everything that is wrong with it at once, by file:line:column with the
// mend. Blocking file reads: never on the event loop. yaml-cpp stays inside.

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/base/result.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

/// One mistake. `text` says what is wrong and what to write instead.
struct Problem {
  enum class Kind : std::uint8_t { error, warning } kind = Kind::error;
  std::string file;
  std::uint32_t line = 0, column = 0;  // 0 where a place does not apply
  std::string text;
};

/// A problem at a place of one of the catalog's files.
[[nodiscard]] Problem problem_at(const Catalog& catalog, const Position& at, Problem::Kind kind, std::string text);
[[nodiscard]] bool has_error(const std::vector<Problem>& problems);

/// "categories/conduct/gambling.yaml:12:5: error: unknown key 'hsots'; write 'hosts'"
[[nodiscard]] std::string to_string(const Problem& problem);

/// Names and contents of the files that people edit: "conduct/gambling.yaml" and its text.
using Texts = std::vector<std::pair<std::string, std::string>>;

struct Loaded {
  Catalog catalog;                // complete only when there is no error among the problems
  Texts texts;                    // what was read
  std::vector<Problem> problems;  // in order of file and line
  [[nodiscard]] bool usable() const;
};

/// Loads `folder`: content/ contact/ conduct/ (a category a file), policy.yaml, protected.yaml, signposts.yaml,
/// search_engines.yaml, safe_search.yaml, lists.yaml. protected, signposts, search_engines and safe_search may be
/// absent (then empty, with a warning), lists too where no category names one; no category or no policy.yaml is an
/// error. Limits: 4 MiB a file, depth 32, no aliases, no tags, no duplicate keys; broken ones are named, never a crash.
[[nodiscard]] Loaded load_folder(const std::filesystem::path& folder);

/// The same from memory: for what a compiled ruleset keeps of its sources, the built-in minimum, and tests.
[[nodiscard]] Loaded load_texts(Texts texts);

}  // namespace fairlead::rules::catalog
