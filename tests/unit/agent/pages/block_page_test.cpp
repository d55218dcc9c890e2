#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agent/pages/pages.hpp"
#include "rules/base/text.hpp"
#include "tests/unit/agent/pages/sample.hpp"

using namespace fairlead;
using namespace fairlead::agent::pages;
using rules::policy::Decision;
using rules::policy::Rules;

namespace {

constexpr std::string_view kId = "K7QM-2D4X";
constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1774436400}};  // Wednesday 25 March 2026, 11:00 in London

std::string page_of(const Rules& rules, const Decision& decision, bool recorded = true, std::string_view id = kId,
                    std::string_view url = "https://sub.blocked.example/path?q=1") {
  rules::url::CanonicalUrl canonical;
  REQUIRE(canonical.assign(url));
  return block_page({rules, decision, canonical, id, recorded, kNow}, Form::html).body;
}

bool has(std::string_view page, std::string_view part) { return page.find(part) != std::string_view::npos; }
bool in_order(std::string_view page, std::initializer_list<std::string_view> parts) {
  std::size_t at = 0;
  for (const std::string_view part : parts) {
    at = page.find(part, at);
    if (at == std::string_view::npos) return false;
  }
  return true;
}

struct Fixture {
  std::shared_ptr<const Rules> rules = sample::rules_from(sample::catalog());
  Fixture() { REQUIRE(rules != nullptr); }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "block page: host, reason, help, reference, and a 403 that is never a 200") {
  const Decision decision = sample::blocked_by(*rules, sample::gambling);
  const std::string page = page_of(*rules, decision);
  CHECK(has(page, "<h1>This site is not available</h1>"));
  CHECK(has(page, "<p class=\"host\">sub.blocked.example</p>"));
  CHECK(has(page, "Gambling sites are not available on this laptop."));
  CHECK(has(page, "href=\"https://www.gamcare.org.uk/\""));
  CHECK(has(page, "K7QM-2D4X"));
  CHECK(has(page, "Example Trades Training"));
  rules::url::CanonicalUrl url;
  REQUIRE(url.assign("https://blocked.example/"));
  for (const Form form : {Form::html, Form::json, Form::image, Form::script, Form::style, Form::nothing}) {
    CHECK(block_page({*rules, decision, url, kId, true, kNow}, form).status == 403);
  }
}

TEST_CASE_FIXTURE(Fixture, "block page: the stopped host is text, never a link; path and query are not shown") {
  const std::string page = page_of(*rules, sample::blocked_by(*rules, sample::statutory));
  CHECK_FALSE(has(page, "href=\"https://sub.blocked"));
  CHECK_FALSE(has(page, "q=1"));
  CHECK_FALSE(has(page, "/path"));
}

TEST_CASE_FIXTURE(Fixture, "block page: the site inside the address is named when it decided, and nothing more of it") {
  using rules::policy::About;
  auto decision = sample::blocked_by(*rules, sample::statutory);
  decision.about = About::inner;
  decision.address = "https://other.example/private?q=2";
  CHECK(has(page_of(*rules, decision), "The address holds another one inside: other.example."));
  CHECK_FALSE(has(page_of(*rules, decision), "private"));
  CHECK(has(page_of(*rules, decision), "Recorded: the name of the site, also of the other one, the time"));
  decision.about = About::look_alike;
  CHECK(has(page_of(*rules, decision), "Its name looks like another one: other.example."));
  decision.about = About::alias;
  CHECK(has(page_of(*rules, decision), "It is another name for other.example."));
}

TEST_CASE_FIXTURE(Fixture, "block page: the tab's title never names the kind of site") {
  for (std::uint8_t i = 0; i < rules->catalog().categories.size(); ++i) {
    const std::string page = page_of(*rules, sample::blocked_by(*rules, static_cast<sample::Index>(i)));
    const std::size_t begin = page.find("<title>");
    const std::string title = page.substr(begin, page.find("</title>") - begin);
    CAPTURE(title);
    CHECK_FALSE(has(title, rules->catalog().categories[i].title));
    CHECK(has(title, "not available"));
  }
}

TEST_CASE_FIXTURE(Fixture, "block page: nobody is accused") {
  const std::string_view accusing[] = {"you tried",      "you attempted", "violat",      "prohibited", "forbidden",
                                       "illegal",        "punish",        "disciplin",   "warning",    "inappropriate",
                                       "caught",         "offence",       "you visited", "misuse",     "denied",
                                       "not allowed to", "access to this"};
  for (std::uint8_t i = 0; i < rules->catalog().categories.size(); ++i) {
    const std::string page = text::lower(page_of(*rules, sample::blocked_by(*rules, static_cast<sample::Index>(i))));
    for (const std::string_view word : accusing) {
      CAPTURE(word);
      CHECK_FALSE(has(page.substr(page.find("<body>")), word));
    }
  }
}

