#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::size_t kShownLooks = 100;
constexpr std::string_view kSignIn = "sign_in";
constexpr std::array<std::string_view, 4> kLookKinds = {"access", "export", kSignIn, "erasure"};
constexpr std::array<std::string_view, 3> kLookFilters = {"actor", "person", "incident"};

/// About whom: one person, or those of a list.
std::vector<std::string> people_of(const events::Entry& entry, const nlohmann::json& body) {
  std::vector<std::string> people;
  if (!entry.person.empty()) people.push_back(entry.person);
  if (!body.is_object() || !body.contains("people") || !body["people"].is_array()) return people;
  for (const auto& name : body["people"]) {
    if (name.is_string()) people.push_back(name.get<std::string>());
  }
  return people;
}

std::string_view kind_words(std::string_view kind) {
  if (kind == "export") return "Saved as a file";
  if (kind == "sign_in") return "Signing in";
  if (kind == "erasure") return "Erased personal details";
  return "Looked at";
}

/// A lock is nobody's act who has an account: who was on the other end, as the operating system says, or from where.
std::string who_words(const events::Entry& entry, const nlohmann::json& body) {
  if (entry.erased) return "Erased";
  if (!entry.actor.empty()) return entry.actor;
  if (!entry.person.empty()) return entry.person + " (not signed in)";
  return body.is_object() && body.contains("from") && body["from"].is_string()
             ? "Somebody at " + body["from"].get<std::string>()
             : "The laptop itself";
}

Html look_row(const Visit& visit, const events::Entry& entry) {
  const auto body = nlohmann::json::parse(entry.body, nullptr, false);
  Html part;
  part.raw("<tr><th scope=\"row\">").text(told_time(visit, entry.time)).raw("</th><td>");
  part.text(who_words(entry, body)).raw("</td><td>");
  part.text(kind_words(entry.kind)).raw(": ").text(entry.subject);
  if (entry.kind == kSignIn) {
    if (body.is_object() && body.contains("account") && body["account"].is_string())
      part.raw(" (").text(body["account"].get<std::string>()).raw(")");
    return std::move(part.raw("</td><td></td></tr>\n"));
  }
  part.raw("</td><td>");
  const auto people = people_of(entry, body);
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (i > 0) part.raw(", ");
    part.part(person_link(people[i], false));
  }
  return std::move(part.raw("</td></tr>\n"));
}

}  // namespace

pages::Answer access_page(const Visit& visit) {
  std::vector<events::Entry> all;
  for (const std::string_view kind : kLookKinds) {
    events::EntryFilter filter;
    filter.kind = kind;
    filter.actor = visit.form.line("actor", 200);
    filter.person = visit.form.line("person", 200);
    filter.incident = visit.form.number("incident", INT64_MAX).value_or(0);
    if (const auto until = visit.form.number("until", INT64_MAX))
      filter.until = Moment(std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(*until)));
    filter.newest_first = true;
    filter.limit = kShownLooks + 1;
    auto found = visit.desk.store.entries(filter);
    if (!found) return not_now(visit, found.error());
    std::move(found->begin(), found->end(), std::back_inserter(all));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
  const bool more = all.size() > kShownLooks;
  if (more) all.resize(kShownLooks);
  // Looking at this record is a read as any other; only its own lines would fill it, so that they name nobody again.
  if (auto noted = record_access(visit, "record of who looked", std::vector<std::string>{""}); !noted)
    return not_now(visit, noted.error());

  const Address address = Address("/access").keep(visit.form, kLookFilters);
  Html main;
  main.raw(
          "<h1>Who looked at what</h1>\n<p class=\"lead\">Every look at what is recorded about a person leaves a line ")
      .raw("here, and every file that was saved. Lines cannot be changed. Names are erased after two years.</p>\n")
      .raw("<form method=\"get\" action=\"/access\" class=\"grid\">\n")
      .part(input("actor", "Who looked (account)", "text", visit.form.line("actor", 200)))
      .part(input("person", "About whom (account)", "text", visit.form.line("person", 200)))
      .part(input("incident", "Incident number", "text", visit.form.line("incident", 20)))
      .raw("<div class=\"field\"><button class=\"main\" type=\"submit\">Show</button></div>\n</form>\n");
  if (all.empty()) {
    main.raw("<p>There is no line of this kind.</p>\n");
  } else {
    main.raw(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Lines\">\n<table>\n<thead><tr><th "
            "scope=\"col\">When</th><th scope=\"col\">Who</th>")
        .raw("<th scope=\"col\">What</th><th scope=\"col\">About whom</th></tr></thead>\n<tbody>\n");
    for (const events::Entry& entry : all) main.part(look_row(visit, entry));
    main.raw("</tbody>\n</table>\n</div>\n");
  }
  if (more) {
    Address next = address;
    next.add("until", std::to_string(all.back().time.time_since_epoch().count() + 1));
    main.raw("<nav class=\"pager\" aria-label=\"Pages of this list\"><a class=\"go\" rel=\"next\" href=\"")
        .text(next.str())
        .raw("\">Older lines</a></nav>\n");
  }
  return page(visit, 200, "Who looked at what", main);
}

}  // namespace fairlead::agent::console::desk
