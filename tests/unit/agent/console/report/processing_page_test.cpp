#include "agent/console/report/processing_page.hpp"

#include <doctest/doctest.h>

#include "tests/unit/agent/console/report/samples.hpp"
#include "tests/unit/agent/pages/sample.hpp"

using namespace fairlead;
using namespace fairlead::agent::console::report;
using sample::has;

namespace {

struct Processing {
  rules::catalog::Catalog catalog = sample::catalog();
  bool answers_https = false;
  AlertSettings alerts;

  std::string page() {
    const auto rules = sample::rules_from(catalog);
    REQUIRE(rules != nullptr);
    return processing_page({*rules, answers_https, alerts, day(2026, 3, 25)}).str();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Processing, "record of processing: retention is that of the policy") {
  CHECK(has(page(), "Stopped, kind of site critical</th><td>personal details erased after 365 days"));
  catalog.policy.retention.critical = std::chrono::days{200};
  catalog.policy.retention.observed = std::chrono::days{1};
  CHECK(has(page(), "Stopped, kind of site critical</th><td>personal details erased after 200 days"));
  CHECK(has(page(), "Let through and noted</th><td>personal details erased after 1 day<"));
}

TEST_CASE_FIXTURE(Processing, "record of processing: what is kept follows each category's record") {
  CHECK(has(page(), "Kept: the name of the site</th><td>Gambling"));
  catalog.categories[sample::gambling].record = rules::catalog::Record::none;
  CHECK(has(page(), "Kept: a count, without your name and without the site</th><td>Gambling and Social media"));
}

TEST_CASE_FIXTURE(Processing, "record of processing: what is read inside TLS follows the policy and the authority") {
  CHECK(has(page(), "Nothing inside encrypted connections is read"));
  catalog.policy.inspect.search = true;
  catalog.policy.inspect.hosts = {{"forum.example", {}}};
  CHECK(has(page(), "Nothing inside encrypted connections is read"));  // no authority, no reading
  answers_https = true;
  CHECK(has(page(), "are read at: search engines and forum.example"));
  CHECK_FALSE(has(page(), "Nothing inside encrypted"));
}

TEST_CASE_FIXTURE(Processing, "record of processing: what leaves the laptop follows the alerts") {
  CHECK(has(page(), "no alerts are set up"));
  alerts.mail = true;
  alerts.says = {"severity"};
  CHECK(has(page(), "by e-mail. They say the number of the incident and severity. They name no person and no site."));
  alerts.person = true;
  CHECK(has(page(), "the number of the incident, severity and the account name."));
  CHECK_FALSE(has(page(), "They name no person"));
}

TEST_CASE_FIXTURE(Processing, "record of processing: agreement as it is asked") {
  CHECK(has(page(), "does not ask for agreement"));
  catalog.policy.agreement.required = rules::catalog::Agreement::Required::ask;
  CHECK(has(page(), "browsing does not wait"));
  catalog.policy.agreement.required = rules::catalog::Agreement::Required::wait;
  CHECK(has(page(), "and browsing waits for the answer"));
}

TEST_CASE_FIXTURE(Processing, "record of processing: names come from the policy and stay text") {
  catalog.policy.organisation = "<script>Org";
  catalog.policy.lead.name = "";
  catalog.policy.lead.phone = "";
  catalog.policy.lead.email = "";
  CHECK(has(page(), "&lt;script&gt;Org"));
  CHECK_FALSE(has(page(), "<script"));
  CHECK(has(page(), "Safeguarding lead</th><td>to be filled in in policy.yaml"));
}
