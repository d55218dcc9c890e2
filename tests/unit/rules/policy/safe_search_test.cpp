#include "rules/policy/safe_search.hpp"

#include "texts.hpp"

namespace fairlead::rules::policy {
namespace {

using test::build;

constexpr std::string_view kEngines = R"(engines:
  - {id: google, hosts: [google.com, "google.{}", images.google.com], to: safe.google.com, parameter: safe=active}
  - {id: youtube, hosts: [www.youtube.com], to: {moderate: some.youtube.com, strict: much.youtube.com}}
  - {id: brave, hosts: [search.brave.com], to: safe.brave.com}
)";

/// Groups 0 learners (nothing said), 1 strict, 2 free, 3 like free.
constexpr std::string_view kPolicy = R"(organisation: O
version: "1"
groups:
  learners: {title: L, actions: {a: block}, default: allow}
  strict: {title: S, actions: {a: block}, default: allow, safe_search: {youtube: strict}}
  free: {title: F, actions: {a: block}, default: allow, safe_search: {engines: false, youtube: off}}
  guests: {title: G, like: free}
unknown_person: learners
exceptions:
  - {url: google.com, groups: [learners], action: allow, owner: O, reason: R, expires: 2027-03-31}
)";

std::shared_ptr<const Rules> rules() {
  const auto built = build({{"conduct/a.yaml", test::category("a", "block:\n  hosts: [google.com]\n")},
                            {"protected.yaml", "protected:\n  - {hosts: [search.brave.com], because: B}\n"},
                            {"safe_search.yaml", std::string(kEngines)},
                            {"policy.yaml", std::string(kPolicy)}});
  REQUIRE(built.rules);
  return built.rules;
}

std::string target(const Rules& rules, const std::string& address, std::uint16_t group = 0) {
  url::CanonicalUrl url;
  REQUIRE(url.assign(address));
  return std::string(rules.safe_search(url, group).connect_to);
}

std::string forced(const std::string& address) {
  const auto all = rules();
  url::CanonicalUrl url;
  REQUIRE(url.assign(address));
  REQUIRE(force_parameter(*all->safe_search(url, 0).engine, url));
  return std::string(url.href());
}

TEST_CASE("safe_search: a host stands for itself, with or without www., and for its countries where it says so") {
  const auto all = rules();
  for (const char* mapped :
       {"https://google.com/", "https://www.google.com/", "http://WWW.Google.com./maps", "https://www.google.co.uk/",
        "https://google.de/", "https://www.google.com.au:8443/", "https://images.google.com/", "wss://google.fr/"}) {
    CAPTURE(mapped);
    CHECK(target(*all, mapped) == "safe.google.com");
  }
  for (const char* other :
       {"https://maps.google.com/", "https://google.org/", "https://google.dev/", "https://google.co.uk.example/",
        "https://notgoogle.co.uk/", "https://mail.google.co.uk/", "https://images.google.de/", "https://google/",
        "https://www.www.google.com/", "https://google.com.uk.de/", "https://co.uk/", "https://youtube.co.uk/",
        "https://www.brave.com/", "https://safe.google.com/", "https://203.0.113.7/", "https://[2001:db8::7]/"}) {
    CAPTURE(other);
    CHECK(target(*all, other).empty());
  }
}

TEST_CASE("safe_search: each group has its level, and only its own words let it go") {
  const auto all = rules();
  CHECK(target(*all, "https://youtube.com/watch?v=1", 0) == "some.youtube.com");
  CHECK(target(*all, "https://www.youtube.com/", 1) == "much.youtube.com");
  CHECK(target(*all, "https://www.google.com/", 1) == "safe.google.com");
  for (const std::uint16_t group : {std::uint16_t{2}, std::uint16_t{3}}) {
    CHECK(target(*all, "https://www.youtube.com/", group).empty());
    CHECK(target(*all, "https://www.google.com/", group).empty());
  }
  // Nobody's group is that of unknown persons, never none.
  CHECK(target(*all, "https://www.google.com/", 99) == "safe.google.com");
}

TEST_CASE("safe_search: what an exception or a protected service opens is held to its safe mode all the same") {
  const auto all = rules();
  CHECK(test::decide(*all, "https://www.google.com/").level == Level::exception);
  CHECK(target(*all, "https://www.google.com/") == "safe.google.com");
  CHECK(test::decide(*all, "https://search.brave.com/").level == Level::protected_service);
  CHECK(target(*all, "https://search.brave.com/") == "safe.brave.com");
}

TEST_CASE("safe_search: without the file nothing is mapped") {
  const auto built = build({{"conduct/a.yaml", test::category("a", "block:\n  hosts: [x.example]\n")},
                            {"policy.yaml", test::policy("a: block")}});
  REQUIRE(built.rules);
  CHECK(target(*built.rules, "https://www.google.com/").empty());
}

TEST_CASE("force_parameter: the query says it exactly once, whatever it said before") {
  const std::string base = "http://www.google.com/search?";
  CHECK(forced(base + "q=roof+tiles") == base + "q=roof+tiles&safe=active");
  CHECK(forced(base + "q=a&safe=off&hl=en") == base + "q=a&hl=en&safe=active");
  CHECK(forced(base + "safe=off&q=a&safe=images") == base + "q=a&safe=active");
  CHECK(forced(base + "safe=active&q=a") == base + "q=a&safe=active");
  CHECK(forced(base + "q=a&safe") == base + "q=a&safe=active");
  CHECK(forced(base + "q=a&Safe=off&%73af%65=off&+safe=off") == base + "q=a&safe=active");
  CHECK(forced(base + "safe=off") == base + "safe=active");
  CHECK(forced(base + "q=safe%3Doff%26safe=off") == base + "q=safe%3Doff%26safe=off&safe=active");
  CHECK(forced("http://www.google.com/logo.png") == "http://www.google.com/logo.png");
  CHECK(forced("http://search.brave.com/search?q=a") == "http://search.brave.com/search?q=a");
}

TEST_CASE("ruleset_id: safe search decides too") {
  const auto id = [](const std::string& engines, const std::string& more) {
    const auto built = build({{"conduct/a.yaml", test::category("a", "block:\n  hosts: [x.example]\n")},
                              {"safe_search.yaml", engines},
                              {"policy.yaml",
                               "organisation: O\nversion: \"1\"\ngroups:\n  g: {title: G, actions: {a: "
                               "block}, default: allow" +
                                   more + "}\nunknown_person: g\n"}});
    REQUIRE(built.rules);
    return std::string(built.rules->ruleset_id());
  };
  const std::string engines(kEngines);
  const std::string first = id(engines, "");
  CHECK(id(engines, ", safe_search: {engines: true}") == first);
  CHECK(id(engines, ", safe_search: {engines: false}") != first);
  CHECK(id(engines, ", safe_search: {youtube: strict}") != first);
  CHECK(id(engines.substr(0, engines.rfind("  - ")), "") != first);
}

}  // namespace
}  // namespace fairlead::rules::policy
