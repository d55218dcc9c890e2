// Rows 3 and 4: thousands of patterns over real URLs, by Fairlead and by engines that others use for it.

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/bench/rules/engines.hpp"
#include "tests/bench/rules/filter_lines.hpp"
#include "tests/bench/rules/material.hpp"
#include "tests/bench/rules/pattern_file.hpp"

namespace fairlead::bench {
namespace {

using rules::url::CanonicalUrl;

constexpr int kMostRounds = 5;
constexpr double kMostNanoseconds = 10e9;  // no round begins after this

class Fairlead final : public Engine {
 public:
  Fairlead(const std::string& ruleset, Lists lists)
      : lists_(std::move(lists)), ruleset_(open_ruleset(map_file(ruleset), lists_.catalog)) {}
  void match(const CanonicalUrl& url, std::vector<std::uint32_t>& found) override {
    ruleset_->classify(url, matches_);
    failures_ += matches_.unclear.size();
    for (const rules::match::Match& match : matches_.found) {
      const bool own = match.rule.origin == rules::match::Origin::category_file;
      found.push_back(own ? match.rule.line : kFirstFilter + match.rule.line);
    }
  }
  [[nodiscard]] std::size_t failures() const override { return failures_; }

 private:
  Lists lists_;
  std::unique_ptr<const rules::match::Ruleset> ruleset_;
  rules::match::Matches matches_;
  std::size_t failures_ = 0;
};

std::vector<Expression> expressions_of(const std::string& patterns, const std::string& filters) {
  std::vector<Expression> all;
  for (auto& rule : read_patterns(patterns)) all.push_back({std::move(rule.re2), rule.where, rule.at.line});
  each_filter(read_file(filters), [&](const rules::catalog::Filter& filter, std::uint32_t line) {
    all.push_back({expression_of(filter), rules::catalog::Where::url, kFirstFilter + line});
  });
  return all;
}

/// A slow engine gets one round.
nlohmann::json measure(Engine& engine, const std::vector<std::string>& urls) {
  std::vector<std::uint32_t> found;
  std::size_t parsed = 0;
  std::vector<double> single(urls.size(), 1e18);
  CanonicalUrl url;
  int rounds = 0;
  for (const auto start = Clock::now(); rounds < kMostRounds && nanoseconds_since(start) < kMostNanoseconds; ++rounds) {
    parsed = 0;
    for (std::size_t i = 0; i < urls.size(); ++i) {
      const auto begin = Clock::now();
      found.clear();
      if (url.assign(urls[i])) engine.match(url, found), ++parsed;
      single[i] = std::min(single[i], nanoseconds_since(begin));
    }
  }
  const auto each = static_cast<double>(std::max<std::size_t>(1, parsed));
  const double judging = time_judging(urls, rounds, [&](const CanonicalUrl& one) {
    found.clear();
    engine.match(one, found);
  });
  const double whole = std::accumulate(single.begin(), single.end(), 0.0);
  std::sort(single.begin(), single.end());
  return {{"urls", parsed},
          {"ns", judging / each},
          {"ns_with_parsing", whole / each},
          {"p99_ns", single[single.size() * 99 / 100]}};
}

/// Every match as a line "URL TAB pattern", sorted.
std::size_t write_pairs(Engine& engine, const std::vector<std::string>& urls, const std::string& path) {
  std::ofstream out(path);
  std::vector<std::uint32_t> found;
  std::size_t count = 0;
  CanonicalUrl url;
  for (std::size_t i = 0; i < urls.size(); ++i) {
    found.clear();
    if (url.assign(urls[i])) engine.match(url, found);
    std::sort(found.begin(), found.end());
    for (const std::uint32_t number : found) out << i << '\t' << number << '\n';
    count += found.size();
  }
  return count;
}

}  // namespace

/// patterns fairlead|re2|re2-set|hyperscan PATTERNS FILTERS URLS EVERY PAIRS RULESET MOST_MIB
/// EVERY n takes each n-th URL.
void match_patterns(const Arguments& arguments) {
  std::vector<std::string> urls;
  const auto all = read_lines(arguments.at(3));
  for (std::size_t i = 0; i < all.size(); i += std::stoull(arguments.at(4))) urls.push_back(all[i]);
  const std::string& name = arguments.at(0);
  std::unique_ptr<Engine> engine;
  Lists lists;
  std::vector<Expression> expressions;
  if (name == "fairlead") {
    add_patterns(lists, read_patterns(arguments.at(1)), arguments.at(2));
  } else {
    expressions = expressions_of(arguments.at(1), arguments.at(2));
  }
  const std::size_t before = resident();
  const auto start = Clock::now();
  if (name == "fairlead") engine = std::make_unique<Fairlead>(arguments.at(6), std::move(lists));
  if (name == "re2") engine = make_re2(expressions);
  if (name == "re2-set") engine = make_re2_set(expressions, std::stoull(arguments.at(7)) << 20U);
  if (name == "hyperscan") engine = make_hyperscan(expressions);
  if (!engine) give_up("this program has no " + name);
  nlohmann::json result;
  result["build_ms"] = nanoseconds_since(start) / 1e6;
  const std::size_t built = resident();
  result["mib"] = static_cast<double>(built - before) / (1 << 20);
  result["matches"] = write_pairs(*engine, urls, arguments.at(5));
  result["failures"] = engine->failures();  // of one reading of each URL; what follows reads them again
  result.update(measure(*engine, urls));
  result["mib_used"] = static_cast<double>(resident() - before) / (1 << 20);
  result["refused"] = engine->refused();
  std::cout << result << '\n';
}

}  // namespace fairlead::bench
