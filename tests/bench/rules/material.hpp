#pragma once
// What every row of the bench of rules needs: its data files, a compiled ruleset on disk or in memory, the clock. Every
// row is one run of the program (main.cpp), so that no row sees the memory of another. One thread.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/values.hpp"
#include "rules/match/compile.hpp"
#include "rules/match/file/file_view.hpp"
#include "rules/match/ruleset.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::bench {

using Clock = std::chrono::steady_clock;
using Arguments = std::vector<std::string>;

[[nodiscard]] inline double nanoseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
}

/// Ends the program with a message: a bench without its data has nothing to say.
[[noreturn]] void give_up(const std::string& why);

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
[[nodiscard]] std::vector<std::string> read_lines(const std::filesystem::path& path);
[[nodiscard]] rules::match::FileBytes map_file(const std::filesystem::path& path);
/// Resident memory of this process, in bytes.
[[nodiscard]] std::size_t resident();

/// Lists to compile: lines "id TAB format TAB path" of a file, each list with a category of its own; the categories
/// come in the order of the lines and are named like the lists.
struct Lists {
  rules::catalog::Catalog catalog;
  std::vector<std::filesystem::path> paths;  // of catalog.lists
};
[[nodiscard]] Lists read_manifest(const std::filesystem::path& path);
void add_list(Lists& lists, std::string id, rules::catalog::ListFormat format, std::filesystem::path path);
/// All of the categories and lists; a problem with one ends the program.
[[nodiscard]] rules::match::FileWriter compile(const Lists& lists);
void write_file(const rules::match::FileWriter& writer, const std::filesystem::path& path);
[[nodiscard]] std::unique_ptr<const rules::match::Ruleset> open_ruleset(rules::match::FileBytes bytes,
                                                                        const rules::catalog::Catalog& catalog);

/// Calls `judge(urls)` for groups of parsed URLs and returns the nanoseconds that it took, parsing not included. A
/// group is small enough to stay in the cache, as a URL does that was parsed a moment ago.
template <class Judge>
[[nodiscard]] double time_groups(const std::vector<std::string>& texts, Judge&& judge) {
  constexpr std::size_t kGroup = 256;
  std::vector<rules::url::CanonicalUrl> urls(kGroup);
  double total = 0;
  for (std::size_t begin = 0; begin < texts.size(); begin += kGroup) {
    std::size_t size = 0;
    for (std::size_t i = begin; i < std::min(begin + kGroup, texts.size()); ++i) {
      if (urls[size].assign(texts[i])) ++size;
    }
    const auto start = Clock::now();
    for (std::size_t i = 0; i < size; ++i) judge(urls[i]);
    total += nanoseconds_since(start);
  }
  return total;
}

// The rows, each a command of the program: prints one line of JSON.
void compile_lists(const Arguments& arguments);     // row 7
void decide_hosts(const Arguments& arguments);      // row 1
void decide_by_set(const Arguments& arguments);     // row 1
void measure_resident(const Arguments& arguments);  // row 2
void measure_opening(const Arguments& arguments);   // row 6
void make_patterns(const Arguments& arguments);     // rows 3, 4, 7
void match_patterns(const Arguments& arguments);    // rows 3, 4
void block_requests(const Arguments& arguments);    // row 5
void match_expected(const Arguments& arguments);    // row 5
void prove_names(const Arguments& arguments);       // row 8
void match_hostile(const Arguments& arguments);     // row 9
void compare_twins(const Arguments& arguments);     // row 10
void echo_lines(const Arguments& arguments);        // what a redirector costs that decides nothing

}  // namespace fairlead::bench
