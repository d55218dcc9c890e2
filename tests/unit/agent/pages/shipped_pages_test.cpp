// The pages of the shipped categories, rendered for every group: what holds for each of them, whoever edits the files.
#include <doctest/doctest.h>

#include "agent/pages/pages.hpp"
#include "rules/base/text.hpp"

using namespace fairlead;
using rules::policy::Decision;
using rules::policy::Verdict;

namespace {

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1774436400}};

/// Addresses of the page's links.
std::vector<std::string> links_of(const std::string& page) {
  const std::string_view begin = "href=\"";
  std::vector<std::string> links;
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
    at += begin.size();
    links.push_back(page.substr(at, page.find('"', at) - at));
  }
  return links;
}

}  // namespace

TEST_CASE("shipped pages: every link opens, no placeholder stays, nobody is accused") {
  const auto loaded = rules::policy::load_rules(std::string(FAIRLEAD_SOURCE_DIR) + "/categories");
  REQUIRE(loaded.rules != nullptr);
  const auto& rules = *loaded.rules;
  rules::url::CanonicalUrl url;
  REQUIRE(url.assign("https://blocked.example/"));
  std::size_t links = 0;
  for (const auto& category : rules.catalog().categories) {
    CAPTURE(category.id);
    for (std::uint16_t group = 0; group < rules.policy().groups.size(); ++group) {
      Decision decision;
      decision.verdict = Verdict::block;
      decision.group = group;
      decision.winner.emplace();
      decision.winner->category = &category;
      for (const bool scheduled : {false, true}) {
        if (scheduled) decision.opens_at = kNow + std::chrono::hours{20};
        const auto answer =
            agent::pages::block_page({rules, decision, url, "K7QM-2D4X", true, kNow}, agent::pages::Form::html);
        const std::string page = text::lower(answer.body);
        CHECK(page.find("next_open") == std::string::npos);
        CHECK(page.find("at tomorrow") == std::string::npos);
        for (const char* accusing : {"you tried", "you attempted", "you visited", "you were caught"}) {
          CHECK(page.find(accusing) == std::string::npos);
        }
        // A link to help that leads to another block page would be worse than none.
        for (const std::string& link : links_of(answer.body)) {
          CAPTURE(link);
          rules::url::CanonicalUrl target;
          REQUIRE(target.assign(link));
          CHECK(rules.decide(target, group, kNow).verdict == Verdict::allow);
          ++links;
        }
      }
    }
  }
  CHECK(links > 100);
}
