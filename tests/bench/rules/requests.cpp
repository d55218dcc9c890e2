// Row 5: EasyList and EasyPrivacy over recorded requests, and filters that must match.

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/bench/rules/material.hpp"

namespace fairlead::bench {
namespace {

using rules::catalog::ListFormat;
using rules::catalog::ResourceType;
using rules::match::Context;
using rules::match::Matches;
using rules::match::Part;
using rules::url::CanonicalUrl;

ResourceType type_of(const std::string& name) {
  static const std::map<std::string, ResourceType> kTypes{
      {"document", ResourceType::document},
      {"subdocument", ResourceType::subdocument},
      {"script", ResourceType::script},
      {"image", ResourceType::image},
      {"stylesheet", ResourceType::stylesheet},
      {"font", ResourceType::font},
      {"media", ResourceType::media},
      {"xhr", ResourceType::xmlhttprequest},
      {"fetch", ResourceType::xmlhttprequest},
      {"websocket", ResourceType::websocket},
      {"ping", ResourceType::ping},
  };
  const auto found = kTypes.find(name);
  return found == kTypes.end() ? ResourceType::other : found->second;
}

struct Request {
  std::string url, page, page_host;
  ResourceType type = ResourceType::other;
};

std::string host_of(const std::string& text) {
  CanonicalUrl url;
  return url.assign(text) ? std::string(url.host()) : std::string();
}

std::vector<Request> read_requests(const std::string& path) {
  std::vector<Request> requests;
  for (const std::string& line : read_lines(path)) {
    const auto json = nlohmann::json::parse(line);
    Request request{json.at("url"), json.at("frameUrl"), {}, type_of(json.at("cpt"))};
    request.page_host = host_of(request.page);
    requests.push_back(std::move(request));
  }
  return requests;
}

bool is_blocked(const Matches& matches) {
  return std::any_of(matches.found.begin(), matches.found.end(),
                     [](const rules::match::Match& match) { return match.rule.part == Part::block; });
}

/// Microseconds a request.
template <class Judge>
double measure(const std::vector<Request>& requests, Judge&& judge) {
  constexpr int kRounds = 9;
  const double ns = fastest(
      requests.size(), kRounds, [](std::size_t, std::size_t) {},
      [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) judge(requests[i]);
      });
  return ns / 1e3 / static_cast<double>(requests.size());
}

}  // namespace

/// requests REQUESTS BLOCKED LIST ...: BLOCKED gets a line "0" or "1" a request
void block_requests(const Arguments& arguments) {
  const auto requests = read_requests(arguments.at(0));
  Lists lists;
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    add_list(lists, "list-" + std::to_string(i), ListFormat::adblock, arguments[i]);
  }
  // One category, as an exception of one list speaks about the filters of the other.
  for (std::size_t i = 1; i < lists.catalog.categories.size(); ++i) {
    lists.catalog.categories[0].lists.push_back(lists.catalog.categories[i].id);
  }
  lists.catalog.categories.resize(1);
  const auto start = Clock::now();
  const auto bytes = compile(lists).to_memory();
  const double build_ms = nanoseconds_since(start) / 1e6;
  const auto ruleset = open_ruleset(bytes, lists.catalog);
  CanonicalUrl url, page;
  Matches matches;
  std::ofstream out(arguments.at(1));
  std::size_t blocked = 0;
  for (const Request& request : requests) {
    const bool now = url.assign(request.url) &&
                     (ruleset->classify(url, matches, Context{request.page_host, request.type}), is_blocked(matches));
    blocked += now ? 1 : 0;
    out << (now ? "1\n" : "0\n");
  }
  nlohmann::json result{{"requests", requests.size()}, {"blocked", blocked}, {"build_ms", build_ms}};
  result["size"] = bytes.bytes.size();
  result["us"] = measure(requests, [&](const Request& request) {
    if (url.assign(request.url)) ruleset->classify(url, matches, Context{request.page_host, request.type});
  });
  result["us_with_page"] = measure(requests, [&](const Request& request) {
    const bool known = page.assign(request.page).has_value();
    if (url.assign(request.url)) ruleset->classify(url, matches, Context{known ? page.host() : "", request.type});
  });
  std::cout << result << '\n';
}

/// expected ROWS FOLDER: each filter of a row, compiled alone in FOLDER, must match the row's request
void match_expected(const Arguments& arguments) {
  const auto list = std::filesystem::path(arguments.at(1)) / "one-filter.txt";
  std::map<std::string, std::vector<nlohmann::json>> rows_of;  // by filter
  for (const std::string& line : read_lines(arguments.at(0))) {
    const auto row = nlohmann::json::parse(line);
    for (const std::string filter : row.at("filters")) rows_of[filter].push_back(row);
  }
  std::size_t pairs = 0, matched = 0, no_requests = 0;
  nlohmann::json missed = nlohmann::json::array();
  Lists lists;
  add_list(lists, "one", ListFormat::adblock, list);
  CanonicalUrl url;
  Matches matches;
  for (const auto& [filter, rows] : rows_of) {
    std::ofstream(list) << filter << '\n';
    const auto ruleset = open_ruleset(compile(lists).to_memory(), lists.catalog);
    for (const auto& row : rows) {
      if (!url.assign(row.at("url").get<std::string>())) {  // "https://" and nothing more: no client can ask for it
        ++no_requests;
        continue;
      }
      ++pairs;
      const std::string page = host_of(row.at("sourceUrl"));
      ruleset->classify(url, matches, Context{page, type_of(row.at("type"))});
      if (!matches.found.empty()) {
        ++matched;
      } else if (missed.size() < 5) {
        missed.push_back(filter + " " + row.at("url").get<std::string>());
      }
    }
  }
  std::cout << nlohmann::json{{"filters", rows_of.size()},
                              {"pairs", pairs},
                              {"matched", matched},
                              {"no_requests", no_requests},
                              {"missed", missed}}
            << '\n';
}

}  // namespace fairlead::bench
