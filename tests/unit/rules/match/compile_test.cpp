#include "rules/match/compile.hpp"

#include <doctest/doctest.h>

#include "lists.hpp"
#include "rules/match/names/fuse_filter.hpp"

namespace fairlead::rules::match {
namespace {

using catalog::ListFormat;
using test::category;
using test::Compiled;
using test::Names;

catalog::Category with_hosts(std::string id, const std::vector<std::string>& block,
                             const std::vector<std::string>& allow = {}) {
  catalog::Category made = category(std::move(id));
  std::uint32_t line = 1;
  for (const std::string& host : block) made.block.hosts.push_back({host, {0, line++, 1}});
  for (const std::string& host : allow) made.allow.hosts.push_back({host, {0, line++, 1}});
  return made;
}

TEST_CASE("lists: a host is told with its list and line, for every category that the list feeds") {
  const Compiled rules({category("a"), category("b")},
                       {{"one", "# names\ncasino.example\n\nbet.example\n", ListFormat::domains, {"a", "b"}},
                        {"two", "bet.example\n", ListFormat::domains, {"b"}}});
  CHECK(rules.matches("https://casino.example/") == Names{"block a one/one.txt:2", "block b one/one.txt:2"});
  CHECK(rules.matches("https://www.bet.example/") ==
        Names{"block a one/one.txt:4", "block b one/one.txt:4", "block b two/two.txt:1"});
  CHECK(rules.matches("https://sbet.example/").empty());
  CHECK(rules.prove().missing == 0);
  CHECK(rules.prove().found == 3);
}

TEST_CASE("lists: what is said twice, or below a blocked name of the same category, is folded and counted") {
  const Compiled rules({category("a"), category("b")},
                       {{"one", "casino.example\nwww.casino.example\ncasino.example\n", ListFormat::domains, {"a"}},
                        {"two", "a.b.casino.example\n", ListFormat::domains, {"a"}},
                        {"three", "a.b.casino.example\n", ListFormat::domains, {"b"}}});
  CHECK(rules.reports[0].folded == 2);
  CHECK(rules.reports[0].folded_where.size() == 2);
  CHECK(rules.reports[1].folded == 1);
  CHECK(rules.reports[2].folded == 0);  // another category: nothing above says it for that one
  CHECK(rules.matches("https://a.b.casino.example/") == Names{"block a one/one.txt:1", "block b three/three.txt:1"});
  const Proof proof = rules.prove();
  CHECK(proof.found == 2);
  CHECK(proof.folded == 3);
  CHECK(proof.missing == 0);
}

TEST_CASE("lists: a name below one that the category leaves alone is not folded away") {
  // Folded into "example.org", x.left.example.org would be opened by the allow rule in between.
  const Compiled rules({with_hosts("a", {}, {"left.example.org"})},
                       {{"one", "example.org\nx.left.example.org\n", ListFormat::domains, {"a"}}});
  CHECK(rules.reports[0].folded == 0);
  CHECK(rules.matches("https://x.left.example.org/") ==
        Names{"allow a conduct/test.yaml:1", "block a one/one.txt:1", "block a one/one.txt:2"});
}

TEST_CASE("lists: a category file's own rules are never folded") {
  const Compiled rules({with_hosts("a", {"casino.example", "www.casino.example"})}, {});
  CHECK(rules.matches("https://www.casino.example/") ==
        Names{"block a conduct/test.yaml:1", "block a conduct/test.yaml:2"});
}

TEST_CASE("paths: they hold at a boundary, in any case") {
  catalog::Category own = category("p");
  own.block.paths.push_back({"site.example", "/Casino", {0, 7, 1}});
  const Compiled paths({own}, {});
  CHECK(paths.matches("https://site.example/casino/x?y=1") == Names{"block p conduct/test.yaml:7"});
  CHECK(paths.matches("https://www.site.example/CASINO") == Names{"block p conduct/test.yaml:7"});
  CHECK(paths.matches("https://site.example/casinos").empty());
  CHECK(paths.matches("https://site.example/a/casino").empty());
}

TEST_CASE("paths: a rule for all of a host, and two names with one hash, do not stop the filter from being built") {
  catalog::Category own = category("p");
  own.block.paths.push_back({"site.example", "/", {0, 7, 1}});
  const Compiled paths({own}, {});
  CHECK(paths.matches("https://site.example/casino") == Names{"block p conduct/test.yaml:7"});
  std::vector<std::uint64_t> twice = {1, 2, 3, 2};
  CHECK(FuseFilter::build(twice).shards.size() == 1);
}

TEST_CASE("lists: the same names in hosts, dnsmasq and Adblock form give the same content") {
  const auto content = [](const std::string& text, ListFormat format) {
    const Compiled rules({category("a")}, {{"list", text, format, {"a"}}});
    const auto file = std::move(FileView::open(rules.bytes).value());
    std::string all;
    for (const NameSection section : {NameSection::shards, NameSection::filter, NameSection::symbols, NameSection::tops,
                                      NameSection::prefixes, NameSection::offsets, NameSection::blocks}) {
      const auto bytes = file->records<char>(section_at(Section::hosts, section));
      all.append(bytes.data(), bytes.size()).append("|");
    }
    return all;
  };
  const std::string hosts = content("0.0.0.0 a.example\n0.0.0.0 b.example\n0.0.0.0 c.b.example\n", ListFormat::hosts);
  CHECK(hosts == content("server=/a.example/\nserver=/b.example/\nserver=/c.b.example/\n", ListFormat::dnsmasq));
  CHECK(hosts == content("||a.example^\n||b.example^\n||c.b.example^\n", ListFormat::adblock));
  CHECK(hosts != content("||a.example^\n||b.example^\n||d.b.example^\n", ListFormat::adblock));
}

TEST_CASE("Adblock: an exception silences filters and hosts of such lists, and nothing that the organisation wrote") {
  const std::string list = "||ads.example^\n@@||ads.example/good/\n||must.example^$important\n@@||must.example^\n";
  const Compiled rules(
      {with_hosts("a", {"own.ads.example"})},
      {{"list", list, ListFormat::adblock, {"a"}}, {"plain", "ads.example\n", ListFormat::domains, {"a"}}});
  CHECK(rules.matches("https://ads.example/banner") == Names{"block a list/list.txt:1", "block a plain/plain.txt:1"});
  CHECK(rules.matches("https://ads.example/good/x") == Names{"allow a list/list.txt:2", "block a plain/plain.txt:1"});
  CHECK(rules.matches("https://own.ads.example/good/x") ==
        Names{"allow a list/list.txt:2", "block a conduct/test.yaml:1", "block a plain/plain.txt:1"});
  CHECK(rules.matches("https://must.example/") == Names{"allow a list/list.txt:4", "block a list/list.txt:3"});
}

TEST_CASE("Adblock: page, party and type; what is not known blocks nothing") {
  using catalog::ResourceType;
  const Compiled rules(
      {category("a")},
      {{"list",
        "||t.example^$third-party\n||s.example^$script\n||d.example^$domain=site.example|~shop.site.example\n",
        ListFormat::adblock,
        {"a"}}});
  CHECK(rules.matches("https://t.example/", {"other.org", {}}) == Names{"block a list/list.txt:1"});
  CHECK(rules.matches("https://t.example/", {"www.t.example", {}}).empty());
  CHECK(rules.matches("https://t.example/").empty());
  CHECK(rules.matches("https://s.example/", {{}, ResourceType::script}) == Names{"block a list/list.txt:2"});
  CHECK(rules.matches("https://s.example/", {{}, ResourceType::image}).empty());
  CHECK(rules.matches("https://s.example/").empty());
  CHECK(rules.matches("https://d.example/", {"www.site.example", {}}) == Names{"block a list/list.txt:3"});
  CHECK(rules.matches("https://d.example/", {"a.shop.site.example", {}}).empty());
  CHECK(rules.matches("https://d.example/", {"elsewhere.example", {}}).empty());
}

TEST_CASE("Adblock: an exception for some pages does not open an address for a page that is not known") {
  const Compiled rules(
      {category("a")},
      {{"list", "||ads.example^\n@@||ads.example^$domain=site.example\n", ListFormat::adblock, {"a"}}});
  CHECK(rules.matches("https://ads.example/") == Names{"block a list/list.txt:1"});
  CHECK(rules.matches("https://ads.example/", {"site.example", {}}) == Names{"allow a list/list.txt:2"});
}

TEST_CASE("Adblock: an address full of a list's words hides nothing from the patterns of another category") {
  std::string list;
  for (int i = 0; i < 1000; ++i) list += "/advert" + std::to_string(i) + "-\n";
  catalog::Category bets = category("bets");
  bets.block.patterns.push_back({"roulette", "roulette[0-9]", catalog::Where::url, "", {0, 3, 1}});
  const Compiled rules({category("ads"), bets}, {{"list", list, ListFormat::adblock, {"ads"}}});
  Matches matches;
  const auto classify = [&](int adverts) {
    std::string query;
    for (int i = 0; i < adverts; ++i) query += "/advert" + std::to_string(i) + "-";
    rules.ruleset->classify(test::url_of("https://x.example/?" + query + "roulette7"), matches);
    return std::count_if(matches.found.begin(), matches.found.end(),
                         [](const Match& match) { return match.rule.name == "roulette"; });
  };
  CHECK(classify(70) == 1);
  CHECK(matches.found.size() == 71);
  CHECK(matches.unclear.empty());
  CHECK(classify(1000) == 0);
  CHECK(matches.unclear == std::vector<std::uint16_t>{0, 1});  // not reached is not a no
}

TEST_CASE("hashed lists: hosts and path prefixes, without a name in the file") {
  // printf 'fairlead:%s' bad.example | sha256sum, and of site.example/bad
  const std::string list =
      "d3ae650a08a49d5f8228cd8d55de390225744507dc3a3c91647455c5fb0614ed\n"
      "c424e7d169927009edb8232ba6d335323411fde191f03f1f6b7e9bb012a338d4\n";
  const Compiled rules({category("a")}, {{"list", list, ListFormat::hashed, {"a"}}});
  CHECK(rules.matches("https://www.bad.example/x") == Names{"block a list/list.txt:1"});
  CHECK(rules.matches("https://site.example/bad/x?y") == Names{"block a list/list.txt:2"});
  CHECK(rules.matches("https://site.example/bad?y&z") == Names{"block a list/list.txt:2"});
  CHECK(rules.matches("https://site.example/badly").empty());
  CHECK(rules.matches("https://good.example/").empty());
  CHECK(rules.prove().missing == 0);
}

TEST_CASE("compile: the files that people edit come back as they were") {
  const Compiled rules({category("a")}, {});
  const auto edited = Ruleset::edited_files(rules.bytes);
  REQUIRE(edited);
  CHECK(*edited == catalog::Texts{{"a.yaml", "text"}});
  CHECK(rules.ruleset->name().starts_with("name"));
}

TEST_CASE("prove: a line that the ruleset does not have is missing") {
  const Compiled rules({category("a")}, {{"list", "casino.example\n", ListFormat::domains, {"a"}}});
  rules.folder.write("list.txt", "casino.example\nbet.example\n");
  const Proof proof = rules.prove();
  CHECK(proof.found == 1);
  CHECK(proof.missing == 1);
  REQUIRE(proof.first.size() == 1);
  CHECK(proof.first[0] == "list/list.txt:2: bet.example");
}

}  // namespace
}  // namespace fairlead::rules::match
