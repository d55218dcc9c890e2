#include "rules/catalog/policy_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/rules/catalog/good_files.hpp"

using namespace fairlead::rules::catalog;
using namespace std::chrono;

namespace {

PolicyFile good_policy() { return load_texts(good::files()).catalog.policy; }

PolicyFile policy_expiring(std::string_view expires) {
  const Loaded loaded =
      load_texts(good::with("policy.yaml", "expires: 2027-03-31", "expires: " + std::string(expires)));
  REQUIRE(loaded.usable());
  return loaded.catalog.policy;
}

}  // namespace

TEST_CASE("read_policy: organisation, version, dates, contacts, links and network arrive") {
  const PolicyFile policy = good_policy();
  CHECK(policy.organisation == "Multi Trades Training");
  CHECK(policy.version == "2022-05");
  CHECK(policy.time_zone == "Europe/London");
  REQUIRE(policy.review_date.has_value());
  CHECK(*policy.review_date == sys_days(2027y / May / 31));
  CHECK(policy.lead.title == "Safeguarding lead");
  CHECK(policy.lead.phone.empty());
  CHECK(policy.it.email == "it@example.org");
  REQUIRE(policy.links.size() == 2);
  CHECK(policy.links[0].categories.empty());
  CHECK(policy.links[1].categories == std::vector<std::string>{"gambling"});
  REQUIRE(policy.reporting_routes.size() == 1);
  CHECK(policy.reporting_routes[0].id == "prevent");
  CHECK(policy.reporting_routes[0].says == "Ask first.");
  CHECK(policy.reporting_routes[0].phone == "020 7946 0000");
  CHECK(policy.reporting_routes[0].categories == std::vector<std::string>{"gambling"});
  CHECK(policy.network.connect_ports == std::vector<std::uint16_t>{443, 22});
  CHECK(policy.network.plain_connect_ports == std::vector<std::uint16_t>{22});
  CHECK(policy.network.local_targets);
  CHECK(policy.network.judge_addresses);
  CHECK_FALSE(policy.network.judge_aliases);
  CHECK(policy.network.address_targets);
  REQUIRE(policy.network.allowed_addresses.size() == 1);
  CHECK(policy.network.allowed_addresses[0].holds("203.0.113.200"));
  REQUIRE(policy.network.local_hosts.size() == 1);
  CHECK(policy.network.local_hosts[0].host == "intranet.office.example");
  CHECK(policy.network.upstream_proxy.host == "proxy.office.example");
  CHECK(policy.network.upstream_proxy.port == 8080);
  CHECK(policy.network.upstream_proxy.credentials_file == "proxy-login");
  REQUIRE(policy.network.upstream_proxy.except.size() == 1);
  CHECK(policy.network.upstream_proxy.except[0].host == "wiki.office.example");
  CHECK(policy.inspect.search);
  REQUIRE(policy.inspect.hosts.size() == 1);
  CHECK(policy.inspect.hosts[0].host == "www.tools.example");
  CHECK(policy.retention.low == days(7));
  CHECK(policy.retention.medium == days(90));
  CHECK(policy.retention.observed == days(14));
}

TEST_CASE("read_policy: a reporting route without anybody to turn to is a place to fill in") {
  const Loaded loaded = load_texts(good::with("policy.yaml", "phone: 020 7946 0000, ", ""));
  CHECK(loaded.usable());
  REQUIRE_FALSE(loaded.catalog.policy.placeholders.empty());
  CHECK(loaded.catalog.policy.placeholders.back().ends_with(": reporting route 'prevent' contact"));
}

TEST_CASE("read_policy: what is still to be filled in is listed with its line") {
  CHECK(good_policy().placeholders == std::vector<std::string>{"policy.yaml:6: lead name", "policy.yaml:6: lead phone",
                                                               "policy.yaml:6: lead email", "policy.yaml:7: it name",
                                                               "policy.yaml:7: it phone",
                                                               "policy.yaml:9: link 'Safeguarding policy' url"});
}

TEST_CASE("read_policy: groups keep their order, copy by `like` and speak about every category") {
  const PolicyFile policy = good_policy();
  REQUIRE(policy.groups.size() == 3);
  const Group& learners = policy.groups[0];
  const Group& staff = policy.groups[1];
  const Group& contractors = policy.groups[2];
  CHECK(learners.id == "learners");
  CHECK(learners.users == std::vector<std::string>{"sam"});
  REQUIRE(learners.actions.size() == 2);
  CHECK(learners.actions[0].otherwise == Action::block);
  CHECK(learners.actions[0].schedule == std::uint16_t{0});
  CHECK(learners.actions[0].during == Action::allow);
  CHECK(learners.actions[1].otherwise == Action::block);  // statutory, though not named
  CHECK_FALSE(learners.actions[1].schedule.has_value());
  CHECK(learners.unlisted == Action::allow);
  CHECK(staff.actions[0].otherwise == Action::observe);
  CHECK(contractors.actions[0].otherwise == Action::observe);
  CHECK(contractors.unlisted == Action::observe);
  CHECK(contractors.os_groups == std::vector<std::string>{"contractors"});
  CHECK(policy.unknown_group == 0);
}