TEST_CASE_FIXTURE(Fixture, "block page: help in the category's order, a reachable safeguarding lead before it") {
  const std::string page = page_of(*rules, sample::blocked_by(*rules, sample::self_harm));
  CHECK(in_order(page, {"Your safeguarding lead", "Sample Person", "01632 960001", "Samaritans", "116 123", "Shout",
                        "SHOUT to 85258", "Papyrus", "0800 068 4141", "Childline", "0800 1111"}));
  CHECK_FALSE(has(page, "tel:"));
}

TEST_CASE("block page: a lead whom nobody has filled in comes last, without empty contacts") {
  auto catalog = sample::catalog();
  catalog.policy.lead = {"Safeguarding lead", "", "", ""};
  const auto rules = sample::rules_from(std::move(catalog));
  REQUIRE(rules);
  const std::string page = page_of(*rules, sample::blocked_by(*rules, sample::self_harm));
  CHECK(in_order(page,
                 {"Samaritans", "Childline", "Your safeguarding lead", "Any member of staff can put you in touch."}));
  CHECK_FALSE(has(page, "<strong></strong>"));
}

TEST_CASE_FIXTURE(Fixture, "block page: where help is urgent it stands before all else") {
  for (const auto index : {sample::self_harm, sample::eating_disorders}) {
    const std::string page = page_of(*rules, sample::blocked_by(*rules, index));
    CHECK(
        in_order(page, {"<main", "<ul class=\"help\">", "call <strong>999</strong>", "<p class=\"host\">", "<button"}));
    CHECK(has(page, "<h1>You can talk to someone</h1>"));
  }
  const std::string page = page_of(*rules, sample::blocked_by(*rules, sample::gambling));
  CHECK(in_order(page, {"<p class=\"host\">", "<ul class=\"help\">", "<button"}));
}

TEST_CASE_FIXTURE(Fixture, "block page: help is for the person who reads it") {
  Decision decision = sample::blocked_by(*rules, sample::extremism);
  CHECK_FALSE(has(page_of(*rules, decision), "DfE counter-extremism"));
  decision.group = 1;  // staff
  CHECK(has(page_of(*rules, decision), "DfE counter-extremism"));
  decision = sample::blocked_by(*rules, sample::self_harm);
  CHECK(has(page_of(*rules, decision), "Childline"));
  decision.group = 1;
  CHECK_FALSE(has(page_of(*rules, decision), "Childline"));
  decision.group = 77;  // not in the policy: as for anybody unknown
  CHECK(has(page_of(*rules, decision), "Childline"));
}

TEST_CASE_FIXTURE(Fixture, "block page: links of the policy that belong to the category") {
  const std::string extremism = page_of(*rules, sample::blocked_by(*rules, sample::extremism));
  CHECK(has(extremism, "https://training.example/prevent"));
  CHECK(has(extremism, "https://training.example/it-policy"));
  const std::string gambling = page_of(*rules, sample::blocked_by(*rules, sample::gambling));
  CHECK_FALSE(has(gambling, "https://training.example/prevent"));
  CHECK(has(gambling, "https://training.example/it-policy"));
}

TEST_CASE_FIXTURE(Fixture, "block page: a schedule says when it opens again") {
  Decision decision = sample::blocked_by(*rules, sample::social_media);
  decision.opens_at = kNow + std::chrono::minutes{90};
  const std::string page = page_of(*rules, decision, false, "");
  CHECK(has(page, "<h1>This site is not open right now</h1>"));
  CHECK(has(page, "It opens again today at 12:30."));
  decision = sample::blocked_by(*rules, sample::gambling);  // a sentence without the placeholder
  decision.opens_at = kNow + std::chrono::hours{24};
  CHECK(has(page_of(*rules, decision), "help is free. It opens again tomorrow at 11:00."));
  decision = sample::blocked_by(*rules, sample::social_media);  // blocked, but by no schedule
  CHECK_FALSE(has(page_of(*rules, decision), "next_open"));
}

TEST_CASE_FIXTURE(Fixture, "block page: what is recorded is told as it is") {
  CHECK(has(page_of(*rules, sample::blocked_by(*rules, sample::gambling)), "Recorded: the name of the site, the time"));
  CHECK(has(page_of(*rules, sample::blocked_by(*rules, sample::gambling)), "erased after 90 days"));
  CHECK(has(page_of(*rules, sample::blocked_by(*rules, sample::malware)),
            "Recorded: the address of the page, without anything after a question mark"));
  Decision searched = sample::blocked_by(*rules, sample::self_harm);
  CHECK_FALSE(has(page_of(*rules, searched), "words searched for"));
  searched.words = "some words";
  CHECK(has(page_of(*rules, searched), "Recorded: the name of the site and the words searched for"));
  CHECK_FALSE(has(page_of(*rules, searched), "some words"));
}

