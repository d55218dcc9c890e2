#include <doctest/doctest.h>

#include <sstream>

#include "tests/unit/rules/catalog/imports/imported.hpp"
#include "tests/unit/rules/catalog/imports/plain_filter_matcher.hpp"

using namespace fairlead::rules::catalog;
namespace url = fairlead::rules::url;

namespace {

constexpr std::string_view kAll = "all";

std::string types_of(const Filter& filter) {
  constexpr std::string_view kNames = "dfsiycmoxwpr";  // in the order of ResourceType
  if (filter.types == kEveryType) return std::string(kAll);
  std::string names;
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if ((filter.types >> i & 1U) != 0) names += kNames[i];
  return names;
}

/// A filter in one line: "@@ ||pattern| types third +domain -domain important case".
std::string shown(const Filter& filter) {
  std::string text = filter.exception ? "@@ " : "";
  text += filter.at_host_label ? "||" : filter.at_begin ? "|" : "";
  text += filter.re2.empty() ? filter.pattern : "re2:" + filter.re2;
  if (filter.at_end) text += "|";
  text += " " + types_of(filter);
  if (filter.party != Party::any) text += filter.party == Party::third ? " third" : " first";
  for (const std::string& domain : filter.domains) text += " +" + domain;
  for (const std::string& domain : filter.not_domains) text += " -" + domain;
  if (filter.important) text += " important";
  if (filter.match_case) text += " case";
  return text;
}

Texts told(std::string_view lines) {
  const Imported list = imported(lines, ListFormat::adblock);
  Texts all;
  for (const std::string& host : list.hosts) all.push_back("host " + host);
  for (const Filter& filter : list.filters) all.push_back(shown(filter));
  for (const std::string& left_out : list.left_out) all.push_back(left_out.substr(0, left_out.rfind(": ")));
  return all;
}

bool matches(std::string_view line, std::string_view address, ResourceType type = ResourceType::script,
             std::string page = "page.example") {
  const Imported list = imported(line, ListFormat::adblock);
  REQUIRE(list.filters.size() == 1);
  url::CanonicalUrl request;
  REQUIRE(request.assign(address));
  return PlainFilterMatcher(list.filters.front(), {request, type, std::move(page)}).matches();
}

}  // namespace

TEST_CASE("adblock: a host without conditions is a host") {
  CHECK(told("||bad.example^") == Texts{"host bad.example"});
  CHECK(told("||B\xC3\xBC"
             "cher.example^") == Texts{"host xn--bcher-kva.example"});
  CHECK(told("||bad.example^*") == Texts{"host bad.example"});
  CHECK(told("||203.0.113.7^") == Texts{"host 203.0.113.7"});
  CHECK(told("||bad.example^$all") == Texts{"host bad.example"});
  CHECK(told("||com^") == Texts{"1: matches everything"});
  CHECK(told("||localnet^") == Texts{"1: not a host"});
}

TEST_CASE("adblock: anything that narrows or strengthens a host makes it a filter") {
  CHECK(told("||bad.example^$third-party") == Texts{"||bad.example^ all third"});
  CHECK(told("||bad.example^$important") == Texts{"||bad.example^ all important"});
  CHECK(told("||bad.example^|") == Texts{"||bad.example^| all"});
  CHECK(told("||bad.example/") == Texts{"||bad.example/ all"});
  CHECK(told("||bad.example") == Texts{"||bad.example all"});
  CHECK(told("@@||good.example^") == Texts{"@@ ||good.example^ all"});
}

TEST_CASE("adblock: anchors, stars and case of the pattern") {
  CHECK(told("/Banner/*/AD.") == Texts{"/banner/*/ad. all"});
  CHECK(told("/Banner/*$match-case") == Texts{"/Banner/ all case"});
  CHECK(told("|https://bad.example/x|") == Texts{"|https://bad.example/x| all"});
  CHECK(told("*/ads/***/x/*") == Texts{"/ads/*/x/ all"});
  CHECK(told("|*x-ads*|") == Texts{"x-ads all"});
  CHECK(told("/caf\xC3\xA9-ads") == Texts{"/caf%c3%a9-ads all"});
  CHECK(told("|ws://bad.example^$domain=a.example") == Texts{"://bad.example^ w +a.example"});
}

TEST_CASE("adblock: types, given and excepted") {
  CHECK(told("/ad.$script,image") == Texts{"/ad. si"});
  CHECK(told("/ad.$~script,~image") == Texts{"/ad. dfycmoxwpr"});
  CHECK(told("/ad.$xhr,css,frame,doc,beacon,object-subrequest") == Texts{"/ad. dfyoxp"});
  CHECK(told("/ad.$popup,script") == Texts{"/ad. s"});
  CHECK(told("/ad.$popup") == Texts{"1: not about requests"});
  CHECK(told("/ad.$script,~script") == Texts{"1: bad syntax"});
}

TEST_CASE("adblock: parties and pages") {
  CHECK(told("/ad.$3p") == Texts{"/ad. all third"});
  CHECK(told("/ad.$~third-party") == Texts{"/ad. all first"});
  CHECK(told("/ad.$1p,3p") == Texts{"/ad. all"});
  CHECK(told("/ad.$domain=B.example|a.example|~c.a.example") == Texts{"/ad. all +a.example +b.example -c.a.example"});
  CHECK(told("/ad.$from=a.example") == Texts{"/ad. all +a.example"});
  CHECK(told("/ad.$domain=a.*|b.example") == Texts{"1: unknown option"});
  CHECK(told("/ad.$domain=") == Texts{"1: bad syntax"});
}

