#include "agent/console/pages.hpp"

#include <algorithm>
#include <optional>

#include "agent/console/recorded_page.hpp"
#include "agent/console/routes.hpp"
#include "agent/pages/help.hpp"
#include "agent/pages/report_forms.hpp"
#include "agent/pages/sentences.hpp"
#include "agent/pages/shell.hpp"

namespace fairlead::agent::console {

using pages::Answer;
using pages::Html;

namespace {

Answer page(int status, std::string_view title, const Site& site, const Html& main) {
  return {status, std::string(pages::kHtmlType), pages::whole_page(title, site.rules.policy().organisation, main, {})};
}

Html panel(std::string_view heading, std::string_view says) {
  Html main;
  main.raw("<section class=\"panel\">\n<h1>")
      .text(heading)
      .raw("</h1>\n<p class=\"says\">")
      .text(says)
      .raw("</p>\n</section>\n");
  return main;
}

Answer index_page(const Site& site) {
  Html main =
      site.rules.is_builtin()
          ? panel("The filter is on, with its basic rules",
                  "The organisation's own rules could not be loaded, so the most important ones are in force. IT "
                  "can mend this.")
          : panel("The filter is on", "It stops what the organisation's policy names and leaves the rest alone.");
  main.raw(
      "<ul class=\"cards\">\n"
      "<li><a class=\"go\" href=\"/why\">Why was something stopped?</a>"
      "<p>Your own latest entries, each with its reason, and a way to say that it is wrong.</p></li>\n"
      "<li><a class=\"go\" href=\"/recorded\">What is recorded about me?</a>"
      "<p>What is kept, for how long, who sees it, and what you can ask for.</p></li>\n"
      "<li><a class=\"go\" href=\"/answers\">Answers to what I asked</a>"
      "<p>What became of pages that you said were stopped wrongly.</p></li>\n");
  if (site.rules.policy().agreement.required != rules::catalog::Agreement::Required::off) {
    main.raw(
        "<li><a class=\"go\" href=\"/agreement\">How this laptop is used</a>"
        "<p>What the organisation asks you to agree to.</p></li>\n");
  }
  main.raw("</ul>\n<p><a class=\"go\" href=\"/sign-in\">Sign in, for the safeguarding lead and IT</a></p>\n");
  return page(200, "Fairlead on this laptop", site, main);
}

/// Where the browser hides our page (a refused tunnel), this is the first that a person reads about it: help belongs
/// here too.
Html own_help(const OwnBlock& block, const Site& site) {
  Html help;
  for (const auto& category : site.rules.catalog().categories) {
    if (category.title != block.category_title) continue;
    Html list = pages::help_list(pages::help_of(site.rules, category, site.rules.policy().unknown_group));
    if (list.empty()) return help;
    if (pages::is_help_first(category)) return list;
    help.raw("<details><summary>Where help is<span class=\"unseen\">: ")
        .text(block.host)
        .raw("</span></summary>\n")
        .part(list)
        .raw("</details>\n");
  }
  return help;
}

Html own_block(const OwnBlock& block, const Site& site) {
  Html entry;
  entry.raw("<li><h2 class=\"host\">")
      .text(block.host)
      .raw("</h2>\n<p class=\"meta\">")
      .text(block.let_through ? "Opened and noted " : "Stopped ")
      .text(pages::past_text(block.time, site.now, site.rules.policy().time_zone));
  if (!block.category_title.empty()) entry.raw(" · ").text(block.category_title);
  entry.raw(" · Reference <span class=\"reference\">").text(block.id).raw("</span></p>\n");
  if (!block.because_of.empty())
    entry.raw("<p>Because of another site that it leads to: ").text(block.because_of).raw("</p>\n");
  if (!block.let_through) {
    const std::string says = pages::fill_says(block.says, std::nullopt);
    entry.raw("<p>").text(says.empty() ? "This site is not available on this laptop." : says).raw("</p>\n");
    entry.part(own_help(block, site));
  }
  if (!block.answer.empty()) {
    entry.raw("<p class=\"notice\"><strong>You were answered:</strong> ").text(block.answer).raw("</p>\n");
  } else if (block.reported) {
    entry.raw("<p><strong>Your answer to this is stored.</strong></p>\n");
  }
  entry.raw("<details><summary>Answer this<span class=\"unseen\">: ")
      .text(block.host)
      .raw("</span></summary>\n")
      .part(pages::report_forms(block.id, kConsoleReportPath))
      .raw("</details></li>\n");
  return entry;
}

Answer why_page(const Site& site) {
  const auto read = site.own_blocks();
  if (!read) {
    return page(503, "Why was something stopped?", site,
                panel("This cannot be shown now",
                      "The entries cannot be read just now. That does not mean that there are none. Sites are still "
                      "filtered. Please try again later, or tell IT."));
  }
  const std::vector<OwnBlock>& blocks = *read;
  if (blocks.empty()) {
    Html main =
        panel("Nothing was stopped",
              "There is no entry about you on this laptop. What is only counted, such as adverts, is not listed.");
    main.raw("<p><a class=\"go\" href=\"/recorded\">What is recorded about me?</a></p>\n");
    return page(200, "Why was something stopped?", site, main);
  }
  Html main =
      panel("Why was something stopped?",
            "These are your own latest entries, the newest first. Only you and the safeguarding lead can see that "
            "they are yours.");
  main.raw("<ul class=\"cards\">\n");
  const std::size_t shown = std::min(blocks.size(), kOwnBlocksShown);
  for (std::size_t i = 0; i < shown; ++i) main.part(own_block(blocks[i], site));
  main.raw(
      "</ul>\n<p><a class=\"go\" href=\"/answers\">Answers to what I asked</a></p>\n"
      "<p><a class=\"go\" href=\"/recorded\">What is recorded about me?</a></p>\n");
  return page(200, "Why was something stopped?", site, main);
}

Answer take_report(const Request& request, const Site& site) {
  if (!is_from_our_page(request)) {
    return page(403, "Not accepted", site,
                panel("This was not accepted", "It did not come from a page of this laptop, so nothing was stored."));
  }
  const pages::ReportForm form = pages::parse_report_form(request.body);
  if (form.id.empty() || form.kind.empty()) return pages::report_page(404, form.kind);
  return pages::report_page(site.report(form), form.kind);
}

}  // namespace

Answer respond(const Request& request, const Site& site) {
  if (request.method == "POST") {
    if (request.path == kConsoleReportPath) return take_report(request, site);
  } else {
    if (request.path == "/") return index_page(site);
    if (request.path == "/why") return why_page(site);
    if (request.path == "/recorded") return recorded_page(site);
  }
  Html main = panel("There is no such page", "There is no page at this address.");
  main.raw("<p><a class=\"go\" href=\"/\">To the first page</a></p>\n");
  return page(404, "No such page", site, main);
}

}  // namespace fairlead::agent::console