TEST_CASE_FIXTURE(Fixture, "block page: what was only counted has no entry to refer to or to answer") {
  const std::string page = page_of(*rules, sample::blocked_by(*rules, sample::social_media), false);
  CHECK(has(page, "This was counted, not recorded"));
  CHECK_FALSE(has(page, "Recorded: "));
  CHECK_FALSE(has(page, "<form"));
  CHECK_FALSE(has(page, kId));
}

TEST_CASE_FIXTURE(Fixture, "block page: three forms post id and kind to the same host, without script") {
  const std::string page = page_of(*rules, sample::blocked_by(*rules, sample::gambling));
  for (const std::string kind : {"accident", "wrong", "concern"}) {
    CHECK(has(page,
              "action=\"/.well-known/fairlead/report\"><input type=\"hidden\" name=\"id\" value=\"K7QM-2D4X\">"
              "<input type=\"hidden\" name=\"kind\" value=\"" +
                  kind + "\">"));
  }
  CHECK(in_order(
      page, {">I landed here by accident</button>", ">I think this is wrong</button>", "I’m worried about something"}));
}

TEST_CASE_FIXTURE(Fixture, "block page: without a category the sentence is neutral") {
  Decision decision;
  decision.verdict = rules::policy::Verdict::block;
  CHECK(has(page_of(*rules, decision), "This site is not available on this laptop."));
  decision.level = rules::policy::Level::exception;
  CHECK(has(page_of(*rules, decision), "Example Trades Training has decided not to open this site here."));
}

TEST_CASE_FIXTURE(Fixture, "block page: what could not be judged says so and does not name a kind") {
  Decision decision = sample::blocked_by(*rules, sample::gambling);
  decision.undecided = true;
  const std::string page = page_of(*rules, decision);
  CHECK(has(page, "This page could not be checked, so it is not available."));
  CHECK_FALSE(has(page, "Gambling"));
}

TEST_CASE("block page: text of the files and of the request cannot become markup") {
  auto catalog = sample::catalog();
  catalog.policy.organisation = "<i>Org</i>";
  catalog.policy.lead.name = "\"><b>";
  catalog.policy.links = {{"<u>link</u>", "javascript:alert(1)", {}}, {"<u>ok</u>", "https://ok.example/?a=1&b=2", {}}};
  catalog.categories[sample::self_harm].says = "<script>x</script>";
  catalog.categories[sample::self_harm].title = "<em>T</em>";
  catalog.signposts[0].name = "</a><script>";
  catalog.signposts[0].url = "javascript:alert(1)";
  const auto rules = sample::rules_from(std::move(catalog));
  REQUIRE(rules);
  const std::string page = page_of(*rules, sample::blocked_by(*rules, sample::self_harm), true, "\"><svg onload=x>");
  for (const std::string_view markup : {"<script", "<i>", "<b>", "<u>", "<em>", "javascript:", "<svg onload"}) {
    CAPTURE(markup);
    CHECK_FALSE(has(page, markup));
  }
  CHECK(has(page, "https://ok.example/?a=1&amp;b=2"));
}

TEST_CASE_FIXTURE(Fixture, "block page: JSON, pixel, script and style for those who ask for them") {
  const Decision decision = sample::blocked_by(*rules, sample::self_harm);
  rules::url::CanonicalUrl url;
  REQUIRE(url.assign("https://blocked.example/"));
  const BlockFacts facts{*rules, decision, url, kId, true, kNow};

  const Answer json_answer = block_page(facts, Form::json);
  CHECK(json_answer.content_type == "application/json");
  const auto json = nlohmann::json::parse(json_answer.body);
  CHECK(json.at("error") == "blocked");
  CHECK(json.at("category") == "self-harm-and-suicide");
  CHECK(json.at("id") == kId);
  CHECK(json.at("help").at(1).at("name") == "Samaritans");
  CHECK(json.at("help").at(1).at("phone") == "116 123");
  CHECK_FALSE(json.at("says").get<std::string>().empty());

  const Answer pixel = block_page(facts, Form::image);
  CHECK(pixel.content_type == "image/gif");
  CHECK(pixel.body.size() == 43);
  CHECK(pixel.body.starts_with("GIF89a"));
  CHECK(pixel.body.ends_with(";"));
  CHECK(block_page(facts, Form::script).content_type == "text/javascript; charset=utf-8");
  CHECK(block_page(facts, Form::script).body.empty());
  CHECK(block_page(facts, Form::style).content_type == "text/css; charset=utf-8");
  CHECK(block_page(facts, Form::style).body.empty());
}

TEST_CASE_FIXTURE(Fixture, "block page: JSON has no category where none spoke") {
  Decision decision;
  decision.verdict = rules::policy::Verdict::block;
  rules::url::CanonicalUrl url;
  REQUIRE(url.assign("https://blocked.example/"));
  const auto json = nlohmann::json::parse(block_page({*rules, decision, url, kId, true, kNow}, Form::json).body);
  CHECK(json.at("category").is_null());
  CHECK(json.at("help").empty());
}
