#include "agent/console/controls.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/it/pages.hpp"

namespace fairlead::agent::console::it {

using pages::Html;

/// A look, that changes nothing: its address can be kept and sent on.
pages::Answer check_page(const Visit& visit) {
  const auto& groups = visit.desk.rules->policy().groups;
  std::vector<Choice> choices;
  choices.reserve(groups.size());
  for (const auto& group : groups) choices.push_back({group.id, group.title});
  std::string chosen(visit.form.line("group", 64));
  if (chosen.empty()) chosen = groups.at(visit.desk.rules->policy().unknown_group).id;
  const std::string_view url = visit.form.line("url", 2000), at = visit.form.line("at", 60);
  Html main;
  main.raw(
          "<h1>What would happen?</h1>\n<p class=\"lead\">To an address, for a group, at a time: what the rules in "
          "force "
          "say, and why. The same as <code>fairlead check</code>.</p>\n<form method=\"get\" action=\"/it/check\" "
          "class=\"grid\">\n")
      .part(input("url", "Address, or the name of a site", "text", url))
      .part(select("group", "For whom", choices, chosen))
      .part(input("at", "When, such as 2027-03-31 10:30; empty: now", "text", at))
      .raw("<div class=\"field\"><button class=\"main\" type=\"submit\">Check</button></div>\n</form>\n");
  int status = 200;
  if (!url.empty() && visit.desk.hands.explain) {
    const auto told = visit.desk.hands.explain({std::string(url), chosen, std::string(at)});
    status = told ? 200 : 422;
    main.raw("<section aria-labelledby=\"answer\">\n<h2 id=\"answer\">Answer</h2>\n");
    if (told) {
      main.raw("<pre class=\"explained\" tabindex=\"0\" role=\"region\" aria-label=\"Explanation\">").text(*told);
      main.raw("</pre>\n");
    } else {
      main.raw("<p class=\"notice\" role=\"alert\">").text(told.error().context).raw("</p>\n");
    }
    main.raw("</section>\n");
  }
  return page(visit, status, "Check", main);
}

}  // namespace fairlead::agent::console::it
