#include "rules/policy/inspection.hpp"

#include "texts.hpp"

namespace fairlead::rules::policy::test {
namespace {

constexpr const char* kEngines = R"(engines:
  - {name: Finder, hosts: [finder.example, "finder.{}"], paths: [/search], params: [q]}
  - {name: Shop, hosts: [shop.example], paths: [/s], params: [k], within_site: true}
  - {name: Clinic, hosts: [search.nhs.uk], params: [q]}
)";
constexpr const char* kProtected = R"(protected:
  - {hosts: [helpline.example], because: Help.}
)";

Built with(const std::string& inspect) {
  return build({{"conduct/games.yaml", category("games", "block: {hosts: [games.example]}\n")},
                {"search_engines.yaml", kEngines},
                {"protected.yaml", kProtected},
                {"policy.yaml", policy("games: block", inspect)}});
}

Inspection of(const Built& built, std::string_view host, url::HostKind kind = url::HostKind::name) {
  REQUIRE(built.rules != nullptr);
  return built.rules->inspection_of(host, kind);
}

TEST_CASE("Rules::inspection_of: nothing is inspected that the policy does not ask for") {
  for (const char* inspect : {"", "inspect: {search: false, hosts: []}\n"}) {
    const Built built = with(inspect);
    for (const char* host : {"finder.example", "tools.example", "monzo.com"}) {
      CHECK(of(built, host) == Inspection::not_asked);
    }
  }
}

TEST_CASE("Rules::inspection_of: search means search engines, not searches within a site") {
  const Built built = with("inspect: {search: true}\n");
  CHECK(of(built, "finder.example") == Inspection::search_engine);
  CHECK(of(built, "www.finder.example") == Inspection::search_engine);
  CHECK(of(built, "finder.co.uk") == Inspection::search_engine);
  CHECK(of(built, "mail.finder.example") == Inspection::not_asked);
  CHECK(of(built, "shop.example") == Inspection::not_asked);
  CHECK(of(built, "tools.example") == Inspection::not_asked);
}

TEST_CASE("Rules::inspection_of: a named host stands for all below it") {
  const Built built = with("inspect: {hosts: [tools.example, 192.0.2.7]}\n");
  CHECK(of(built, "tools.example") == Inspection::named);
  CHECK(of(built, "a.b.tools.example") == Inspection::named);
  CHECK(of(built, "mytools.example") == Inspection::not_asked);
  CHECK(of(built, "192.0.2.7", url::HostKind::ipv4) == Inspection::named);
  CHECK(of(built, "finder.example") == Inspection::not_asked);
}

TEST_CASE("Rules::inspection_of: what is confidential stays closed whatever the policy asks for") {
  const Built built = with("inspect: {search: true, hosts: [google.com, helpline.example, co.example]}\n");
  CHECK(of(built, "www.google.com") == Inspection::named);
  CHECK(of(built, "accounts.google.com") == Inspection::never);
  CHECK(of(built, "search.nhs.uk") == Inspection::never);
  CHECK(of(built, "helpline.example") == Inspection::never);
  CHECK(of(built, "chat.helpline.example") == Inspection::never);
}

TEST_CASE("Rules: naming what is never inspected is a mistake that is told with its place") {
  for (const auto& [host, what] :
       std::vector<std::pair<std::string, std::string>>{{"online.monzo.com", "a bank"},
                                                        {"111.nhs.uk", "health"},
                                                        {"tax.service.gov.uk", "government"},
                                                        {"www.samaritans.org", "counselling"},
                                                        {"login.microsoftonline.com", "a sign-in page"}}) {
    const auto loaded =
        catalog::load_texts({{"conduct/games.yaml", category("games", "block: {hosts: [games.example]}\n")},
                             {"policy.yaml", policy("games: block", "inspect:\n  hosts:\n    - " + host + "\n")}});
    CHECK_FALSE(loaded.usable());
    std::string told;
    for (const auto& problem : loaded.problems) told += to_string(problem) + "\n";
    CHECK(told.find("policy.yaml:11:7: error: '" + host + "' is never inspected (" + what + "); take it out") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace fairlead::rules::policy::test
