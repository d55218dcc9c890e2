#include "agent/console/pages.hpp"
#include "agent/console/routes.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "tests/unit/agent/pages/sample.hpp"

using namespace fairlead;
using namespace fairlead::agent::console;
using agent::pages::Answer;
using agent::pages::ReportForm;
using sample::has;

namespace {

constexpr std::chrono::sys_seconds kPagesNow{
    std::chrono::seconds{1774436400}};  // Wednesday 25 March 2026, 11:00 in London

Request page_request(std::string path) {
  Request request;
  request.method = "GET";
  request.path = std::move(path);
  request.host = "127.0.0.1:3129";
  return request;
}

Request post(std::string body) {
  Request request = page_request("/report");
  request.method = "POST";
  request.sec_fetch_site = "same-origin";
  request.body = std::move(body);
  return request;
}

struct LearnerPages {
  std::shared_ptr<const rules::policy::Rules> rules = sample::rules_from(sample::catalog());
  std::vector<OwnBlock> blocks;
  std::optional<ReportForm> stored;
  int report_status = 200;
  bool answers_https = false;

  LearnerPages() { REQUIRE(rules != nullptr); }
  Answer ask(const Request& request) {
    return respond(request, {*rules, kPagesNow, [&] { return blocks; },
                             [&](const ReportForm& form) {
                               stored = form;
                               return report_status;
                             },
                             answers_https});
  }
};

OwnBlock block(std::string id, std::string host) {
  return {std::move(id),
          kPagesNow - std::chrono::hours{1},
          std::move(host),
          "Gambling",
          "Gambling sites are not available.",
          false,
          false,
          {}};
}

}  // namespace

TEST_CASE_FIXTURE(LearnerPages, "console: the first page says whether the filter is in force and leads on") {
  const Answer answer = ask(page_request("/"));
  CHECK(answer.status == 200);
  CHECK(has(answer.body, "<h1>The filter is on</h1>"));
  CHECK(has(answer.body, "href=\"/why\""));
  CHECK(has(answer.body, "href=\"/recorded\""));
  rules = rules::policy::Rules::builtin_minimum();
  CHECK(has(ask(page_request("/")).body, "<h1>The filter is on, with its basic rules</h1>"));
}

TEST_CASE_FIXTURE(LearnerPages, "console: /recorded says when this laptop answers in a site's place") {
  const std::string_view own = "with a certificate of its own";
  CHECK(has(ask(page_request("/recorded")).body, "cannot read the rest"));
  CHECK_FALSE(has(ask(page_request("/recorded")).body, own));
  answers_https = true;
  CHECK(has(ask(page_request("/recorded")).body, own));
  CHECK_FALSE(has(ask(page_request("/recorded")).body, "reads along"));
}

TEST_CASE_FIXTURE(LearnerPages, "console: /recorded names where this laptop reads along") {
  auto catalog = sample::catalog();
  catalog.policy.inspect.search = true;
  catalog.policy.inspect.hosts.push_back({"video.example", {}});
  rules = sample::rules_from(std::move(catalog));
  CHECK_FALSE(has(ask(page_request("/recorded")).body, "reads along"));  // without an authority it cannot
  answers_https = true;
  const std::string page = ask(page_request("/recorded")).body;
  CHECK_FALSE(has(page, "cannot read the rest"));
  CHECK(has(page, "words searched for.</li>"));
  CHECK(has(page, "<li>video.example: the address"));
  CHECK(has(page, "never read"));
}

TEST_CASE_FIXTURE(LearnerPages, "console: /why shows the person's entries with reason, time, reference and forms") {
  blocks = {block("K7QM-2D4X", "royal-casino7.example"), block("AB12-CD34", "second.example")};
  blocks[1].reported = true;
  const std::string page = ask(page_request("/why")).body;
  CHECK(has(page, "royal-casino7.example"));
  CHECK(has(page, "Stopped today at 10:00"));
  CHECK(has(page, "Gambling sites are not available."));
  CHECK(has(page, "action=\"/report\"><input type=\"hidden\" name=\"id\" value=\"K7QM-2D4X\">"));
  const std::size_t stored_at = page.find("Your answer to this is stored.");
  REQUIRE(stored_at != std::string::npos);
  CHECK(stored_at > page.find("second.example"));
  CHECK(page.find("Your answer to this is stored.", stored_at + 1) == std::string::npos);
}

TEST_CASE_FIXTURE(LearnerPages, "console: /why says which other site decided, and that a noted one was opened") {
  blocks = {block("K7QM-2D4X", "translate.example")};
  CHECK_FALSE(has(ask(page_request("/why")).body, "Because of another site"));
  blocks[0].because_of = "royal-casino7.example";
  CHECK(has(ask(page_request("/why")).body, "Because of another site that it leads to: royal-casino7.example"));
  blocks[0].let_through = true;
  CHECK(has(ask(page_request("/why")).body, "Opened and noted today at 10:00"));
}

