#pragma once
// What every row of the bench of rules needs: its data files, a compiled ruleset on disk or in memory, the clock. Every
// row is one run of the program (main.cpp), so that no row sees the memory of another. One thread.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
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

inline constexpr std::size_t kGroup = 256;

/// Nanoseconds that `run(begin, end)` takes for [0, count) in groups: of each group its fastest round, since a busy
/// machine disturbs some group in every round.
/// prepare  the same for what is not measured, right before each run.
template <class Prepare, class Run>
[[nodiscard]] double fastest(std::size_t count, int rounds, Prepare&& prepare, Run&& run) {
  std::vector<double> best((count + kGroup - 1) / kGroup, 1e18);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t group = 0; group < best.size(); ++group) {
      const std::size_t begin = group * kGroup;
      const std::size_t end = std::min(begin + kGroup, count);
      prepare(begin, end);
      const auto start = Clock::now();
      run(begin, end);
      best[group] = std::min(best[group], nanoseconds_since(start));
    }
  }
  return std::accumulate(best.begin(), best.end(), 0.0);
}

/// Nanoseconds that `judge(url)` takes for all of these. They are parsed in groups before the clock runs, so that each
/// is in the cache, as a URL is that was parsed a moment ago.
template <class Judge>
[[nodiscard]] double time_judging(const std::vector<std::string>& texts, int rounds, Judge&& judge) {
  std::vector<rules::url::CanonicalUrl> urls(kGroup);
  std::size_t parsed = 0;
  return fastest(
      texts.size(), rounds,
      [&](std::size_t begin, std::size_t end) {
        parsed = 0;
        for (std::size_t i = begin; i < end; ++i) parsed += urls[parsed].assign(texts[i]) ? 1 : 0;
      },
      [&](std::size_t, std::size_t) {
        for (std::size_t i = 0; i < parsed; ++i) judge(urls[i]);
      });
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
