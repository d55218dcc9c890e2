#include "rules/catalog/cover_file.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/good_files.hpp"

using namespace fairlead::rules::catalog;

namespace {

constexpr std::string_view kGood = R"(cover:
  profile: standard
  exempt: [scanner, svc.backup$]
  open:
    - {to: [52.112.0.0/14, "2603:1063::/38"], udp: [3478-3481], because: Calls of Microsoft Teams.}
    - {to: [192.0.2.1], tcp: [22, 9100-9102], udp: [161], because: Printers.}
  extensions: [cjpalhdlnbpafiamejdnhcphjbkeiagm, uBlock0@raymondhill.net, "@temporary", "{446900e4-71c2-419f-a6a7-df9c091e268b}"]
)";

std::string said_of_cover(const LoadedCover& loaded) {
  std::string lines;
  for (const Problem& problem : loaded.problems) lines.append(to_string(problem)).append("\n");
  return lines;
}

/// What is said of `kGood` with `from` replaced by `to`.
std::string said_with(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return said_of_cover(load_cover(text.replace(at, from.size(), to)));
}

}  // namespace

TEST_CASE("load_cover: profile, accounts, openings and extensions arrive") {
  const LoadedCover loaded = load_cover(kGood);
  CHECK(said_of_cover(loaded) == "");
  const Cover& cover = loaded.cover;
  CHECK(cover.profile == CoverProfile::standard);
  CHECK(cover.exempt == std::vector<std::string>{"scanner", "svc.backup$"});
  REQUIRE(cover.open.size() == 2);
  REQUIRE(cover.open[0].to.size() == 2);
  CHECK(to_string(cover.open[0].to[0]) == "52.112.0.0/14");
  CHECK(to_string(cover.open[0].to[1]) == "2603:1063::/38");
  CHECK(cover.open[0].tcp.empty());
  CHECK(cover.open[0].udp == std::vector<PortRange>{{3478, 3481}});
  CHECK(cover.open[0].because == "Calls of Microsoft Teams.");
  CHECK(cover.open[0].at.line == 5);
  CHECK(cover.open[1].tcp == std::vector<PortRange>{{22, 22}, {9100, 9102}});
  CHECK(cover.open[1].udp == std::vector<PortRange>{{161, 161}});
  CHECK(cover.extensions.size() == 4);
}

TEST_CASE("load_cover: no section is no net, and a misspelt one is told of") {
  CHECK(load_cover("organisation: MTT\n").cover.profile == CoverProfile::off);
  CHECK(said_of_cover(load_cover("organisation: MTT\n")) == "");
  CHECK(said_of_cover(load_cover("covr: {profile: strict}\n")) ==
        "policy.yaml:1:1: error: unknown key 'covr'; write 'cover'\n");
  CHECK(said_of_cover(load_cover("cover: {profile: strict\n")) != "");
  CHECK(said_of_cover(load_cover("")) != "");
}

TEST_CASE("load_cover: mistakes elsewhere in policy.yaml are not its own") {
  const LoadedCover loaded = load_cover("groups: 7\ncover: {profile: strict}\nversion: []\n");
  CHECK(said_of_cover(loaded) == "");
  CHECK(loaded.cover.profile == CoverProfile::strict);
}

TEST_CASE("read_policy: the section is read with the rest of the folder, and its mistakes are told there") {
  CHECK(load_texts(good::files()).catalog.policy.cover.profile == CoverProfile::off);
  const Loaded good = load_texts(good::with("policy.yaml", "inspect:", std::string(kGood) + "inspect:"));
  CHECK(good.usable());
  CHECK(good.catalog.policy.cover.open.size() == 2);
  CHECK(good::said(good::with("policy.yaml", "inspect:", "cover: {profile: stict}\ninspect:")) ==
        "policy.yaml:36:18: error: 'profile' cannot be 'stict'; write 'off', 'standard' or 'strict'\n");
}

TEST_CASE("load_cover: every mistake is told with its place and the mend") {
  CHECK(said_with("  profile: standard\n", "") == "policy.yaml:2:3: error: 'cover' needs the key 'profile'; add it\n");
  CHECK(said_with("exempt", "exmpt") == "policy.yaml:3:3: error: unknown key 'exmpt'; write 'exempt'\n");
  CHECK(said_with("scanner", "\"the scanner\"") ==
        "policy.yaml:3:12: error: 'the scanner' is no account name; write one alone, as the laptop knows it\n");
  CHECK(said_with("52.112.0.0/14", "teams.example") ==
        "policy.yaml:5:13: error: 'teams.example' is no IP address; write one such as '203.0.113.7' or "
        "'203.0.113.0/24'\n");
  CHECK(said_with("52.112.0.0/14", "52.112.0.0/4") ==
        "policy.yaml:5:13: error: '52.112.0.0/4' is too wide for an opening; write the ranges that are meant, /8 or "
        "narrower\n");
  CHECK(said_with("2603:1063::/38", "2603:1063::/3") ==
        "policy.yaml:5:28: error: '2603:1063::/3' is too wide for an opening; write the ranges that are meant, /16 or "
        "narrower\n");
  CHECK(said_with("2603:1063::/38", "::ffff:0:0/96").find("/8 or narrower") != std::string::npos);
  CHECK(said_with("to: [192.0.2.1]", "to: []") ==
        "policy.yaml:6:12: error: an opening to nowhere opens nothing; name an address under 'to', or delete the "
        "opening\n");
  CHECK(said_with("to: [192.0.2.1], ", "") == "policy.yaml:6:7: error: an opening needs the key 'to'; add it\n");
  CHECK(said_with(", because: Printers.", "") ==
        "policy.yaml:6:7: error: an opening needs the key 'because'; add it\n");
  CHECK(said_with(", udp: [3478-3481]", "") ==
        "policy.yaml:5:7: error: an opening needs ports under 'tcp' or 'udp'; add those that are meant\n");
  CHECK(said_with("[3478-3481]", "[]") ==
        "policy.yaml:5:7: error: an opening needs ports under 'tcp' or 'udp'; add those that are meant\n");
  for (const std::string wrong : {"3481-3478", "0", "65536", "ssh", "1-", "-1", "1-2-3", "1 - 2", "+22"}) {
    CAPTURE(wrong);
    CHECK(said_with("3478-3481", wrong) ==
          "policy.yaml:5:53: error: '" + wrong +
              "' is no port; write one such as '3478', or a range such as '3478-3481'\n");
  }
  for (const std::string wrong : {"cjpalhdlnbpafiamejdnhcphjbkeiagz", "cjpalhdlnbpafiamejdnhcphjbkeiag", "uBlock",
                                  "name@", "a b@c", "{446900e4-71c2-419f-a6a7-df9c091e268g}"}) {
    CAPTURE(wrong);
    CHECK(said_with("cjpalhdlnbpafiamejdnhcphjbkeiagm", "\"" + wrong + "\"") ==
          "policy.yaml:7:16: error: '" + wrong +
              "' is no id of an extension; write Chromium's, 32 letters from a to p, or Firefox's, such as "
              "'name@example.org' or '{...}'\n");
  }
}
