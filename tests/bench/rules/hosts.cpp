// Rows 1, 2 and 6: what a host decision costs, how much of the file it keeps in memory, and how soon it is there.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_set>

#include "rules/match/host_table.hpp"
#include "rules/match/names/name_store.hpp"
#include "tests/bench/rules/material.hpp"

namespace fairlead::bench {

using rules::match::FileView;
using rules::match::HostSuffixes;
using rules::match::Matches;

namespace {

constexpr int kRounds = 7;

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using Set = std::unordered_set<std::string, Hash, std::equal_to<>>;

std::vector<std::string> as_urls(const std::vector<std::string>& hosts) {
  std::vector<std::string> urls;
  for (const std::string& host : hosts) urls.push_back("http://" + host + "/");
  return urls;
}

/// The same walk as any DNS filter's: the host, then each parent.
bool is_listed(const Set& set, std::string_view host) {
  while (!host.empty()) {
    if (set.find(host) != set.end()) return true;
    const std::size_t dot = host.find('.');
    if (dot == std::string_view::npos) return false;
    host.remove_prefix(dot + 1);
  }
  return false;
}

struct Figure {
  double ns = 0;  // of one decision
  std::size_t hosts = 0, listed = 0;
};

/// Those that a judge calls listed, or those that it does not.
template <class Judge>
std::vector<std::string> only(const std::vector<std::string>& urls, bool listed, Judge&& judge) {
  std::vector<std::string> some;
  rules::url::CanonicalUrl url;
  for (const std::string& text : urls) {
    if (url.assign(text) && judge(url) == listed) some.push_back(text);
  }
  return some;
}

/// judge  says of a parsed URL whether its host is listed.
template <class Judge>
Figure measure(const std::vector<std::string>& urls, Judge&& judge) {
  Figure figure;
  const double ns = time_judging(urls, kRounds, [&](const rules::url::CanonicalUrl& url) {
    figure.listed += judge(url) ? 1 : 0;
    ++figure.hosts;
  });
  figure.listed /= kRounds;
  figure.hosts /= kRounds;
  figure.ns = ns / static_cast<double>(figure.hosts);
  return figure;
}

nlohmann::json as_json(const Figure& figure) {
  return {{"ns", figure.ns}, {"hosts", figure.hosts}, {"listed", figure.listed}};
}

}  // namespace

/// hosts RULESET MANIFEST REAL LISTED
void decide_hosts(const Arguments& arguments) {
  const Lists lists = read_manifest(arguments.at(1));
  const auto ruleset = open_ruleset(map_file(arguments.at(0)), lists.catalog);
  const auto real = as_urls(read_lines(arguments.at(2)));
  Matches matches;
  const auto classify = [&](const rules::url::CanonicalUrl& url) {
    ruleset->classify(url, matches);
    return !matches.found.empty() && matches.found.front().rule.line != 0;
  };
  nlohmann::json result;
  result["real"] = as_json(measure(real, classify));
  result["unlisted"] = as_json(measure(only(real, false, classify), classify));
  result["hits"] = as_json(measure(as_urls(read_lines(arguments.at(3))), classify));
  // The look-up alone, without what a decision about patterns, paths and searches costs where there are none.
  const auto file = FileView::open(map_file(arguments.at(0)));
  const rules::match::NameStore names(**file, rules::match::Section::hosts);
  result["filter"] = as_json(measure(real, [&](const rules::url::CanonicalUrl& url) {
    const HostSuffixes suffixes(url);
    bool maybe = false;
    for (std::size_t i = 0; i < suffixes.size(); ++i) maybe = names.filter().may_hold(suffixes[i].hash) || maybe;
    return maybe;
  }));
  std::cout << result << '\n';
}

/// hosts-set MANIFEST REAL LISTED
void decide_by_set(const Arguments& arguments) {
  const std::size_t before = resident();
  const auto start = Clock::now();
  Set set;
  for (const auto& path : read_manifest(arguments.at(0)).paths) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) set.insert(line);
  }
  nlohmann::json result;
  result["build_s"] = nanoseconds_since(start) / 1e9;
  result["bytes_a_name"] = static_cast<double>(resident() - before) / static_cast<double>(set.size());
  const auto judge = [&](const rules::url::CanonicalUrl& url) { return is_listed(set, url.host()); };
  const auto real = as_urls(read_lines(arguments.at(1)));
  result["real"] = as_json(measure(real, judge));
  result["unlisted"] = as_json(measure(only(real, false, judge), judge));
  result["hits"] = as_json(measure(as_urls(read_lines(arguments.at(2))), judge));
  std::cout << result << '\n';
}

namespace {

/// Resident bytes of the mapping of this file, as the kernel counts them.
std::size_t resident_of(const std::string& path) {
  std::ifstream in("/proc/self/smaps");
  const std::string name = std::filesystem::canonical(path).string();
  bool ours = false;
  std::size_t kib = 0, value = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.find('-') < line.find(' ')) ours = line.ends_with(name);
    if (ours && std::sscanf(line.c_str(), "Rss: %zu kB", &value) == 1) kib += value;
  }
  return kib * 1024;
}

void drop_from_cache(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) give_up(path + " cannot be opened");
  ::fdatasync(file);
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  ::close(file);
}

}  // namespace

/// resident RULESET MANIFEST REAL cold|warm: with the file thrown out of the page cache first, or not
void measure_resident(const Arguments& arguments) {
  const Lists lists = read_manifest(arguments.at(1));
  const auto real = read_lines(arguments.at(2));
  if (arguments.at(3) == "cold") drop_from_cache(arguments.at(0));
  const auto ruleset = open_ruleset(map_file(arguments.at(0)), lists.catalog);
  const std::size_t opened = resident_of(arguments.at(0));
  rules::url::CanonicalUrl url;
  Matches matches;
  for (const std::string& host : real) {
    if (url.assign("http://" + host + "/")) ruleset->classify(url, matches);
  }
  std::cout << nlohmann::json{{"size", std::filesystem::file_size(arguments.at(0))},
                              {"names", ruleset->size().hosts},
                              {"opened", opened},
                              {"resident", resident_of(arguments.at(0))}}
            << '\n';
}

/// open RULESET MANIFEST HOST
void measure_opening(const Arguments& arguments) {
  const Lists lists = read_manifest(arguments.at(1));
  (void)read_file(arguments.at(0));  // into the page cache
  rules::url::CanonicalUrl url;
  if (!url.assign("http://" + arguments.at(2) + "/")) give_up("not a host");
  Matches matches;
  const auto start = Clock::now();
  const auto ruleset = open_ruleset(map_file(arguments.at(0)), lists.catalog);
  const double opened = nanoseconds_since(start);
  ruleset->classify(url, matches);
  std::cout << nlohmann::json{{"open_us", opened / 1e3}, {"decided_us", nanoseconds_since(start) / 1e3}} << '\n';
}

/// echo: answers every line at once, as a redirector of squid does that decides nothing
void echo_lines(const Arguments& /*arguments*/) {
  std::array<char, 1 << 16> line;
  while (std::fgets(line.data(), line.size(), stdin) != nullptr) {
    std::fputs("\n", stdout);
    std::fflush(stdout);
  }
}

}  // namespace fairlead::bench
