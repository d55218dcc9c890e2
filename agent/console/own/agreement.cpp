#include "rules/policy/agreement.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "agent/console/controls.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/own/pages.hpp"
#include "agent/console/record.hpp"
#include "agent/events/export.hpp"
#include "agent/pages/agreement_text.hpp"

namespace fairlead::agent::console::own {

using pages::Html;
using rules::catalog::Agreement;

namespace {

Result<std::vector<events::Entry>> agreements(const Visit& visit, std::string_view person, std::string_view id) {
  events::EntryFilter filter;
  filter.kind = "agreement";
  filter.person = person;
  filter.subject = id;
  return visit.desk.store.entries(filter);
}

/// A cell that no table program takes for a formula.
std::string cell(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += "'";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

}  // namespace

pages::Answer agreement_page(const Visit& visit) {
  const auto& policy = visit.desk.rules->policy();
  if (policy.agreement.required == Agreement::Required::off)
    return say(visit, 200, "There is nothing to agree to", "The organisation does not ask for it on this laptop.", "/");
  const std::string id = rules::policy::agreement_id(policy);
  const std::string& person = visit.visitor.person;
  auto given = agreements(visit, person, id);
  if (!given) return not_now(visit, given.error());
  if (person.empty()) given->clear();
  Html main;
  main.raw("<section class=\"panel\">\n<h1>How this laptop is used</h1>\n<p class=\"says\">");
  main.text(policy.organisation).raw(" asks everybody to read this, and to agree.</p>\n");
  main.part(pages::agreement_text(policy.agreement));
  if (!given->empty()) {
    main.raw("<p class=\"notice\" role=\"status\">You agreed ").text(told_time(visit, given->front().time));
    main.raw(". Thank you. If a page was waiting for this, load it again.</p>\n");
  } else if (person.empty()) {
    main.raw(
        "<p class=\"notice\">This laptop cannot tell which account you use, so it cannot keep your answer. Nothing "
        "waits for it.</p>\n");
  } else {
    main.part(form_begin(visit, "/agreement")).part(hidden("agreement", id));
    main.raw("<button class=\"main\" type=\"submit\">I have read this, and I agree</button></form>\n<p>");
    main.text(
        policy.agreement.required == Agreement::Required::wait
            ? "Until then only protected services, such as help lines, open. If you do not want to agree, talk to "
              "a member of staff: nobody is angry with you for asking."
            : "You can go on without it. If you do not want to agree, talk to a member of staff.");
    main.raw("</p>\n");
  }
  main.raw(
      "<p>Recorded are your account, the version of the text and the time; nothing about what you browse. Only the "
      "safeguarding lead sees it.</p>\n</section>\n");
  return page(visit, 200, "How this laptop is used", main);
}

pages::Answer take_agreement(const Visit& visit) {
  const auto& policy = visit.desk.rules->policy();
  const std::string id = rules::policy::agreement_id(policy);
  const std::string& person = visit.visitor.person;
  // Who read another text than this has not agreed to it.
  if (person.empty() || policy.agreement.required == Agreement::Required::off || visit.form.value("agreement") != id)
    return go_to("/agreement");
  const auto given = agreements(visit, person, id);
  if (!given) return not_now(visit, given.error());
  if (given->empty()) {
    events::Entry entry;
    entry.time = visit.desk.now;
    entry.keep = visit.desk.now + kAgreementKept;
    entry.kind = "agreement";
    entry.subject = id;
    entry.actor = person;
    entry.person = person;
    entry.body = nlohmann::json{{"version", policy.version}}.dump();
    if (auto added = visit.desk.store.add(std::move(entry)); !added) return not_now(visit, added.error());
  }
  if (visit.desk.hands.agreed) visit.desk.hands.agreed(id, person);
  return go_to("/agreement");
}

pages::Answer agreements_page(const Visit& visit) {
  const auto& policy = visit.desk.rules->policy();
  const std::string id = rules::policy::agreement_id(policy);
  const auto given = agreements(visit, {}, id);
  if (!given) return not_now(visit, given.error());
  std::vector<std::string> people;
  for (const events::Entry& entry : *given) people.push_back(entry.person);
  if (auto noted = record_access(visit, "list of agreements", people); !noted) return not_now(visit, noted.error());
  Html main;
  main.raw("<h1>Who has agreed</h1>\n<p class=\"lead\">");
  const bool off = policy.agreement.required == Agreement::Required::off;
  main.text(
      off ? "Nobody is asked at the moment (agreement: required: off in policy.yaml). What was given before stays."
          : "To the agreement as it is now, version " + policy.version + ", on this laptop.");
  main.raw("</p>\n<p><a class=\"go\" href=\"/agreements.csv\">Save all, of every version (CSV)</a></p>\n");
  if (given->empty()) main.raw("<p>Nobody yet.</p>\n");
  if (!given->empty()) {
    main.raw("<table>\n<thead><tr><th scope=\"col\">Person</th><th scope=\"col\">Agreed</th></tr></thead>\n<tbody>\n");
    for (const events::Entry& entry : *given) {
      main.raw("<tr><th scope=\"row\">").text(entry.erased ? "Erased" : entry.person).raw("</th><td>");
      main.text(told_time(visit, entry.time)).raw("</td></tr>\n");
    }
    main.raw("</tbody>\n</table>\n");
  }
  main.raw("<section aria-labelledby=\"text\">\n<h2 id=\"text\">The text</h2>\n");
  main.part(pages::agreement_text(policy.agreement)).raw("</section>\n");
  return page(visit, 200, "Who has agreed", main);
}

pages::Answer agreements_csv(const Visit& visit) {
  const auto given = agreements(visit, {}, {});
  if (!given) return not_now(visit, given.error());
  std::vector<std::string> people;
  std::string csv = "person,agreement,time\r\n";
  for (const events::Entry& entry : *given) {
    if (entry.erased) continue;
    people.push_back(entry.person);
    csv += cell(entry.person) + "," + cell(entry.subject) + "," + cell(events::utc_text(entry.time)) + "\r\n";
  }
  if (auto noted = record_export(visit, "agreements", people); !noted) return not_now(visit, noted.error());
  return download("agreements.csv", "text/csv; charset=utf-8", std::move(csv));
}

}  // namespace fairlead::agent::console::own
