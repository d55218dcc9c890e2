#include "rules/url/inner_url.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "rules/url/host_within.hpp"

using namespace fairlead::rules::url;

namespace {

/// The hosts that are found, in order, a '!' in front of one that is carried.
std::vector<std::string> hosts_in(const std::string& address, const InnerPlaces& places = {}) {
  CanonicalUrl url, inner;
  REQUIRE(url.assign(address));
  std::vector<std::string> hosts;
  for (const InnerUrl& found : find_inner_urls(url, places).found) {
    if (!read_inner_url(found, inner)) continue;
    std::string host = (found.carried ? "!" : "") + std::string(inner.host());
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(std::move(host));
  }
  return hosts;
}

using Hosts = std::vector<std::string>;

}  // namespace

TEST_CASE("find_inner_urls: an address with its scheme, on any site, after none, one and two decodings") {
  for (const std::string inner : {"http://blocked.example/x",
                                  "https://blocked.example",
                                  "HTTPS://BLOCKED.example/",
                                  "http:/blocked.example/x",
                                  "http:blocked.example",
                                  "http:%5C%5Cblocked.example%5Cx",
                                  "http%3A%2F%2Fblocked.example%2Fx",
                                  "http%253A%252F%252Fblocked.example",
                                  "%68ttp://blocked.example",
                                  "%2568ttp%253a//blocked.example",
                                  "ht%09tp://blocked.example",
                                  "http://user@blocked.example/",
                                  "http://open.example@blocked.example/",
                                  "//blocked.example/x",
                                  "%2F%2Fblocked.example",
                                  "%252f%252fblocked.example",
                                  "%20http://blocked.example/",
                                  "http://blocked.example.",
                                  "http://blocked.example:8443/x",
                                  "http://%62locked.example/"}) {
    CAPTURE(inner);
    CHECK(hosts_in("https://lesson.example/?u=" + inner) == Hosts{"blocked.example"});
    CHECK(hosts_in("https://lesson.example/?a=1&u=" + inner + "&b=2") == Hosts{"blocked.example"});
  }
  for (const std::string inner :
       {"http://blocked.example/x", "http%3A%2F%2Fblocked.example%2Fx", "x/https:/blocked.example",
        "http%253A%252F%252Fblocked.example", "/blocked.example/x", "x/%2F%2Fblocked.example"}) {
    CAPTURE(inner);
    CHECK(hosts_in("https://lesson.example/" + inner) == Hosts{"blocked.example"});
  }
  CHECK(hosts_in("https://lesson.example/?https://blocked.example/?a=b") == Hosts{"blocked.example"});
}

TEST_CASE("find_inner_urls: one inside another is found as well") {
  CHECK(hosts_in("https://lesson.example/?u=https%3A%2F%2Fwrap.example%2F%3Fu%3Dhttp%253A%252F%252Fblocked.example") ==
        Hosts{"wrap.example", "blocked.example"});
  CHECK(hosts_in("https://lesson.example/https://wrap.example/http://blocked.example/") ==
        Hosts{"wrap.example", "blocked.example"});
}

TEST_CASE("find_inner_urls: what is no address is not one") {
  for (const std::string address :
       {"https://lesson.example/", "https://lesson.example/a/b?c=d&e=f", "https://lesson.example/?u=blocked.example",
        "https://lesson.example/blocked.example/", "https://lesson.example/?u=xhttp://blocked.example",
        "https://lesson.example/what-is-http:", "https://lesson.example/?q=http", "https://lesson.example/?q=a//b",
        "https://lesson.example/a//b/", "https://lesson.example/?time=10:30",
        "https://lesson.example/?u=mailto:a@b.example"}) {
    CAPTURE(address);
    CHECK(hosts_in(address).empty());
  }
}

TEST_CASE("find_inner_urls: an address in the path takes the query with it, one in a parameter does not") {
  CanonicalUrl url;
  REQUIRE(url.assign("https://lesson.example/http://blocked.example/a?b=c"));
  CHECK(find_inner_urls(url, {}).found.front().text == "http://blocked.example/a?b=c");
  REQUIRE(url.assign("https://lesson.example/?u=http://blocked.example/a&b=c"));
  CHECK(find_inner_urls(url, {}).found.front().text == "http://blocked.example/a");
}