TEST_CASE("read_policy: a copied group overrides single categories") {
  const Loaded loaded =
      load_texts(good::with("policy.yaml", "like: staff,", "like: staff, actions: {gambling: block},"));
  REQUIRE(loaded.usable());
  CHECK(loaded.catalog.policy.groups[2].actions[0].otherwise == Action::block);
  CHECK(loaded.catalog.policy.groups[1].actions[0].otherwise == Action::observe);
}

TEST_CASE("read_policy: safe search is on for who says nothing, and is copied by `like`") {
  const PolicyFile policy = good_policy();
  CHECK(policy.groups[0].safe_search.engines);
  CHECK(policy.groups[0].safe_search.youtube == Restriction::moderate);
  for (const std::size_t group : {1, 2}) {
    CHECK_FALSE(policy.groups[group].safe_search.engines);
    CHECK(policy.groups[group].safe_search.youtube == Restriction::off);
  }
  const Loaded loaded =
      load_texts(good::with("policy.yaml", "like: staff,", "like: staff, safe_search: {youtube: strict},"));
  REQUIRE(loaded.usable());
  CHECK_FALSE(loaded.catalog.policy.groups[2].safe_search.engines);
  CHECK(loaded.catalog.policy.groups[2].safe_search.youtube == Restriction::strict);
}

TEST_CASE("read_policy: a category that the policy forgets is never simply allowed") {
  const Loaded loaded = load_texts(good::with("policy.yaml", "gambling: observe, ", ""));
  CHECK_FALSE(loaded.usable());
}

TEST_CASE("read_policy: exceptions have their address in canonical form") {
  const PolicyFile policy = good_policy();
  REQUIRE(policy.exceptions.size() == 1);
  const Exception& exception = policy.exceptions[0];
  CHECK(exception.host == "www.linkedin.com");
  CHECK(exception.path == "/company");
  CHECK(exception.action == Action::allow);
  CHECK(exception.groups == std::vector<std::uint16_t>{1});
  CHECK(exception.owner == "Operations Director");
  CHECK(exception.at.line == 28);
  const Loaded whole = load_texts(good::with("policy.yaml", "https://www.linkedin.com/company/", "LinkedIn.com"));
  REQUIRE(whole.usable());
  CHECK(whole.catalog.policy.exceptions[0].host == "linkedin.com");
  CHECK(whole.catalog.policy.exceptions[0].path == "/");
}

TEST_CASE("read_policy: an exception holds through its last day in local time, summer and winter") {
  CHECK(policy_expiring("2027-03-31").exceptions[0].expires == sys_days(2027y / March / 31) + 23h);
  CHECK(policy_expiring("2027-12-31").exceptions[0].expires == sys_days(2028y / January / 1));
  CHECK(policy_expiring("2028-02-29").exceptions[0].expires == sys_days(2028y / March / 1));
  // The last Sunday of March 2027 is a day of 23 hours.
  CHECK(policy_expiring("2027-03-27").exceptions[0].expires == sys_days(2027y / March / 28));
  CHECK(policy_expiring("2027-03-28").exceptions[0].expires == sys_days(2027y / March / 28) + 23h);
  CHECK(policy_expiring("2027-10-31").exceptions[0].expires == sys_days(2027y / November / 1));
}

TEST_CASE("read_policy: an exception may end at a moment") {
  CHECK(policy_expiring("2027-03-31T17:00:00Z").exceptions[0].expires == sys_days(2027y / March / 31) + 17h);
  CHECK(policy_expiring("2027-03-31T17:00+01:00").exceptions[0].expires == sys_days(2027y / March / 31) + 16h);
  CHECK(policy_expiring("2027-03-31 17:00:30-05:30").exceptions[0].expires ==
        sys_days(2027y / March / 31) + 22h + 30min + 30s);
}