TEST_CASE_FIXTURE(LearnerPages, "console: /why says where help is, at once where it is urgent") {
  blocks = {block("K7QM-2D4X", "one.example")};
  std::string page = ask(page_request("/why")).body;
  CHECK(has(page, "<summary>Where help is"));
  CHECK(has(page, "National Gambling Helpline (GamCare)"));
  blocks[0].category_title = "Self-harm and suicide";
  page = ask(page_request("/why")).body;
  CHECK_FALSE(has(page, "<summary>Where help is"));
  CHECK(page.find("116 123") < page.find("<summary>Answer this"));
}

TEST_CASE_FIXTURE(LearnerPages, "console: /why does not call stopped what was let through") {
  blocks = {block("K7QM-2D4X", "noted.example")};
  blocks[0].let_through = true;
  const std::string page = ask(page_request("/why")).body;
  CHECK(has(page, "Opened and noted today at 10:00"));
  CHECK_FALSE(has(page, "Gambling sites are not available."));
}

TEST_CASE_FIXTURE(LearnerPages, "console: /why shows twenty entries at most, and says so when there is none") {
  CHECK(has(ask(page_request("/why")).body, "<h1>Nothing was stopped</h1>"));
  for (int i = 0; i < 25; ++i) blocks.push_back(block("K7QM-2D4X", "host-" + std::to_string(i) + "-end.example"));
  const std::string page = ask(page_request("/why")).body;
  CHECK(has(page, "host-19-end"));
  CHECK_FALSE(has(page, "host-20-end"));
}

TEST_CASE_FIXTURE(LearnerPages, "console: a stored host cannot become markup") {
  blocks = {block("\"><b>", "</h2><script>x</script>")};
  blocks[0].category_title = "<i>";
  blocks[0].says = "<u>";
  const std::string page = ask(page_request("/why")).body;
  for (const std::string_view markup : {"<script", "<b>", "<i>", "<u>"}) CHECK_FALSE(has(page, markup));
}

TEST_CASE_FIXTURE(LearnerPages, "console: /recorded is written from the policy in force") {
  auto catalog = sample::catalog();
  catalog.policy.retention.high = std::chrono::days{77};
  rules = sample::rules_from(std::move(catalog));
  REQUIRE(rules);
  const std::string page = ask(page_request("/recorded")).body;
  CHECK(has(page, "77 days"));
  CHECK(has(page, "365 days"));
  CHECK(has(page, "Only counted: no name, no site</th><td>Social media</td>"));
  CHECK(
      has(page,
          "without anything after a question mark</th><td>Extremism and radicalisation; Malware and ransomware</td>"));
  CHECK(has(page, "Sample Person, 01632 960001"));
}

TEST_CASE_FIXTURE(LearnerPages, "console: a report of one of our pages is stored") {
  const Answer answer = ask(post("id=K7QM-2D4X&kind=wrong&words=For+work"));
  CHECK(answer.status == 200);
  REQUIRE(stored);
  CHECK(stored->id == "K7QM-2D4X");
  CHECK(stored->kind == "wrong");
  CHECK(stored->words == "For work");
  report_status = 404;
  CHECK(ask(post("id=K7QM-2D4X&kind=wrong")).status == 404);
  report_status = 503;
  CHECK(ask(post("id=K7QM-2D4X&kind=wrong")).status == 503);
}

TEST_CASE_FIXTURE(LearnerPages, "console: a report without a known id or kind is not stored") {
  CHECK(ask(post("id=nonsense&kind=wrong")).status == 404);
  CHECK(ask(post("id=K7QM-2D4X&kind=other")).status == 404);
  CHECK_FALSE(stored);
}

TEST_CASE_FIXTURE(LearnerPages, "console: a report that another site makes the browser send is refused") {
  Request request = post("id=K7QM-2D4X&kind=accident");
  for (const char* site : {"cross-site", "same-site", "none", ""}) {
    CAPTURE(site);
    request.sec_fetch_site = site;
    request.origin = site[0] == '\0' ? "https://evil.example" : "http://127.0.0.1:3129";
    CHECK(ask(request).status == 403);
  }
  request.origin = "null";
  CHECK(ask(request).status == 403);
  request.origin.clear();
  CHECK(ask(request).status == 403);
  CHECK_FALSE(stored);
}

TEST_CASE("is_from_our_page: Sec-Fetch-Site decides, the Origin where it is missing") {
  Request request = post("");
  request.origin = "null";  // what browsers send from a page without referrer
  CHECK(is_from_our_page(request));
  request.sec_fetch_site.clear();
  CHECK_FALSE(is_from_our_page(request));
  request.origin = "http://127.0.0.1:3129";
  CHECK(is_from_our_page(request));
  request.origin = "http://127.0.0.1:8080";
  CHECK_FALSE(is_from_our_page(request));
}

TEST_CASE_FIXTURE(LearnerPages, "console: reading changes nothing, and there are no other pages") {
  CHECK(ask(page_request("/report")).status == 404);
  CHECK(ask(page_request("/etc/passwd")).status == 404);
  CHECK(ask(page_request("//why")).status == 404);
  Request request = post("id=K7QM-2D4X&kind=wrong");
  request.path = "/why";
  CHECK(ask(request).status == 404);
  CHECK_FALSE(stored);
}