TEST_CASE("adblock: what only says how a block looks is a block; what changes pages is not") {
  CHECK(told("||bad.example/x.js$script,redirect=noopjs") == Texts{"||bad.example/x.js s"});
  CHECK(told("||bad.example/x.js$rewrite=abp-resource:blank-js") == Texts{"||bad.example/x.js all"});
  for (const std::string option :
       {"redirect-rule=noopjs", "csp=script-src 'self'", "removeparam=utm", "generichide", "elemhide", "inline-script",
        "permissions=geolocation=()", "header=x", "replace=/a,b$c/d/"}) {
    CAPTURE(option);
    CHECK(told("||bad.example^$" + option) == Texts{"1: not about requests"});
  }
  for (const std::string option : {"method=post", "denyallow=a.example", "to=a.example", "strict3p", "whatever"}) {
    CAPTURE(option);
    CHECK(told("||bad.example^$" + option) == Texts{"1: unknown option"});
  }
}

TEST_CASE("adblock: page rules, comments and headings") {
  for (const std::string line :
       {"##.ad", "###ad", "a.example##.ad", "a.example#@#.ad", "a.example#?#div", "a.example#$#x {}", "a.example#%#var",
        "a.example##+js(x)", "a.example$$script[a=\"b\"]", "#@#.ad"})
    CHECK(told(line).front() == "1: not about requests");
  CHECK(told("! text\n[Adblock Plus 2.0]\n# text\n#\n#### text\n\n").empty());
}

TEST_CASE("adblock: a page that is left alone is two exceptions: for itself and for what it asks for") {
  CHECK(told("@@||good.example^$document") == Texts{"@@  all +good.example", "@@ ||good.example^ d"});
  CHECK(told("@@||good.example^$document,domain=a.example") == Texts{"@@ ||good.example^ d +a.example"});
  CHECK(told("@@||good.example/path$document") == Texts{"@@ ||good.example/path d"});
}

TEST_CASE("adblock: badfilter cancels the filter of the same text, above or below") {
  CHECK(
      told("||a.example^$script,badfilter\n||a.example^$script\n||b.example^\n||b.example^$badfilter\n||c.example^") ==
      Texts{"host c.example", "1: cancelled", "2: cancelled", "3: cancelled", "4: cancelled"});
}

TEST_CASE("adblock: expressions between slashes") {
  CHECK(told("/banner[0-9]+/") == Texts{"re2:banner[0-9]+ all"});
  CHECK(told("/^https?:\\/\\/x\\.example\\/$/$script,3p") == Texts{"re2:^https?:\\/\\/x\\.example\\/$ s third"});
  CHECK(told("/ad(?!dress)/") == Texts{"1: bad pattern"});
  CHECK(told("/./") == Texts{"1: matches everything"});
  CHECK(told("/./$domain=a.example") == Texts{"re2:. all +a.example"});
}

TEST_CASE("adblock: what would close the whole web needs pages that it is limited to") {
  for (const std::string line :
       {"*", "|http://", "|https://$third-party", "^", "$script", "@@*", "/", "*$domain=~a.example"})
    CHECK(told(line) == Texts{"1: matches everything"});
  CHECK(told("|https://$script,domain=a.example") == Texts{"|https:// s +a.example"});
  CHECK(told("*$domain=a.example") == Texts{" all +a.example"});
}

TEST_CASE("adblock: lines of other formats are not filters") {
  CHECK(told("0.0.0.0 bad.example") == Texts{"1: bad syntax"});
  CHECK(told(std::string("/a\0b/c", 6)) == Texts{"1: bad syntax"});
}

TEST_CASE("plain filter matcher: the published examples") {
  CHECK(matches("/banner/*/img^", "http://example.com/banner/foo/img"));
  CHECK(matches("/banner/*/img^", "http://example.com/banner/foo/bar/img?param"));
  CHECK(matches("/banner/*/img^", "http://example.com/banner//img/foo"));
  CHECK_FALSE(matches("/banner/*/img^", "http://example.com/banner/img"));
  CHECK_FALSE(matches("/banner/*/img^", "http://example.com/banner/foo/imgraph"));
  CHECK_FALSE(matches("/banner/*/img^", "http://example.com/banner/foo/img.gif"));
  CHECK(matches("||ads.example.com^$third-party", "https://s1.ads.example.com/foo.gif"));
  CHECK_FALSE(matches("||ads.example.com^$third-party", "http://server.ads.example.com/f", ResourceType::script,
                      "www.example.com"));
  CHECK_FALSE(matches("||ads.example.com/x", "http://other.com/redirect/http://ads.example.com/x"));
  CHECK_FALSE(matches("||ads.example.com/x", "http://badads.example.com/x"));
  CHECK(matches("|http://example.com/|", "http://example.com/"));
  CHECK_FALSE(matches("|http://example.com/|", "http://example.com/foo.gif"));
  CHECK(
      matches("/ad.$domain=example.com|~foo.example.com", "http://x.example/ad.", ResourceType::script, "example.com"));
  CHECK_FALSE(matches("/ad.$domain=example.com|~foo.example.com", "http://x.example/ad.", ResourceType::script,
                      "foo.example.com"));
}