TEST_CASE("read_alerts: channels, rules, times, limits and what the text may say arrive") {
  const PolicyFile policy = good_policy();
  const Alerts& alerts = policy.alerts;
  REQUIRE(alerts.mail.size() == 1);
  CHECK(alerts.mail[0].host == "mail.example.org");
  CHECK(alerts.mail[0].port == 587);
  CHECK_FALSE(alerts.mail[0].tls_at_once);
  CHECK_FALSE(alerts.mail[0].plain);
  CHECK(alerts.mail[0].to == std::vector<std::string>{"lead@example.org"});
  REQUIRE(alerts.webhooks.size() == 1);
  CHECK(alerts.webhooks[0].url == "https://alerts.example.org/fairlead");
  CHECK(alerts.webhooks[0].ca_file == "ca.pem");
  CHECK(alerts.by_severity == std::array{AlertWay::none, AlertWay::daily, AlertWay::at_once, AlertWay::at_once});
  REQUIRE(alerts.by_category.size() == 1);
  CHECK(alerts.by_category[0].way == AlertWay::weekly);
  CHECK(alerts.daily_at == minutes(7 * 60 + 30));
  CHECK(alerts.weekly_on == 4);
  CHECK(alerts.weekly_at == hours(16));
  CHECK(alerts.quiet == std::uint16_t{0});
  CHECK(alerts.quiet_override == Severity::high);
  CHECK(alerts.again_after == hours(24));
  CHECK(alerts.fold_most == 5);
  CHECK(alerts.fold_within == minutes(15));
  CHECK(alerts.console == "https://desk.example.org");
  CHECK_FALSE(alerts.includes.device);
  CHECK(alerts.includes.category);
  CHECK_FALSE(alerts.includes.person);
  CHECK_FALSE(alerts.includes.host);
}

TEST_CASE("read_alerts: without the section nobody is told, and what is serious would be told at once") {
  const Alerts alerts;
  CHECK_FALSE(alerts.has_channel());
  CHECK(alerts.by_severity[3] == AlertWay::at_once);
  CHECK_FALSE(alerts.includes.person);
  CHECK_FALSE(alerts.includes.host);
}

TEST_CASE("read_alerts: a server on this machine itself may do without TLS") {
  for (const std::string host : {"localhost", "127.0.0.1", "[::1]"}) {
    CAPTURE(host);
    const Loaded loaded = load_texts(good::with("policy.yaml", "server: \"smtp://Mail.Example.org\"",
                                                "starttls: off, server: \"smtp://" + host + ":2525\""));
    REQUIRE(loaded.usable());
    CHECK(loaded.catalog.policy.alerts.mail.at(0).plain);
    CHECK(loaded.catalog.policy.alerts.mail.at(0).port == 2525);
  }
}

namespace {

Loaded with_section(std::string_view section) {
  good::Files files = good::files();
  for (auto& [name, text] : files) {
    if (name == "policy.yaml") text += "\n" + std::string(section) + "\n";
  }
  return load_texts(std::move(files));
}

bool says(const Loaded& loaded, std::string_view words) {
  return std::any_of(loaded.problems.begin(), loaded.problems.end(), [&](const Problem& problem) {
    return problem.line > 0 && problem.text.find(words) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("read_policy: nobody is asked to agree to anything, unless it is written") {
  CHECK(good_policy().agreement.required == Agreement::Required::off);
  const Loaded asked =
      with_section("agreement: {required: wait, text: [One., Two.], link: 'https://www.example.org/aup'}");
  REQUIRE(asked.usable());
  CHECK(asked.catalog.policy.agreement.required == Agreement::Required::wait);
  CHECK(asked.catalog.policy.agreement.text == std::vector<std::string>{"One.", "Two."});
  CHECK(asked.catalog.policy.agreement.link == "https://www.example.org/aup");
  CHECK(says(with_section("agreement: {required: ask, text: []}"), "agree to nothing"));
  CHECK(says(with_section("agreement: {required: remind}"), "cannot be 'remind'"));
  CHECK(says(with_section("agreement: {required: ask, text: [One.], link: 'javascript:alert(1)'}"), "https://"));
}

TEST_CASE("read_policy: a change that loosens waits, as shipped for a second person or a day") {
  CHECK(good_policy().loosening.from == Severity::high);
  CHECK(good_policy().loosening.second_person);
  CHECK(good_policy().loosening.delay == hours(24));
  const Loaded other = with_section("loosening: {severity: medium, second_person: false, delay: 2d}");
  REQUIRE(other.usable());
  CHECK(other.catalog.policy.loosening.from == Severity::medium);
  CHECK_FALSE(other.catalog.policy.loosening.second_person);
  CHECK(other.catalog.policy.loosening.delay == hours(48));
  CHECK_FALSE(with_section("loosening: {delay: never}").catalog.policy.loosening.delay);
  CHECK(says(with_section("loosening: {second_person: false, delay: never}"), "wait for ever"));
  CHECK(says(with_section("loosening: {delay: 24}"), "'24h'"));
  CHECK(says(with_section("loosening: {delay: 0h}"), "from 1 to"));
  CHECK(says(with_section("loosening: {second_persons: true}"), "second_person"));
}
