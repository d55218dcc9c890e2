#include "agent/console/desk/incident_in_path.hpp"
#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"
#include "agent/pages/shell.hpp"

namespace fairlead::agent::console::desk {

namespace {

pages::Answer no_pack(const Visit& visit, std::uint64_t number) {
  pages::Html main;
  main.raw(
          "<section class=\"panel\">\n<h1>This is too much for one file</h1>\n<p class=\"says\">An evidence file holds "
          "up to ")
      .text(std::to_string(events::kMostPacked))
      .raw(" entries. IT can make one of chosen entries: fairlead events pack.</p>\n<p><a class=\"go\" href=\"")
      .text(incident_address(number))
      .raw("\">Back to the incident</a></p>\n</section>\n");
  return page(visit, 422, "This is too much for one file", main);
}

}  // namespace

pages::Answer incident_pack(const Visit& visit) {
  const auto incident = incident_in_path(visit);
  if (!incident) return not_now(visit, incident.error());
  const std::uint64_t number = incident->number;
  auto pack = visit.desk.store.evidence_pack({{number}, {}, visit.visitor.account, visit.desk.now});
  if (!pack && pack.error().code == Errc::too_large) return no_pack(visit, number);
  if (!pack) return not_now(visit, pack.error());
  const std::string name = "incident-" + std::to_string(number);
  if (auto noted = record_export(visit, name + " as evidence", {incident->person}, number); !noted)
    return not_now(visit, noted.error());
  return download("evidence-" + name + ".html", pages::kHtmlType, std::move(*pack));
}

}  // namespace fairlead::agent::console::desk
