#include "agent/console/report/processing_page.hpp"

#include <algorithm>
#include <array>

#include "agent/console/record.hpp"
#include "agent/pages/sentences.hpp"

namespace fairlead::agent::console::report {

using pages::Html;
using rules::catalog::Agreement;
using rules::catalog::Category;
using rules::catalog::Contact;
using rules::catalog::PolicyFile;
using rules::catalog::Record;
using rules::catalog::Severity;

namespace {

constexpr std::array kRecords = {Record::words, Record::path, Record::host, Record::none};
constexpr int kCounterDays = 730;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string contact_or_gap(const Contact& contact) {
  const std::string text = pages::contact_text(contact);
  return text.empty() ? "to be filled in in policy.yaml" : text;
}

std::string days_of(std::chrono::days days) {
  return std::to_string(days.count()) + (days.count() == 1 ? " day" : " days");
}

void add_row(Html& table, std::string_view head, std::string_view cell) {
  table.raw("<tr><th scope=\"row\">").text(head).raw("</th><td>").text(cell).raw("</td></tr>\n");
}

Html controller(const ProcessingFacts& facts) {
  const PolicyFile& policy = facts.rules.policy();
  Html page;
  page.raw(
      "<section aria-labelledby=\"controller\">\n<h2 id=\"controller\">Who is responsible</h2>\n<table>\n<tbody>\n");
  add_row(page, "Organisation", policy.organisation.empty() ? "to be filled in in policy.yaml" : policy.organisation);
  add_row(page, "Safeguarding lead", contact_or_gap(policy.lead));
  add_row(page, "IT", contact_or_gap(policy.it));
  add_row(page, "Data protection officer", "the organisation’s to name");
  add_row(
      page, "Legal basis",
      "the organisation’s to decide. Usual candidates: legitimate interests, or safeguarding as a recognised "
      "legitimate interest. Some kinds of site may tell of health, sex life or belief: such entries are to be treated "
      "as special categories of data.");
  page.raw("</tbody>\n</table>\n</section>\n");
  return page;
}

Html purpose(const ProcessingFacts& facts) {
  std::vector<std::string> groups;
  for (const auto& group : facts.rules.policy().groups) groups.push_back(group.title.empty() ? group.id : group.title);
  Html page;
  page.raw(
      "<section aria-labelledby=\"why\">\n<h2 id=\"why\">Whose data, and why</h2>\n<p>People who use the "
      "organisation’s "
      "laptops");
  if (!groups.empty()) page.raw(" (").text(joined(groups)).raw(")");
  page.raw(
      ", to notice safeguarding concerns and act on them, to explain a block and put a wrong one right, and to show "
      "what was done. Not to measure work: there is no time on sites, no score, and no decision by itself about "
      "anybody.</p>\n</section>\n");
  return page;
}

std::string titles_of(const std::vector<Category>& categories, Record record) {
  std::vector<std::string> titles;
  for (const Category& category : categories) {
    if ((category.quiet ? Record::none : category.record) == record) titles.push_back(category.title);
  }
  std::sort(titles.begin(), titles.end());
  return joined(titles);
}

Html recorded(const ProcessingFacts& facts) {
  Html page;
  page.raw(
      "<section aria-labelledby=\"recorded\">\n<h2 id=\"recorded\">What is recorded when something is stopped or "
      "noted</h2>\n"
      "<p>Time, laptop, account name and how it was found, group, kind of site, the rule and its file, the versions of "
      "rules and policy, whether a person went there, and, by kind of site:</p>\n<table>\n<tbody>\n");
  for (const Record record : kRecords) {
    const std::string titles = titles_of(facts.rules.catalog().categories, record);
    if (!titles.empty()) add_row(page, "Kept: " + std::string(pages::recorded_text(record)), titles);
  }
  page.raw("</tbody>\n</table>\n</section>\n");
  return page;
}

Html reading(const ProcessingFacts& facts) {
  const auto& inspect = facts.rules.policy().inspect;
  Html page;
  page.raw("<section aria-labelledby=\"reading\">\n<h2 id=\"reading\">What is read on the way</h2>\n<p>");
  const bool reads = facts.answers_https && (inspect.search || !inspect.hosts.empty());
  if (!reads) {
    page.raw("Nothing inside encrypted connections is read: the filter sees the names of sites.");
  } else {
    std::vector<std::string> where;
    if (inspect.search) where.emplace_back("search engines");
    for (const auto& host : inspect.hosts) where.push_back(host.host);
    page.raw("Inside encrypted connections, addresses and search words are read at: ").text(joined(where));
    page.raw(
        ". Nowhere else; banks, health, government, counselling and sign-in pages never. What pages say is not looked "
        "at.");
  }
  if (facts.answers_https)
    page.raw(
        " For a site that is stopped, the laptop answers with a certificate of its own, and then sees which page was "
        "asked for.");
  page.raw("</p>\n</section>\n");
  return page;
}

Html kept(const ProcessingFacts& facts) {
  const PolicyFile& policy = facts.rules.policy();
  const auto until = [&](Severity severity) { return days_of(pages::kept_for(policy.retention, severity)); };
  Html page;
  page.raw("<section aria-labelledby=\"kept\">\n<h2 id=\"kept\">For how long</h2>\n<table>\n<tbody>\n");
  add_row(page, "Stopped, kind of site critical", "personal details erased after " + until(Severity::critical));
  add_row(page, "Stopped, high", "personal details erased after " + until(Severity::high));
  add_row(page, "Stopped, medium", "personal details erased after " + until(Severity::medium));
  add_row(page, "Stopped, low", "personal details erased after " + until(Severity::low));
  add_row(page, "Let through and noted", "personal details erased after " + days_of(policy.retention.observed));
  add_row(page, "People’s own words on an entry", "as the entry they are about");
  add_row(page, "Reviews, notes and alerts on an incident", "as the longest entry in it");
  add_row(page, "Who looked or saved a file, and who signed in", days_of(kAccessKept));
  add_row(page, "Counts without names", std::to_string(kCounterDays) + " days");
  add_row(page, "Keys of the laptop", "as long as the laptop is in use");
  page.raw(
      "</tbody>\n</table>\n<p>What stays of an entry after that is its place in the chain, the kind of site and the "
      "time: "
      "no name, no site, no words.</p>\n</section>\n");
  return page;
}

Html alerts(const AlertSettings& settings) {
  Html page;
  page.raw("<section aria-labelledby=\"leaves\">\n<h2 id=\"leaves\">What leaves the laptop</h2>\n<p>");
  if (!settings.any()) {
    page.raw(
        "Nothing about people: no alerts are set up. Lists of sites are fetched from their publishers, which learn "
        "nothing of who uses the laptop.</p>\n</section>\n");
    return page;
  }
  std::vector<std::string> ways;
  if (settings.mail) ways.emplace_back("e-mail");
  if (settings.webhook) ways.emplace_back("a signed message to the organisation’s own address");
  std::vector<std::string> says = {"the number of the incident"};
  says.insert(says.end(), settings.says.begin(), settings.says.end());
  if (settings.person) says.emplace_back("the account name");
  if (settings.host) says.emplace_back("the name of the site");
  page.raw("Alerts to the safeguarding lead, by ").text(joined(ways)).raw(". They say ").text(joined(says)).raw(".");
  if (!settings.person && !settings.host) page.raw(" They name no person and no site.");
  page.raw(
      " Lists of sites are fetched from their publishers, which learn nothing of who uses the "
      "laptop.</p>\n</section>\n");
  return page;
}

Html seen_by() {
  Html page;
  page.raw("<section aria-labelledby=\"sees\">\n<h2 id=\"sees\">Who sees what</h2>\n<table>\n<tbody>\n");
  add_row(page, "Safeguarding lead", "whole entries, incidents, reviews, people’s words, who looked");
  add_row(page, "IT", "sites and rules without person or laptop, tasks, health of the filter");
  add_row(page, "Viewer", "counts of whole months; none below five");
  add_row(page, "The person", "their own entries, and a copy on request");
  page.raw("</tbody>\n</table>\n<p>Each opening or export of somebody’s entries is itself recorded.</p>\n</section>\n");
  return page;
}

Html rights(const ProcessingFacts& facts) {
  Html page;
  page.raw(
      "<section aria-labelledby=\"rights\">\n<h2 id=\"rights\">People’s rights</h2>\n<ul>\n"
      "<li>To be told: the laptop’s own page says what is recorded, at any time, offline too.</li>\n"
      "<li>To see: a copy of everything about them, without the data of others.</li>\n"
      "<li>To put right: an incident is marked as a false alarm, with a note.</li>\n"
      "<li>To have erased: the personal details go, and the chain still proves that nothing else was changed.</li>\n"
      "<li>To object: goes to the safeguarding lead and the organisation’s data protection officer.</li>\n");
  if (const auto required = facts.rules.policy().agreement.required; required != Agreement::Required::off) {
    page.raw("<li>The acceptable use terms are put to each person");
    page.text(required == Agreement::Required::wait ? ", and browsing waits for the answer"
                                                    : "; browsing does not wait for the answer");
    page.raw(". Account, version and time of the answer are kept.</li>\n");
  } else {
    page.raw(
        "<li>The laptop does not ask for agreement to the acceptable use terms; the organisation does this by other "
        "means.</li>\n");
  }
  page.raw("</ul>\n</section>\n");
  return page;
}

Html never() {
  Html page;
  page.raw(
      "<section aria-labelledby=\"never\">\n<h2 id=\"never\">Never collected</h2>\n<p>Browsing that is allowed; what "
      "stands on "
      "pages; what is sent or received; cookies and sign-ins; passwords; e-mails and messages; key presses; "
      "screenshots; camera and microphone; where somebody is; protected characteristics; scores of people. Services "
      "that help people are always open, and nothing is recorded about them.</p>\n</section>\n"
      "<section aria-labelledby=\"safe\">\n<h2 id=\"safe\">How it is kept safe</h2>\n<p>The store can be read by the "
      "filter’s own account only. Entries are chained and signed, so that a change shows. Pages are for signed-in "
      "roles. The disk’s encryption is the organisation’s.</p>\n</section>\n");
  return page;
}

}  // namespace

Html processing_page(const ProcessingFacts& facts) {
  Html page;
  page.raw(
          "<div class=\"report\">\n<section class=\"panel\">\n<h1>Record of processing</h1>\n<p class=\"says\">Written "
          "from the "
          "settings in force on ")
      .text(pages::full_date(facts.today))
      .raw(", policy version ")
      .text(facts.rules.policy().version.empty() ? "not said" : facts.rules.policy().version)
      .raw(".</p>\n</section>\n");
  page.part(controller(facts)).part(purpose(facts)).part(recorded(facts)).part(reading(facts)).part(kept(facts));
  page.part(alerts(facts.alerts)).part(seen_by()).part(rights(facts)).part(never()).raw("</div>\n");
  return page;
}

}  // namespace fairlead::agent::console::report
