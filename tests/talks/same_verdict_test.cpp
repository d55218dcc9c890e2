// The tester (`fairlead check`) and the proxy judge alike: a real stream of addresses, each asked of the rules as the
// tester asks, and sent to a session as a browser would send it.

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "agent/session/session.hpp"
#include "rules/policy/rules.hpp"
#include "tests/unit/rules/catalog/imports/corpora.hpp"

namespace fairlead::talks {
namespace {

using agent::session::Ask;
using agent::session::Refusal;
using agent::session::Session;
using rules::policy::Verdict;

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'780'000'000)};

/// The address as a browser sends it to a proxy: what a secure one keeps for itself is not seen.
std::string head_for(const rules::url::CanonicalUrl& url) {
  const bool secure = url.scheme() == rules::url::Scheme::https || url.scheme() == rules::url::Scheme::wss;
  const std::string authority(url.authority());
  const std::string with_port = url.has_default_port() ? authority + ":443" : authority;
  if (secure) return "CONNECT " + with_port + " HTTP/1.1\r\nHost: " + with_port + "\r\n\r\n";
  return "GET " + std::string(url.href()) + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
}

TEST_CASE("tester and proxy: the same verdict for a hundred thousand addresses") {
  const auto path = rules::catalog::corpus("streams/urls-mixed.tsv.zst");
  if (path.empty()) return;
  auto loaded = rules::policy::load_rules(std::filesystem::path(FAIRLEAD_SOURCE_DIR) / "categories");
  REQUIRE(loaded.rules);
  const rules::policy::Person nobody;
  const std::uint16_t group = loaded.rules->group_of(nobody);
  const std::string all = rules::catalog::text_of(path);
  std::size_t judged = 0, blocked = 0;
  rules::url::CanonicalUrl url, asked;
  for (std::size_t begin = 0; begin < all.size() && judged < 100'000;) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    const std::string_view line = std::string_view(all).substr(begin, end - begin);
    begin = end + 1;
    if (!url.assign(line.substr(0, line.find('\t'))) || url.scheme() == rules::url::Scheme::ws) continue;
    const std::string head = head_for(url);
    const bool secure = head.starts_with("CONNECT");
    REQUIRE(asked.assign(secure ? "https://" + std::string(url.authority()) + "/" : std::string(url.href())));
    const auto decision = loaded.rules->decide(asked, group, kNow);

    Session session;
    const Ask ask = session.client_bytes(head, {loaded.rules, nobody, kNow});
    const bool stopped =
        ask == Ask::refuse && (session.refusal() == Refusal::blocked || session.refusal() == Refusal::ip_literal);
    CAPTURE(line);
    CHECK(stopped == (decision.verdict == Verdict::block));
    CHECK((session.refusal() == Refusal::ip_literal) == (stopped && decision.ip_literal));
    if (stopped && !decision.ip_literal) {
      REQUIRE(session.decision().winner);
      CHECK(session.decision().winner->rule == decision.winner->rule);
      CHECK(session.decision().winner->line == decision.winner->line);
    }
    ++judged;
    blocked += stopped ? 1 : 0;
  }
  CHECK(judged == 100'000);
  CHECK(blocked > 1000);
}

}  // namespace
}  // namespace fairlead::talks
