#include <algorithm>

#include "agent/console/report/behind.hpp"
#include "agent/console/report/chart.hpp"
#include "agent/console/report/sheets.hpp"
#include "agent/console/report/words.hpp"
#include "agent/pages/sentences.hpp"

namespace fairlead::agent::console::report {

using pages::Html;
using rules::catalog::Action;
using rules::catalog::Category;
using rules::catalog::Group;
using rules::catalog::PolicyFile;

namespace {

/// What the group does about a category, in a word.
std::string_view action_text(const rules::catalog::GroupAction& action) {
  if (action.schedule) return "by time";
  switch (action.otherwise) {
    case Action::block:
      return "stopped";
    case Action::observe:
      return "noted";
    case Action::allow:
      break;
  }
  return "open";
}

std::uint64_t tests_of(const std::vector<Category>& categories) {
  std::uint64_t tests = 0;
  for (const Category& category : categories) tests += category.must_block.size() + category.must_allow.size();
  return tests;
}

Html figures_part(const ReviewFacts& facts) {
  const PublishedSum sum = sum_of(facts.months);
  Html page;
  page.raw("<section aria-labelledby=\"figures\">\n<h2 id=\"figures\">The year in figures</h2>\n");
  std::vector<Column> columns;
  for (const auto& [month, total] : sum.by_month) {
    ByArea parts{};
    parts.at(static_cast<std::size_t>(Area::other)) = total.value_or(0);
    const std::string name(pages::month_name(month.first));
    columns.push_back({name.substr(0, 3), name, parts, !total});
  }
  if (sum.months == sum.left_out) {
    page.raw("<p>No finished month has figures that can be shown without pointing at somebody.</p>\n</section>\n");
    return page;
  }
  page.raw("<p>Something was stopped <strong>").text(counted(sum.total, "time", "times")).raw("</strong> in ");
  page.text(counted(sum.months - sum.left_out, "month", "months")).raw(".</p>\n");
  page.part(columns_chart("months", "Stopped in each month", columns));
  page.raw("<p>");
  for (std::size_t i = 0; i < sum.kinds.size(); ++i) {
    if (i > 0) page.raw("; ");
    page.text(sum.kinds[i].title).raw(" <strong>").text(number(sum.kinds[i].count)).raw("</strong>");
  }
  if (sum.rest > 0) page.raw("; others <strong>").text(number(sum.rest)).raw("</strong>");
  page.raw(
      ".</p>\n<p class=\"rest\">Summed from whole months, in which numbers under five, and some beside them, are added "
      "to "
      "the others.");
  if (sum.left_out > 0)
    page.raw(" Of ").text(counted(sum.left_out, "month", "months")).raw(" nothing is shown: too few people or stops.");
  page.raw("</p>\n</section>\n");
  return page;
}

Html categories_part(const rules::policy::Rules& rules) {
  const auto& catalog = rules.catalog();
  Html page;
  page.raw(
      "<section aria-labelledby=\"categories\">\n<h2 id=\"categories\">Categories, and what each group is held "
      "to</h2>\n"
      "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Categories and groups\">\n<table "
      "class=\"dense\">\n"
      "<thead><tr><th scope=\"col\">Category</th><th scope=\"col\">Area</th><th scope=\"col\">Weight</th>");
  for (const Group& group : catalog.policy.groups)
    page.raw("<th scope=\"col\">").text(group.title.empty() ? group.id : group.title).raw("</th>");
  page.raw("</tr></thead>\n<tbody>\n");
  for (std::size_t i = 0; i < catalog.categories.size(); ++i) {
    const Category& category = catalog.categories[i];
    page.raw("<tr><th scope=\"row\">").text(category.title).raw("</th><td>");
    page.text(to_string(category.risk)).raw("</td><td>").text(to_string(category.severity)).raw("</td>");
    for (const Group& group : catalog.policy.groups) {
      page.raw("<td>");
      if (category.statutory) {
        page.raw("always stopped");
      } else if (i < group.actions.size()) {
        page.text(action_text(group.actions[i]));
      }
      page.raw("</td>");
    }
    page.raw("</tr>\n");
  }
  page.raw("</tbody>\n</table>\n</div>\n</section>\n");
  return page;
}

Html exceptions_part(const PolicyFile& policy, Day today) {
  Html page;
  page.raw("<section aria-labelledby=\"exceptions\">\n<h2 id=\"exceptions\">Exceptions in force</h2>\n");
  bool any = false;
  for (const auto& exception : policy.exceptions) {
    if (exception.expires <= std::chrono::sys_seconds(today)) continue;
    if (!any) page.raw("<ul>\n");
    page.raw("<li>");
    any = true;
    page.text(exception.host).text(exception.path == "/" ? std::string() : exception.path).raw(": ");
    page.text(exception.action == Action::block ? "stopped" : exception.action == Action::observe ? "noted" : "open");
    page.raw(", until ")
        .text(iso_text(std::chrono::floor<std::chrono::days>(exception.expires - std::chrono::seconds{1})))
        .raw(", owner ")
        .text(exception.owner)
        .raw(": ")
        .text(exception.reason)
        .raw("</li>\n");
  }
  if (any) page.raw("</ul>\n");
  if (!any) page.raw("<p>None.</p>\n");
  page.raw("</section>\n");
  return page;
}

Html rules_part(const ReviewFacts& facts) {
  const auto& catalog = facts.rules.catalog();
  const PolicyFile& policy = catalog.policy;
  Html page;
  page.raw(
      "<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">Rules, tests, laptops</h2>\n<ul>\n<li>Policy version ");
  page.text(policy.version.empty() ? "not said" : policy.version);
  if (policy.review_date) {
    page.text(*policy.review_date < facts.today ? ", review was due on " : ", next review by ")
        .text(iso_text(*policy.review_date));
  }
  page.raw(".</li>\n<li>")
      .text(counted(catalog.categories.size(), "category", "categories"))
      .raw(", ")
      .text(counted(policy.groups.size(), "group", "groups"))
      .raw(", ")
      .text(counted(catalog.protected_services.size(), "protected service", "protected services"))
      .raw(".</li>\n<li>");
  page.text(counted(tests_of(catalog.categories), "test", "tests"))
      .raw(
          " are written in the category files. Rules with a failing one are refused, so all of them passed for the "
          "rules in "
          "force.</li>\n");
  for (const std::string& slot : facts.rules.empty_statutory_slots())
    page.raw("<li>The statutory list ").text(slot).raw(" is empty: the organisation has no member list yet.</li>\n");
  page.raw("<li>").text(rules_text(facts.cover, facts.cover.told_at)).raw("</li>\n<li>");
  if (facts.cover.laptops <= 1) {
    page.raw("Laptops covered: this one. Of others nothing is known here; phones and other devices are not covered.");
  } else {
    page.raw("Laptops covered: ").text(number(facts.cover.laptops)).raw(". Phones and other devices are not covered.");
  }
  page.raw("</li>\n<li>").text(days_text(facts.cover)).raw("</li>\n</ul>\n</section>\n");
  return page;
}

}  // namespace

Html review_sheet(const ReviewFacts& facts) {
  Html page;
  page.raw("<div class=\"report\">\n").part(patterns()).raw("<section class=\"panel\">\n<p class=\"when\">");
  page.text(long_text(facts.year)).raw("</p>\n<h1>Yearly review of the filter</h1>\n");
  page.raw(
      "<p class=\"says\">What is in force, what it stopped, and what to decide. Kept with the review of the "
      "policy.</p>\n");
  page.raw("</section>\n").part(figures_part(facts)).part(rules_part(facts));
  page.part(exceptions_part(facts.rules.policy(), facts.today)).part(categories_part(facts.rules));
  page.raw(
      "<section aria-labelledby=\"decided\">\n<h2 id=\"decided\">Decided</h2>\n<dl class=\"sign\">"
      "<div><dt>Changes agreed</dt><dd></dd></div><div><dt>Reviewed by, role, date</dt><dd></dd></div>"
      "<div><dt>Next review</dt><dd></dd></div></dl>\n</section>\n</div>\n");
  return page;
}

}  // namespace fairlead::agent::console::report
