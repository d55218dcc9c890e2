// Rows 7 and 10: what compiling costs, and that one list in three formats gives one set of names.

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "rules/match/names/name_key.hpp"
#include "rules/match/names/name_store.hpp"
#include "tests/bench/rules/material.hpp"
#include "tests/bench/rules/pattern_file.hpp"

namespace fairlead::bench {

using rules::match::FileView;
using rules::match::NameSection;
using rules::match::NameStore;
using rules::match::Section;

namespace {

/// Of this program: ru_maxrss would count what its parent was when it forked.
std::size_t peak_resident() {
  std::ifstream in("/proc/self/status");
  std::size_t kib = 0;
  for (std::string line; std::getline(in, line);) {
    if (std::sscanf(line.c_str(), "VmHWM: %zu kB", &kib) == 1) break;
  }
  return kib * 1024;
}

}  // namespace

/// compile MANIFEST RULESET [PATTERNS FILTERS]
void compile_lists(const Arguments& arguments) {
  Lists lists = read_manifest(arguments.at(0));
  if (arguments.size() > 2) add_patterns(lists, read_patterns(arguments.at(2)), arguments.at(3));
  const auto start = Clock::now();
  write_file(compile(lists), arguments.at(1));
  const double seconds = nanoseconds_since(start) / 1e9;
  const std::size_t peak = peak_resident();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto cpu = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  const auto ruleset = open_ruleset(map_file(arguments.at(1)), lists.catalog);
  std::cout << nlohmann::json{{"seconds", seconds},
                              {"cpu_s", cpu(usage.ru_utime) + cpu(usage.ru_stime)},
                              {"peak", peak},
                              {"size", std::filesystem::file_size(arguments.at(1))},
                              {"hosts", ruleset->size().hosts},
                              {"paths", ruleset->size().paths},
                              {"patterns", ruleset->size().patterns}}
            << '\n';
}

namespace {

struct Names {
  std::vector<std::string> names;
  std::vector<std::string> sections;  // bytes, by NameSection
};

Names names_of(const std::string& manifest_line_format, const std::string& path) {
  Lists lists;
  static const std::vector<std::pair<std::string, rules::catalog::ListFormat>> kFormats{
      {"hosts", rules::catalog::ListFormat::hosts},
      {"dnsmasq", rules::catalog::ListFormat::dnsmasq},
      {"adblock", rules::catalog::ListFormat::adblock}};
  const auto format = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const auto& known) { return known.first == manifest_line_format; });
  if (format == kFormats.end()) give_up("no such format: " + manifest_line_format);
  add_list(lists, "twin", format->second, path);
  const auto file = FileView::open(compile(lists).to_memory());
  if (!file) give_up(file.error().context);
  Names all;
  NameStore(**file, Section::hosts).each_from("", [&](std::string_view key, std::span<const rules::match::Posting>) {
    all.names.push_back(rules::match::name_of_key(key));
    return true;
  });
  for (std::uint32_t i = 0; i <= static_cast<std::uint32_t>(NameSection::blocks); ++i) {
    const auto bytes = (*file)->records<char>(section_at(Section::hosts, i));
    for (const char& byte : bytes.subspan(0, bytes.size())) (void)(*file)->sound(byte);
    all.sections.emplace_back(bytes.begin(), bytes.end());
  }
  if ((*file)->damaged()) give_up("damaged");
  return all;
}

}  // namespace

/// twins FORMAT PATH FORMAT PATH ...: each is held against the first
void compare_twins(const Arguments& arguments) {
  static const std::vector<std::string> kSections{"shards",   "filter",  "symbols", "tops",
                                                  "prefixes", "offsets", "blocks"};
  const Names first = names_of(arguments.at(0), arguments.at(1));
  nlohmann::json result{
      {"names", first.names.size()}, {"same_names", true}, {"other_sections", nlohmann::json::array()}};
  for (std::size_t i = 2; i + 1 < arguments.size(); i += 2) {
    const Names other = names_of(arguments[i], arguments[i + 1]);
    if (other.names != first.names) result["same_names"] = false;
    for (std::size_t section = 0; section < kSections.size(); ++section) {
      if (other.sections[section] != first.sections[section]) {
        result["other_sections"].push_back(arguments[i] + " " + kSections[section]);
      }
    }
  }
  std::cout << result << '\n';
}

}  // namespace fairlead::bench
