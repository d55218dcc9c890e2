#include "agent/console/recorded_page.hpp"

#include <algorithm>
#include <array>

#include "agent/pages/sentences.hpp"
#include "agent/pages/shell.hpp"

namespace fairlead::agent::console {

using pages::Html;
using rules::catalog::Category;
using rules::catalog::PolicyFile;
using rules::catalog::Record;
using rules::catalog::Severity;

namespace {

constexpr std::array kRecords = {Record::none, Record::host, Record::path, Record::words};

/// A quiet category is counted, whatever it says about recording.
Record recorded_as(const Category& category) { return category.quiet ? Record::none : category.record; }

std::string_view kept_text(Record record) {
  switch (record) {
    case Record::none:
      return "Only counted: no name, no site";
    case Record::host:
      return "The name of the site";
    case Record::path:
      return "The address of the page, without anything after a question mark";
    case Record::words:
      return "The name of the site and, after a search, the words searched for";
  }
  return {};
}

/// "Gambling, Malware, Weapons"
std::string titles_of(const std::vector<Category>& categories, Record record) {
  std::vector<std::string_view> titles;
  for (const Category& category : categories) {
    if (recorded_as(category) == record) titles.push_back(category.title);
  }
  std::sort(titles.begin(), titles.end());
  std::string text;
  for (const std::string_view title : titles) {
    if (!text.empty()) text += "; ";
    text += title;
  }
  return text;
}

Html what_section(const rules::policy::Rules& rules) {
  Html section;
  section.raw(
      "<section aria-labelledby=\"what\">\n<h2 id=\"what\">What is kept about a stopped page</h2>\n"
      "<p>The time, your account name and this laptop, the rule that stopped it, and, by kind of site:</p>\n"
      "<table>\n<thead><tr><th scope=\"col\">What is kept</th><th scope=\"col\">For which kinds of "
      "site</th></tr></thead>\n"
      "<tbody>\n");
  for (const Record record : kRecords) {
    const std::string titles = titles_of(rules.catalog().categories, record);
    if (titles.empty()) continue;
    section.raw("<tr><th scope=\"row\">").text(kept_text(record)).raw("</th><td>").text(titles).raw("</td></tr>\n");
  }
  section.raw("</tbody>\n</table>\n</section>\n");
  return section;
}

Html how_long_section(const PolicyFile& policy) {
  struct Row {
    std::string_view name;
    Severity severity;
  };
  constexpr std::array kRows = {Row{"Critical", Severity::critical}, Row{"High", Severity::high},
                                Row{"Medium", Severity::medium}, Row{"Low", Severity::low}};
  Html section;
  section.raw(
      "<section aria-labelledby=\"long\">\n<h2 id=\"long\">For how long</h2>\n"
      "<table>\n<thead><tr><th scope=\"col\">How serious the kind of site is</th><th scope=\"col\">Your name and the "
      "site "
      "are erased after</th></tr></thead>\n<tbody>\n");
  for (const Row& row : kRows) {
    section.raw("<tr><th scope=\"row\">")
        .text(row.name)
        .raw("</th><td>")
        .text(std::to_string(pages::kept_for(policy.retention, row.severity).count()))
        .raw(" days</td></tr>\n");
  }
  section.raw("<tr><th scope=\"row\">Let through, but noted</th><td>")
      .text(std::to_string(policy.retention.observed.count()))
      .raw(" days</td></tr>\n</tbody>\n</table>\n</section>\n");
  return section;
}

/// Where the policy has the agent read inside TLS; empty when it does nowhere.
Html inspected_part(const rules::catalog::Inspect& inspect) {
  Html part;
  if (!inspect.search && inspect.hosts.empty()) return part;
  part.raw("<p>This laptop reads along, so that rules about searches and pages hold there, on:</p>\n<ul>\n");
  if (inspect.search) part.raw("<li>Search engines: the address of each page, and the words searched for.</li>\n");
  for (const auto& rule : inspect.hosts) {
    part.raw("<li>").text(rule.host).raw(": the address of each page.</li>\n");
  }
  part.raw(
      "</ul>\n<p>Your browser shows the laptop's certificate there. What the pages say is not looked at, and nothing "
      "is "
      "kept unless a page is stopped or noted. Banks, health, government and help services, and pages where you sign "
      "in, are never read.</p>\n");
  return part;
}

/// Addresses say "secure": a person may wonder who reads along.
Html reading_section(const Site& site) {
  const Html inspected = site.answers_https ? inspected_part(site.rules.policy().inspect) : Html();
  Html section;
  section.raw(
      "<section aria-labelledby=\"reading\">\n<h2 id=\"reading\">What the filter can read</h2>\n"
      "<p>Nearly every address begins with <strong>https</strong>: what you do there is locked between you and the "
      "site. The filter sees the name of the site");
  if (inspected.empty()) {
    section.raw(", and cannot read the rest.</p>\n");
  } else {
    section.raw("; the rest it reads on the sites below alone.</p>\n").part(inspected);
  }
  if (site.answers_https) {
    section.raw(
        "<p>When it stops such a site, this laptop answers in the site's place, with a certificate of its own, so that "
        "you can read why. Only then it sees which page was asked for. The site itself hears nothing from you. All "
        "other sites keep their own certificate.</p>\n");
  }
  section.raw("</section>\n");
  return section;
}

Html who_section(const PolicyFile& policy) {
  const std::string lead = pages::contact_text(policy.lead);
  Html section;
  section.raw(
      "<section aria-labelledby=\"who\">\n<h2 id=\"who\">Who sees it</h2>\n"
      "<p>The safeguarding lead");
  if (!lead.empty()) section.raw(" (").text(lead).raw(")");
  section.raw(
      " sees the whole entry, to look after people. IT sees the site and the rule, but not whose entry it is. You see "
      "your "
      "own entries.</p>\n<p><a class=\"go\" href=\"/why\">My own entries</a></p>\n</section>\n");
  return section;
}

Html rights_section(const rules::policy::Rules& rules) {
  Html section;
  section.raw(
      "<section aria-labelledby=\"rights\">\n<h2 id=\"rights\">What you can ask for</h2>\n<ul>\n"
      "<li>A copy of everything that is kept about you. You can make it yourself, now.</li>\n"
      "<li>That a wrong entry is marked as wrong, with a note.</li>\n"
      "<li>That your details are erased, or that they are no longer used. The safeguarding lead answers, and says why "
      "if it "
      "cannot be done.</li>\n"
      "</ul>\n<p><a class=\"go\" href=\"/recorded/copy\">Make my copy</a></p>\n<p>To object, say or write to the "
      "safeguarding lead what should stop, and why; you need no form, and it "
      "has "
      "no bad consequence for you. You hear back within a month, with the reason if it is refused.</p>\n"
      "<p>Nothing here decides about you by itself: there is no score, and a person looks before anything "
      "follows. Ask "
      "the safeguarding lead, or any member of staff to pass it on.</p>\n");
  const rules::catalog::Signpost* regulator = rules.signpost("ico");
  const std::string_view address = regulator == nullptr ? std::string_view() : pages::link_address(regulator->url);
  if (!address.empty()) {
    section.raw("<p>If you are not content with the answer: <a rel=\"noreferrer\" href=\"")
        .text(address)
        .raw("\">")
        .text(regulator->name)
        .raw("</a>.</p>\n");
  }
  section.raw("</section>\n");
  return section;
}

}  // namespace

pages::Answer recorded_page(const Site& site) {
  const PolicyFile& policy = site.rules.policy();
  Html main;
  main.raw(
      "<section class=\"panel\">\n<h1>What is recorded about me</h1>\n"
      "<p class=\"says\">Only pages that were stopped or noted. Sites that open normally leave no "
      "trace.</p>\n</section>\n"
      "<section aria-labelledby=\"never\">\n<h2 id=\"never\">Never recorded</h2>\n<ul>\n"
      "<li>Sites that open normally, and how long you are on them.</li>\n"
      "<li>What stands on a page, e-mails and messages.</li>\n"
      "<li>Passwords and what you type, other than words searched for where the list below says so.</li>\n"
      "<li>Screenshots, camera, microphone and where you are.</li>\n"
      "<li>Visits to help services: they are always open.</li>\n</ul>\n</section>\n");
  main.part(what_section(site.rules))
      .part(reading_section(site))
      .part(how_long_section(policy))
      .part(who_section(policy))
      .part(rights_section(site.rules));
  return {200, std::string(pages::kHtmlType),
          pages::whole_page("What is recorded about me", policy.organisation, main, {})};
}

}  // namespace fairlead::agent::console
