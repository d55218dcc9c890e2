#include "rules/policy/loosening.hpp"

#include "texts.hpp"

namespace fairlead::rules::policy {
namespace {

using test::category;
using test::holds;
using test::Texts;

constexpr std::chrono::sys_seconds kNow = std::chrono::sys_days{std::chrono::year{2026} / 6 / 1};

/// A serious category `s`, a light one `m`, and a policy, of which tests change a part.
struct Files {
  std::string s =
      "block:\n  hosts: [bad.example, worse.example]\n  paths: [mixed.example/bad]\n"
      "  patterns:\n    - {id: p, re2: 'dreadful', in: host, because: B.}\n"
      "  searches:\n    - {id: q, re2: 'dreadful words'}\n";
  std::string s_more = "record: path\nreview: day\n";
  std::string s_severity = "high";
  std::string m = "block:\n  hosts: [light.example, lighter.example]\n";
  std::string groups =
      "  learners: {title: Learners, actions: {s: block, m: block}, default: allow}\n"
      "  staff: {title: Staff, users: [u1], actions: {s: observe, m: allow}, default: allow}\n";
  std::string policy = "unknown_person: learners\nschedules: {rest: [mon-fri 12:00-13:00]}\n";
  std::string guarded = "protected:\n  - {hosts: [clinic.org], because: B.}\n";
  std::string carriers = "carriers:\n  - {name: T, hosts: [t.example, u.example], paths: [/go], params: [u, v]}\n";
  std::string safe = "engines:\n  - {id: e, hosts: [e.example], to: safe.e.example}\n";
  bool without_s = false;

