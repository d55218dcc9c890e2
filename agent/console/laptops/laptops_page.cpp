#include <algorithm>
#include <array>
#include <map>

#include "agent/console/controls.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/laptops/pages.hpp"
#include "agent/console/laptops/standing.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::laptops {

using pages::Html;

namespace {

constexpr std::size_t kPerPage = 200, kMostPages = 100'000;
constexpr std::array kFilters = {kSiteField};

std::string_view words(Cover cover) {
  switch (cover) {
    case Cover::open:
      return "Something gets past the filter";
    case Cover::overdue:
      return "Not heard of for days";
    case Cover::unknown:
      return "It has not said";
    case Cover::rests:
      return "Filtering rests";
    case Cover::covered:
      return "Covered";
    case Cover::revoked:
      return "Taken out of the fleet";
  }
  return "It has not said";
}

std::string rules_words(const Standing& one) {
  if (one.version == 0) return "its own";
  std::string out = "version " + std::to_string(one.version);
  if (one.old_rules) out += ", others have newer ones";
  if (!one.rules_trouble.empty()) out += ": " + one.rules_trouble;
  return out;
}

void add_row(Html& main, const Visit& visit, const Standing& one) {
  const Laptop& laptop = one.laptop;
  main.raw("<tr><th scope=\"row\">").text(laptop.name).raw("</th><td>");
  main.text(laptop.site.empty() ? "None" : laptop.site).raw("</td><td>").text(laptop.group);
  main.raw("</td><td>").text(words(one.cover)).raw("</td><td>").text(rules_words(one)).raw("</td><td>");
  main.text(told_time(visit, laptop.seen)).raw("</td></tr>\n");
}

/// Details that were erased at the desk, and how many laptops have done the same.
void add_erasures(Html& main, const Visit& visit, const std::vector<Erasure>& erasures) {
  if (erasures.empty()) return;
  main.raw(
      "<section aria-labelledby=\"erasures\">\n<h2 id=\"erasures\">Erased personal details</h2>\n<ul "
      "class=\"cards\">\n");
  for (const Erasure& one : erasures) {
    main.raw("<li><p>").text(told_time(visit, one.asked)).raw(": erased at the desk; ");
    if (one.laptops == 0) {
      main.raw("no laptop had to be told");
    } else {
      main.text(std::to_string(one.done) + " of " + counted(one.laptops, "laptop has", "laptops have"))
          .raw(" done the same");
    }
    main.raw(".</p></li>\n");
  }
  main.raw("</ul>\n</section>\n");
}

/// How those of each site stand; for whoever may choose a site, each leads to its laptops alone.
Html sites_part(const Visit& visit, const std::vector<Standing>& all) {
  Html part;
  std::map<std::string_view, std::vector<Standing>> of_sites;
  for (const Standing& one : all) of_sites[one.laptop.site].push_back(one);
  if (of_sites.size() > 1) {
    const bool may_choose = visit.desk.hands.sites && visit.desk.hands.sites().size() > 1;
    part.raw("<ul>\n");
    for (const auto& [site, standings] : of_sites) {
      part.raw("<li>");
      if (site.empty()) {
        part.raw("Without a training centre");
      } else if (may_choose) {
        part.raw("<a href=\"").text(Address("/laptops").add(kSiteField, site).str()).raw("\">").text(site).raw("</a>");
      } else {
        part.text(site);
      }
      part.raw(": ").text(sentence(count(standings))).raw("</li>\n");
    }
    part.raw("</ul>\n");
  }
  if (!visit.desk.hands.site.empty())
    part.raw("<p><a class=\"go\" href=\"/laptops\">Those of all training centres</a></p>\n");
  return part;
}

}  // namespace

pages::Answer laptops_page(const Visit& visit) {
  const auto known = visit.desk.hands.laptops();
  if (!known) return not_now(visit, known.error());
  const auto all = standings(*known, visit.desk.now);
  const std::size_t pages = (all.size() + kPerPage - 1) / kPerPage;
  const std::size_t wanted = std::max<std::size_t>(visit.form.number("page", kMostPages).value_or(1), 1);
  const std::size_t number = std::min(wanted, std::max<std::size_t>(pages, 1));
  Html main;
  main.raw("<section class=\"panel\">\n<h1>Laptops</h1>\n<p class=\"says\">").text(sentence(count(all)));
  main.raw(
      "</p>\n</section>\n<p class=\"lead\">Each laptop tells every quarter of an hour how it is. Those that somebody "
      "has to look after stand first.</p>\n");
  main.part(sites_part(visit, all));
  if (all.empty()) {
    main.raw("<p>IT prints a code for new laptops with <code>fairlead hub code</code>.</p>\n");
    return page(visit, 200, "Laptops", main);
  }
  main.raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Laptops\">\n<table>\n<thead><tr><th "
      "scope=\"col\">Laptop</th><th scope=\"col\">Training centre</th><th scope=\"col\">Group</th><th "
      "scope=\"col\">Cover</th><th "
      "scope=\"col\">Rules</th>"
      "<th scope=\"col\">Last heard of</th></tr></thead>\n<tbody>\n");
  for (std::size_t i = (number - 1) * kPerPage; i < std::min(all.size(), number * kPerPage); ++i)
    add_row(main, visit, all[i]);
  main.raw("</tbody>\n</table>\n</div>\n").part(pager(Address("/laptops").keep(visit.form, kFilters), number, pages));
  const auto erasures = visit.desk.hands.erasures();
  if (!erasures) return not_now(visit, erasures.error());
  add_erasures(main, visit, *erasures);
  return page(visit, 200, "Laptops", main);
}

}  // namespace fairlead::agent::console::laptops