TEST_CASE("find_inner_urls: a carrying parameter holds bare hosts too, a silent one holds nothing") {
  const InnerPlaces places{{"u"}, {"ref"}, {}};
  for (const std::string value :
       {"blocked.example", "blocked.example/x", "ssl:blocked.example/x", "cache:4bF3x:blocked.example/x+word",
        "blocked.example:8080", "blocked.example%2Fx", "blocked%252Eexample", "%20blocked.example", "BLOCKED.example",
        "http://blocked.example", "blocked.example+a+word", "site:blocked.example"}) {
    CAPTURE(value);
    CHECK(hosts_in("https://carrier.example/?u=" + value, places) == Hosts{"!blocked.example"});
    CHECK(hosts_in("https://carrier.example/?%75=" + value, places) == Hosts{"!blocked.example"});
    CHECK(hosts_in("https://carrier.example/?ref=" + value, places).empty());
  }
  CHECK(hosts_in("https://carrier.example/?u=93.184.216.34", places) == Hosts{"!93.184.216.34"});
  for (const std::string value : {"3.5", "word", "", "a.b", "two+words", "en-GB", ".", "v1."}) {
    CAPTURE(value);
    CHECK(hosts_in("https://carrier.example/?u=" + value, places).empty());
  }
}

TEST_CASE("find_inner_urls: behind a carrying path stands an address, with or without a scheme") {
  const auto behind = [](const std::string& path) {
    CanonicalUrl url, inner;
    REQUIRE(url.assign("https://carrier.example/web/" + path));
    InnerPlaces places;
    places.carried_path = url.path().substr(5);
    Hosts hosts;
    for (const InnerUrl& found : find_inner_urls(url, places).found) {
      if (!found.carried || !read_inner_url(found, inner)) continue;
      if (hosts.empty() || hosts.back() != inner.host()) hosts.emplace_back(inner.host());
    }
    return hosts;
  };
  for (const std::string path : {"blocked.example/x", "s/blocked.example", "2020/http://blocked.example/x",
                                 "2020id_/https:/blocked.example", "a/b/c/blocked.example/x", "blocked%2Eexample/"}) {
    CAPTURE(path);
    CHECK(behind(path) == Hosts{"blocked.example"});
  }
  CHECK(behind("a/b/c").empty());
}

TEST_CASE("find_inner_urls: bounded in number and size, and says when there is more") {
  CanonicalUrl url;
  std::string address = "https://lesson.example/?";
  for (std::size_t i = 0; i < kMostInnerUrls; ++i) address += "u=http://a" + std::to_string(i) + ".example/&";
  REQUIRE(url.assign(address));
  CHECK(find_inner_urls(url, {}).found.size() == kMostInnerUrls);
  CHECK_FALSE(find_inner_urls(url, {}).too_many);
  REQUIRE(url.assign(address + "u=http://one-more.example/"));
  CHECK(find_inner_urls(url, {}).found.size() == kMostInnerUrls);
  CHECK(find_inner_urls(url, {}).too_many);
  REQUIRE(url.assign(address + "u=http://a0.example/"));  // the same again is no more
  CHECK_FALSE(find_inner_urls(url, {}).too_many);
  REQUIRE(url.assign("https://lesson.example/?u=http://a.example/" + std::string(10'000, 'x')));
  REQUIRE(find_inner_urls(url, {}).found.size() == 1);
  CHECK(find_inner_urls(url, {}).found.front().text.size() == kMostInnerBytes);
}

TEST_CASE("may_hold_inner_url: never says no where there is one") {
  constexpr std::string_view kPieces[] = {"http",      "HTTPS", ":", "/", "//", "%2F", "%252f", "%3A", "%253A", "%68",
                                          "a.example", "?",     "&", "=", "%",  "%25", "\\",    "%5C", "u",     "."};
  std::mt19937 random(7);  // the same texts at every run
  CanonicalUrl url;
  std::size_t found = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string address = "https://lesson.example/";
    for (int piece = 0; piece < 12; ++piece) address += kPieces[random() % std::size(kPieces)];
    if (!url.assign(address)) continue;
    const InnerUrls inner = find_inner_urls(url, {});
    CAPTURE(address);
    if (!inner.found.empty()) CHECK(may_hold_inner_url(url));
    found += inner.found.size();
  }
  CHECK(found > 1'000);  // the property was put to the test
}

TEST_CASE("host_within: translators and AMP caches write the site into a name") {
  CHECK(host_within("www-blocked-example.translate.goog") == "www.blocked.example");
  CHECK(host_within("my--site-example.translate.goog") == "my-site.example");
  CHECK(host_within("www-blocked-example.cdn.ampproject.org") == "www.blocked.example");
  CHECK(host_within("www-blocked-example.bing-amp.com") == "www.blocked.example");
  CHECK(host_within("0-my--site-example-0.cdn.ampproject.org") == "my-site.example");
  CHECK(host_within("xn--bcher-example-wob.translate.goog") == "xn--bcher-kva.example");
  for (const std::string_view host :
       {"translate.goog", "www.translate.goog.example", "mytranslate.goog", "www-blocked-example.example",
        "lbcbxhrwsoxbqvvkgzvgcqkbrygjhrjrrkvjqwwgckgbkkvgjbxq.cdn.ampproject.org", "ampproject.org"}) {
    CAPTURE(host);
    CHECK(host_within(host) == "");
  }
}