  [[nodiscard]] std::shared_ptr<const Rules> rules() const {
    Texts texts{{"conduct/m.yaml", category("m", m)},
                {"protected.yaml", guarded},
                {"signposts.yaml", "signposts: {}\n"},
                {"carriers.yaml", carriers},
                {"safe_search.yaml", safe},
                {"policy.yaml", "organisation: O\nversion: '1'\ngroups:\n" + groups + policy}};
    if (!without_s) texts.push_back({"conduct/s.yaml", category("s", s, "", s_severity, s_more)});
    return test::build(texts).rules;
  }
};

std::string told(const Files& after, const Files& before = {}) {
  const auto was = before.rules(), is = after.rules();
  REQUIRE(was);
  REQUIRE(is);
  std::string out;
  for (const Loosened& one : loosened(*was, *is, kNow)) out += one.category + ": " + one.what + "\n";
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Files changed(std::string Files::*part, const std::string& from, const std::string& to) {
  Files files;
  files.*part = replaced(files.*part, from, to);
  return files;
}

std::string exception(const std::string& url, const std::string& action, const std::string& expires = "2027-01-01",
                      const std::string& groups = "learners") {
  return "exceptions:\n  - {url: " + url + ", groups: [" + groups + "], action: " + action +
         ", owner: O, reason: R, expires: " + expires + "}\n";
}

Files with_exception(const std::string& text) {
  Files files;
  files.policy += text;
  return files;
}

TEST_CASE("loosened: nothing changed, or only more blocked, waits for nobody") {
  CHECK(told({}) == "");
  CHECK(told(changed(&Files::s, "[bad.example,", "[bad.example, more.example,")) == "");
  CHECK(told(changed(&Files::s_more, "record: path", "record: words")) == "");
  CHECK(told(changed(&Files::groups, "s: observe", "s: block")) == "");
  Files critical;
  critical.s_severity = "critical";
  CHECK(told(critical) == "");
}

TEST_CASE("loosened: what a light category does waits for nobody") {
  CHECK(told(changed(&Files::m, "light.example, ", "")) == "");
  CHECK(told(changed(&Files::groups, "m: block", "m: allow")) == "");
  CHECK(told(with_exception(exception("light.example", "allow"))) == "");
}

TEST_CASE("loosened: a rule of a serious category that is gone") {
  CHECK(holds(told(changed(&Files::s, "bad.example, ", "")), "s: T: bad.example is no longer blocked"));
  CHECK(holds(told(changed(&Files::s, "mixed.example/bad", "mixed.example/other")), "mixed.example/bad"));
  CHECK(holds(told(changed(&Files::s, "'dreadful', in", "'dreadful[.]', in")), "pattern"));
  CHECK(holds(told(changed(&Files::s, "in: host", "in: path")), "pattern"));
  CHECK(holds(told(changed(&Files::s, "dreadful words", "dreadful words here")), "search"));
}

TEST_CASE("loosened: a broader rule holds what a narrower one held") {
  Files before;
  before.s = replaced(before.s, "bad.example,", "www.bad.example,");
  CHECK(told({}, before) == "");
  CHECK(told(changed(&Files::s, "mixed.example/bad", "mixed.example/b"),
             changed(&Files::s, "mixed.example/bad", "mixed.example/b/c")) == "");
}

TEST_CASE("loosened: a serious category that leaves more alone, counts for less or is gone") {
  Files allows;
  allows.s += "allow:\n  hosts: [fine.bad.example]\n";
  CHECK(holds(told(allows), "it leaves fine.bad.example alone"));
  Files lower;
  lower.s_severity = "medium";
  CHECK(holds(told(lower), "severity falls"));
  CHECK(holds(told(changed(&Files::s_more, "record: path", "record: host")), "less is recorded"));
  CHECK(holds(told(changed(&Files::s_more, "review: day", "review: none")), "later"));
  CHECK(holds(told(changed(&Files::s_more, "review: day", "review: day\nquiet: true")), "counted"));
  Files gone;
  gone.without_s = true;
  gone.groups = replaced(replaced(gone.groups, "s: block, ", ""), "s: observe, ", "");
  CHECK(holds(told(gone), "is gone"));
}

TEST_CASE("loosened: weaker actions, at any time of the week") {
  CHECK(holds(told(changed(&Files::groups, "s: block", "s: observe")), "Learners: observe, before: block"));
  const auto timed = [](const std::string& action) { return changed(&Files::groups, "s: block", "s: " + action); };
  const Files at_rest = timed("{allow_during: rest, otherwise: block}");
  CHECK(holds(told(at_rest), "during rest"));
  CHECK(told({}, at_rest) == "");
  CHECK(told(at_rest, at_rest) == "");
  Files longer = at_rest;
  longer.policy = replaced(longer.policy, "12:00-13:00", "12:00-14:00");
  CHECK(holds(told(longer, at_rest), "during rest"));
  CHECK(holds(told(timed("observe"), at_rest), "observe"));
}

TEST_CASE("loosened: people who come to a weaker group, without a name") {
  const std::string moved = told(changed(&Files::groups, "users: [u1]", "users: [u1, zebra7]"));
  CHECK(holds(moved, "an account that moves from learners to staff"));
  CHECK_FALSE(holds(moved, "zebra7"));
  CHECK(told(changed(&Files::groups, "users: [u1]", "users: []")) == "");
  CHECK(holds(told(changed(&Files::groups, "users: [u1]", "users: [u1], os_groups: [g]")), "a system group"));
  CHECK(holds(told(changed(&Files::policy, "unknown_person: learners", "unknown_person: staff")), "in no group"));
}

TEST_CASE("loosened: exceptions that reach into a serious category") {
  CHECK(holds(told(with_exception(exception("bad.example", "allow"))), "an exception opens bad.example"));
  CHECK(holds(told(with_exception(exception("www.bad.example/page", "observe"))), "www.bad.example/page"));
  CHECK(holds(told(with_exception(exception("mixed.example", "allow"))), "mixed.example"));
  CHECK(told(with_exception(exception("mixed.example/good", "allow"))) == "");
  CHECK(told(with_exception(exception("fine.example", "allow"))) == "");
  CHECK(told(with_exception(exception("bad.example", "block"))) == "");
  CHECK(told(with_exception(exception("bad.example", "allow", "2025-01-01"))) == "");
  const Files had = with_exception(exception("bad.example", "allow"));
  CHECK(told(had, had) == "");
  CHECK(told(with_exception(exception("bad.example", "allow", "2026-12-01")), had) == "");
  CHECK(holds(told(with_exception(exception("bad.example", "allow", "2028-01-01")), had), "bad.example"));
  CHECK(holds(told(with_exception(exception("bad.example", "allow", "2027-01-01", "learners, staff")), had),
              "bad.example"));
}

TEST_CASE("loosened: a protected service over a serious rule") {
  CHECK(holds(told(changed(&Files::guarded, "[clinic.org]", "[clinic.org, bad.example]")),
              "protected.yaml opens bad.example"));
  CHECK(told(changed(&Files::guarded, "[clinic.org]", "[clinic.org, fine.example]")) == "");
}

TEST_CASE("loosened: the guard itself") {
  CHECK(holds(told(with_exception("loosening: {severity: critical}\n")), "fewer changes wait"));
  CHECK(holds(told(with_exception("loosening: {delay: 1h}\n")), "shorter"));
  CHECK(told({}, with_exception("loosening: {delay: 1h}\n")) == "");
  CHECK(holds(told({}, with_exception("loosening: {delay: never}\n")), "shorter"));
  CHECK(holds(told(with_exception("network: {judge_aliases: false}\n")), "aliases"));
}

TEST_CASE("loosened: addresses inside others, safe search, look-alikes and what no rule speaks about") {
  CHECK(holds(told(changed(&Files::carriers, "params: [u, v]", "params: [u]")),
              "t.example are no longer looked for in v"));
  CHECK(holds(told(changed(&Files::carriers, "hosts: [t.example, u.example]", "hosts: [u.example]")), "t.example"));
  CHECK(told(changed(&Files::carriers, "paths: [/go], ", "")) == "");
  CHECK(told(changed(&Files::carriers, "name: T", "name: Another name")) == "");
  CHECK(told(changed(&Files::carriers, "[u, v]", "[u, v, w]")) == "");
  CHECK(holds(told(changed(&Files::safe, "safe.e.example", "other.example")),
              "e.example is no longer held to safe.e.example"));
  CHECK(told(changed(&Files::safe, "[e.example]", "[e.example, www2.e.example]")) == "");
  Files closed;
  closed.groups = replaced(closed.groups, "s: block, m: block}, default: allow", "s: block, m: block}, default: block");
  CHECK(holds(told({}, closed), "what no rule speaks about"));
  CHECK(told(closed) == "");
  CHECK(holds(told(changed(&Files::carriers, "carriers:\n", "mentions:\n  - {hosts: [m.example]}\ncarriers:\n")),
              "only mentioned, and not judged, on: m.example"));
}

TEST_CASE("loosened: those who are told of serious incidents") {
  const auto told_at = [](const std::string& high) {
    return with_exception("alerts: {channels: [], rules: {severity: {high: " + high + "}}}\n");
  };
  CHECK(holds(told(told_at("weekly"), told_at("at_once")), "of high incidents"));
  CHECK(told(told_at("at_once"), told_at("weekly")) == "");
}

TEST_CASE("loosened: the net that holds traffic on the filter, and what is left out of it") {
  Files before, after;
  before.policy +=
      "cover:\n  profile: strict\n  exempt: [scanner]\n"
      "  open:\n    - {to: [192.0.2.0/25], tcp: [22-23], because: B.}\n  extensions: [a@b.example]\n";
  const auto with = [&](const std::string& from, const std::string& to) {
    after.policy = replaced(before.policy, from, to);
    return told(after, before);
  };
  CHECK(with("strict", "standard") == ": the laptop's traffic is held less closely on the filter\n");
  CHECK(with("[scanner]", "[scanner, sam]") == ": the account sam is left alone by the firewall\n");
  CHECK(with("192.0.2.0/25", "192.0.2.0/24") == ": 192.0.2.0/24, tcp 22-23 opens past the filter\n");
  CHECK(with("tcp: [22-23]", "udp: [22-23]") == ": 192.0.2.0/25, udp 22-23 opens past the filter\n");
  CHECK(with("[a@b.example]", "[a@b.example, c@d.example]") ==
        ": the browser extension c@d.example may be installed\n");
  CHECK(with("[scanner]", "[]").empty());
  CHECK(with("because: B.", "because: Another.").empty());
}

TEST_CASE("loosened: the policy that is in force says what is serious") {
  Files medium;
  medium.policy += "loosening: {severity: medium}\n";
  Files after = medium;
  after.m = replaced(after.m, "light.example, ", "");
  CHECK(holds(told(after, medium), "m: T: light.example"));
}

}  // namespace
}  // namespace fairlead::rules::policy
