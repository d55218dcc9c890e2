// What an address that a URL carries inside its own does to the verdict.
#include <doctest/doctest.h>

#include <string>

#include "rules/url/inner_url.hpp"
#include "tests/unit/rules/policy/texts.hpp"

namespace fairlead::rules::policy {
namespace {

using test::category;
using test::decide;

std::string with_host(const std::string& id, const std::string& host, const std::string& severity,
                      const std::string& more = "") {
  return category(id, "block: {hosts: [" + host + "]}\n", "", severity, more);
}

std::shared_ptr<const Rules> sample() {
  const auto built = test::build(
      {{"conduct/bets.yaml", with_host("bets", "bets.example", "medium")},
       {"conduct/worse.yaml", with_host("worse", "worse.example", "critical")},
       {"conduct/small.yaml", with_host("small", "small.example", "low")},
       {"conduct/adverts.yaml", with_host("adverts", "adverts.example", "high", "quiet: true\n")},
       {"conduct/listed.yaml", with_host("listed", "listed.example", "critical", "statutory: true\n")},
       {"conduct/seen.yaml", with_host("seen", "seen.example", "medium")},
       {"protected.yaml", "protected:\n  - {hosts: [help.example], because: Help.}\n"},
       {"search_engines.yaml", "engines:\n  - {name: F, hosts: [find.example], paths: [/search], params: [q]}\n"},
       {"carriers.yaml",
        "carriers:\n  - {name: C, hosts: [carry.example, opened.example], params: [u], behind: [/amp]}\n"
        "mentions:\n  - {params: [ref]}\n  - {hosts: [scan.example]}\n"},
       {"policy.yaml",
        test::policy("bets: block, worse: block, small: block, adverts: block, seen: observe, listed: block",
                     "exceptions:\n  - {url: opened.example, groups: [learners], action: allow, owner: O, reason: R, "
                     "expires: 2027-01-01}\n")}});
  REQUIRE_MESSAGE(built.rules, built.all());
  return built.rules;
}

Verdict verdict(const Rules& rules, const std::string& url) { return decide(rules, url).verdict; }

TEST_CASE("decide: the stricter verdict of the URL and of the addresses inside it") {
  const auto rules = sample();
  const Decision decision = decide(*rules, "https://lesson.example/?a=http://open.example/&u=http://bets.example/x?y");
  CHECK(decision.verdict == Verdict::block);
  CHECK(decision.about == About::inner);
  CHECK(decision.address == "http://bets.example/x?y");
  REQUIRE(decision.category() != nullptr);
  CHECK(decision.category()->id == "bets");
  CHECK(decision.winner->address == decision.address);
  CHECK(decide(*rules, "https://lesson.example/?u=http://bets.example/&v=http://worse.example/").category()->id ==
        "worse");

  const Decision itself = decide(*rules, "https://bets.example/?u=http://worse.example/");
  CHECK(itself.about == About::asked);
  CHECK(itself.address.empty());
}

TEST_CASE("decide: the asked site's own rules are among the losers when an address inside it decides") {
  const auto rules = sample();
  const Decision decision = decide(*rules, "https://seen.example/?u=http://bets.example/");
  CHECK(decision.category()->id == "bets");
  REQUIRE(decision.losers.size() == 1);
  CHECK(decision.losers[0].rule == "seen.example");
  CHECK(decision.losers[0].address.empty());
}

TEST_CASE("decide: a mention of what is of little weight, or only counted or observed, closes nothing") {
  const auto rules = sample();
  CHECK(verdict(*rules, "https://lesson.example/?u=http://small.example/") == Verdict::allow);
  CHECK(verdict(*rules, "https://lesson.example/?u=http://adverts.example/") == Verdict::allow);
  CHECK(verdict(*rules, "https://lesson.example/?u=http://seen.example/") == Verdict::allow);
  CHECK(verdict(*rules, "https://lesson.example/?u=http://help.example/") == Verdict::allow);
}

TEST_CASE("decide: a carrier stands for what it carries, with a scheme or without") {
  const auto rules = sample();
  CHECK(verdict(*rules, "https://carry.example/?u=bets.example") == Verdict::block);
  CHECK(verdict(*rules, "https://carry.example/?u=small.example/x") == Verdict::block);
  CHECK(verdict(*rules, "https://carry.example/amp/s/small.example/x") == Verdict::block);
  CHECK(verdict(*rules, "https://carry.example/?u=seen.example") == Verdict::observe);
  CHECK(verdict(*rules, "https://carry.example/?u=adverts.example") == Verdict::allow);
  CHECK(verdict(*rules, "https://carry.example/?v=bets.example") == Verdict::allow);
  CHECK(verdict(*rules, "https://lesson.example/?u=bets.example") == Verdict::allow);
  CHECK(verdict(*rules, "https://lesson.example/amp/s/bets.example/") == Verdict::allow);
  CHECK(verdict(*rules, "https://www-bets-example.translate.goog/") == Verdict::block);
  CHECK(verdict(*rules, "https://www-open-example.translate.goog/") == Verdict::allow);
}

TEST_CASE("decide: what opens a site by name is not closed by what its address mentions") {
  const auto rules = sample();
  CHECK(verdict(*rules, "https://help.example/?u=http://bets.example/") == Verdict::allow);
  CHECK(verdict(*rules, "https://help.example/?u=http://listed.example/") == Verdict::allow);
  CHECK(verdict(*rules, "https://opened.example/?u=http://bets.example/") == Verdict::allow);
  CHECK(verdict(*rules, "https://opened.example/?page=http://listed.example/") == Verdict::allow);
  // No exception opens what the law closes.
  CHECK(verdict(*rules, "https://opened.example/?u=http://listed.example/") == Verdict::block);
}

TEST_CASE("decide: words of a search, and what only mentions, hold no address") {
  const auto rules = sample();
  CHECK(verdict(*rules, "https://find.example/search?q=http%3A%2F%2Fbets.example%2F") == Verdict::allow);
  CHECK(verdict(*rules, "https://find.example/search?q=tiles&u=http%3A%2F%2Fbets.example%2F") == Verdict::block);
  CHECK(verdict(*rules, "https://find.example/away?q=http%3A%2F%2Fbets.example%2F") == Verdict::block);
  CHECK(verdict(*rules, "https://lesson.example/?ref=http%3A%2F%2Fbets.example%2F") == Verdict::allow);
  CHECK(verdict(*rules, "https://scan.example/http://bets.example/") == Verdict::allow);
}

TEST_CASE("decide: an IP address in place of a name is refused, however it is written") {
  const std::string allow =
      "exceptions:\n  - {url: \"http://203.0.113.9\", groups: [learners], action: allow, owner: O, "
      "reason: R, expires: 2027-01-01}\n";
  const auto with = [&](const std::string& network) {
    const auto built =
        test::build({{"conduct/bets.yaml", with_host("bets", "\"198.51.100.7\"", "medium")},
                     {"carriers.yaml", "carriers:\n  - {name: C, hosts: [carry.example], params: [u]}\n"},
                     {"policy.yaml", test::policy("bets: block", allow + network)}});
    REQUIRE_MESSAGE(built.rules, built.all());
    return built.rules;
  };
  const auto rules = with("network: {allowed_addresses: [203.0.113.7, \"2001:db8::/32\"]}\n");
  for (const std::string address :
       {"http://93.184.216.34/", "http://0x5db8d822/", "http://1572395042/", "https://0135.0270.0330.042/",
        "http://[::ffff:93.184.216.34]/", "http://[2606:2800::1]/", "http://carry.example/?u=93.184.216.34"}) {
    CAPTURE(address);
    const Decision decision = decide(*rules, address);
    CHECK(decision.verdict == Verdict::block);
    CHECK(decision.ip_literal);
    CHECK_FALSE(decision.winner);
  }
  for (const std::string address :
       {"http://127.0.0.1/", "http://192.168.1.1/", "http://[fe80::1]/", "http://203.0.113.7/", "https://0xcb007107/",
        "http://[2001:db8::5]/", "http://203.0.113.9/", "http://name.example/",
        "http://lesson.example/?u=http://93.184.216.34/"}) {
    CAPTURE(address);
    CHECK(verdict(*rules, address) == Verdict::allow);
  }
  const Decision listed = decide(*rules, "http://198.51.100.7/");  // a rule that names it says more
  CHECK(listed.verdict == Verdict::block);
  CHECK_FALSE(listed.ip_literal);
  CHECK(verdict(*with("network: {address_targets: allow}\n"), "http://93.184.216.34/") == Verdict::allow);
}

TEST_CASE("decide: a host that looks like another is judged as that one") {
  const auto built = test::build(
      {{"contact/phishing-and-identity-theft.yaml",
        "category: phishing-and-identity-theft\ntitle: T\nrisk: contact\nseverity: high\nsays: S.\nhelp: "
        "[safeguarding-lead]\n"
        "block: {hosts: [bad.example]}\ntests: {must_block: [bad.example], must_allow: [open.example]}\n"},
       {"conduct/bets.yaml", with_host("bets", "bet365.com", "low")},
       {"protected.yaml",
        "protected:\n  - {hosts: [samaritans.org], because: Help.}\nimitated: [apple.com, dhl.com]\n"},
       {"policy.yaml",
        test::policy("bets: block, phishing-and-identity-theft: block",
                     "exceptions:\n  - {url: \"xn--bt365-zwe.example\", groups: [learners], action: allow, owner: O, "
                     "reason: R, expires: 2027-01-01}\n")}});
  REQUIRE_MESSAGE(built.rules, built.all());
  const auto category_of = [&](const std::string& host) {
    const Decision decision = decide(*built.rules, "https://" + host + "/x");
    CHECK((decision.about == About::look_alike) == (decision.verdict == Verdict::block));
    return decision.category() == nullptr ? "" : decision.category()->id;
  };
  CHECK(category_of("bеt365.com") == "bets");
  CHECK(category_of("www.bеt365.com") == "bets");
  CHECK(category_of("ѕаmаritаns.org") == "phishing-and-identity-theft");
  CHECK(category_of("xn--80ak6aa92e.com") == "phishing-and-identity-theft");
  CHECK(category_of("xn--80ak6aa92e.net") == "phishing-and-identity-theft");  // under any public suffix
  CHECK(category_of("dһl.com") == "phishing-and-identity-theft");
  CHECK(category_of("dһl.net") == "");  // three letters are a word of many languages
  CHECK(category_of("xn--80ak6aa92e.open.example") == "");
  CHECK(category_of("пример.рф") == "");
  CHECK(category_of("tŷ.cymru") == "");
  CHECK(decide(*built.rules, "https://xn--bt365-zwe.example/").verdict == Verdict::allow);
  const Decision decision = decide(*built.rules, "https://bеt365.com/x?y");
  CHECK(decision.address == "https://bet365.com/x?y");
  CHECK(decision.winner->address == decision.address);
}

TEST_CASE("decide_alias: rules of weight speak of what a name stands for; none of little weight does") {
  const auto rules = sample();
  const auto of = [&](const std::string& host) {
    url::CanonicalUrl url;
    REQUIRE(url.assign("https://" + host + "/"));
    return rules->decide_alias(url, 0, std::chrono::sys_days{std::chrono::year{2026} / 1 / 12});
  };
  CHECK(of("bets.example").verdict == Verdict::block);
  CHECK(of("bets.example").about == About::alias);
  CHECK(of("bets.example").address == "https://bets.example/");
  CHECK(of("listed.example").verdict == Verdict::block);
  for (const std::string host : {"small.example", "adverts.example", "seen.example", "help.example", "open.example"}) {
    CAPTURE(host);
    CHECK(of(host).verdict == Verdict::allow);
  }
}

TEST_CASE("decide: a page with more addresses than are looked at is not cleared") {
  const auto rules = sample();
  std::string address = "https://lesson.example/?";
  for (std::size_t i = 0; i <= url::kMostInnerUrls; ++i) address += "u=http://a" + std::to_string(i) + ".example/&";
  const Decision decision = decide(*rules, address);
  CHECK(decision.verdict == Verdict::block);
  CHECK(decision.undecided);
  CHECK(decision.about == About::inner);
}

}  // namespace
}  // namespace fairlead::rules::policy
