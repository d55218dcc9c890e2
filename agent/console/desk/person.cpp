#include <algorithm>

#include "agent/console/desk/copy.hpp"
#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/timeline.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::size_t kShownOfPerson = 100;

Html rights(const Visit& visit, std::string_view person) {
  const std::string address = person_address(person);
  Html part;
  part.raw(
          "<section aria-labelledby=\"rights\">\n<h2 id=\"rights\">When they ask for it</h2>\n<ul "
          "class=\"cards\">\n<li><a class=\"go\" href=\"")
      .text(address + "/copy")
      .raw(
          "\">A copy of everything, to read or print</a><p>Only what is about them: other people are left "
          "out.</p></li>\n<li><a class=\"go\" href=\"")
      .text(address + "/copy.json")
      .raw("\">The same as a file for programs (JSON)</a></li>\n</ul>\n");
  part.raw("<details><summary>Erase their details</summary>\n")
      .part(form_begin(visit, address + "/erase"))
      .raw("<p>Their name, the websites and all words are erased from every entry about them, for good")
      .text(visit.desk.hands.laptops ? ", here and on their laptops" : "")
      .raw(
          ". Totals without names are kept. Do this only after they have asked for it and nothing speaks against "
          "it.</p>\n<label class=\"check\"><input "
          "type=\"checkbox\" name=\"sure\" value=\"yes\" required> I have checked this</label>\n<div "
          "class=\"field\"><label for=\"reason\">Why, "
          "without a name</label><input id=\"reason\" name=\"reason\" maxlength=\"200\" required "
          "autocomplete=\"off\"></div>\n"
          "<button type=\"submit\">Erase for good</button></form></details>\n</section>\n");
  return part;
}

}  // namespace

pages::Answer person_page(const Visit& visit) {
  const std::string person(visit.part("name"));
  events::IncidentFilter about;
  about.person = person;
  about.limit = kShownOfPerson;
  const auto incidents = visit.desk.store.incidents(about);
  if (!incidents) return not_now(visit, incidents.error());
  events::Filter filter;
  filter.person = person;
  filter.limit = kShownOfPerson;
  filter.newest_first = true;
  const auto events = visit.desk.store.list(filter);
  if (!events) return not_now(visit, events.error());
  if (auto noted = record_access(visit, "person", person); !noted) return not_now(visit, noted.error());

  Html main;
  main.raw("<section class=\"panel\">\n<h1>")
      .text(person)
      .raw("</h1>\n<p class=\"says\">Everything that is recorded about this account on ")
      .text(visit.desk.hands.laptops ? "every laptop" : "this laptop")
      .raw(". An account may have been used by somebody else: ask before you conclude.</p>\n</section>\n")
      .raw("<section aria-labelledby=\"incidents\">\n<h2 id=\"incidents\">Incidents</h2>\n");
  if (incidents->empty()) main.raw("<p>There is none.</p>\n");
  if (!incidents->empty()) {
    main.raw("<ol class=\"cards\">\n");
    for (const auto& incident : *incidents) main.part(incident_card(visit, incident));
    main.raw("</ol>\n");
  }
  main.raw("</section>\n<section aria-labelledby=\"entries\">\n<h2 id=\"entries\">Latest entries</h2>\n");
  if (events->empty()) main.raw("<p>There is none.</p>\n");
  main.part(timeline(visit, *events))
      .raw("<p><a class=\"go\" href=\"")
      .text(Address("/events").add("person", person).str());
  main.raw("\">All entries of this account</a></p>\n</section>\n")
      .part(rights(visit, person))
      .raw("<p><a class=\"go\" href=\"");
  main.text(Address("/access").add("person", person).str()).raw("\">Who has looked at these</a></p>\n");
  return page(visit, 200, "One person", main);
}

pages::Answer person_copy(const Visit& visit) {
  const std::string person(visit.part("name"));
  const auto copy = read_copy(visit, person);
  if (!copy) return not_now(visit, copy.error());
  if (auto noted = record_export(visit, "copy for the person", {person}); !noted) return not_now(visit, noted.error());
  return page(visit, 200, "Copy of what is recorded", copy_as_page(visit, *copy));
}

pages::Answer person_copy_as_json(const Visit& visit) {
  const std::string person(visit.part("name"));
  const auto copy = read_copy(visit, person);
  if (!copy) return not_now(visit, copy.error());
  if (auto noted = record_export(visit, "copy for the person, as a file", {person}); !noted)
    return not_now(visit, noted.error());
  return download("recorded-about-me.json", "application/json", copy_as_json(visit, *copy));
}

pages::Answer erase_person(const Visit& visit) {
  const std::string person(visit.part("name"));
  const std::string_view reason = visit.form.line("reason", 200);
  if (visit.form.value("sure") != "yes" || reason.empty()) return go_to(person_address(person));
  const auto erased = visit.desk.store.erase_person(person, [&](std::uint64_t rows) {
    events::Entry entry;
    entry.time = visit.desk.now;
    entry.keep = visit.desk.now + kAccessKept;
    entry.subject = "on request";
    entry.actor = visit.visitor.account;
    entry.body = erasure_body(rows, reason);
    return entry;
  });
  if (!erased && erased.error().code == Errc::refused)
    return say(visit, 422, "This account may be used at other training centres too",
               "Only a lead who sees all of them can erase it. Nothing was changed.", person_address(person));
  if (!erased) return not_now(visit, erased.error());
  Html main;
  main.raw("<section class=\"panel\">\n<h1>Erased</h1>\n<p class=\"says\">")
      .text(counted(*erased, "entry has", "entries have"))
      .raw(" lost every personal detail. That it was done, when and by whom, is kept.</p>\n");
  if (visit.desk.hands.laptops) {
    main.raw("<p>Laptops that may know them erase the same as soon as they are heard of.");
    // It is of the whole organisation: which laptops they are says who was erased.
    if (visit.visitor.sites.empty()) main.raw(" <a class=\"go\" href=\"/laptops#erasures\">How far they are</a>");
    main.raw("</p>\n");
  }
  main.raw("<p><a class=\"go\" href=\"/incidents\">To the incidents</a></p>\n</section>\n");
  return page(visit, 200, "Erased", main);
}

}  // namespace fairlead::agent::console::desk
