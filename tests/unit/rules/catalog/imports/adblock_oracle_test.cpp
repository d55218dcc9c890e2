// Requests recorded with the filters that another implementation found for them: each filter must be read, and must
// hold for its request.

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/unit/rules/catalog/imports/corpora.hpp"
#include "tests/unit/rules/catalog/imports/imported.hpp"
#include "tests/unit/rules/catalog/imports/plain_filter_matcher.hpp"

using namespace fairlead::rules::catalog;
namespace url = fairlead::rules::url;

namespace {

const std::map<std::string, ResourceType> kTypes{
    {"document", ResourceType::document},   {"script", ResourceType::script},
    {"image", ResourceType::image},         {"stylesheet", ResourceType::stylesheet},
    {"font", ResourceType::font},           {"media", ResourceType::media},
    {"xhr", ResourceType::xmlhttprequest},  {"fetch", ResourceType::xmlhttprequest},
    {"websocket", ResourceType::websocket}, {"other", ResourceType::other},
};

/// One filter of a list of one line; a host counts as the filter that it is short for.
Filter only_filter(const std::string& line) {
  Imported list = imported(line, ListFormat::adblock);
  CAPTURE(line);
  REQUIRE(list.left_out.empty());
  REQUIRE(list.hosts.size() + list.filters.size() == 1);
  if (!list.filters.empty()) return list.filters.front();
  Filter filter;
  filter.at_host_label = true;
  filter.pattern = list.hosts.front() + "^";
  return filter;
}

}  // namespace

TEST_CASE("adblock: every filter that must match a recorded request is read and matches it") {
  const auto path = corpus("streams/ghostery-expected-matches.jsonl.zst");
  if (path.empty()) return;
  std::istringstream rows(text_of(path));
  std::map<std::string, Filter> filters;
  std::size_t pairs = 0;
  std::size_t missed = 0;
  std::size_t no_requests = 0;
  for (std::string row; std::getline(rows, row);) {
    const auto json = nlohmann::json::parse(row);
    url::CanonicalUrl request;
    url::CanonicalUrl page;
    const bool is_request = request.assign(json.at("url").get<std::string>()).has_value();
    const bool has_page = page.assign(json.at("sourceUrl").get<std::string>()).has_value();
    for (const std::string line : json.at("filters")) {
      const auto found = filters.try_emplace(line).first;
      if (found->second.pattern.empty() && found->second.re2.empty()) found->second = only_filter(line);
      if (!is_request) {  // "https://" and nothing more, which no client can ask for
        ++no_requests;
        continue;
      }
      const PlainRequest asked{request, kTypes.at(json.at("type")), std::string(has_page ? page.host() : "")};
      ++pairs;
      if (PlainFilterMatcher(found->second, asked).matches()) continue;
      ++missed;
      MESSAGE(line << " does not match " << row);
    }
  }
  CHECK(filters.size() == 4608);
  CHECK(pairs > 5670);
  CHECK(no_requests < 20);
  CHECK(missed == 0);
}
