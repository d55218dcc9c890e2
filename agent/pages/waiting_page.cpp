#include <nlohmann/json.hpp>

#include "agent/pages/agreement_text.hpp"
#include "agent/pages/pages.hpp"
#include "agent/pages/plain_forms.hpp"
#include "agent/pages/shell.hpp"

namespace fairlead::agent::pages {

namespace {

constexpr int kStatus = 511;
constexpr std::string_view kHeading = "Please read this first";

}  // namespace

Html agreement_text(const rules::catalog::Agreement& agreement) {
  Html list;
  list.raw("<ul class=\"agreement\">\n");
  for (const std::string& sentence : agreement.text) list.raw("<li>").text(sentence).raw("</li>\n");
  list.raw("</ul>\n");
  if (const std::string_view address = link_address(agreement.link); !address.empty()) {
    list.raw("<p><a rel=\"noreferrer\" href=\"").text(address).raw("\">The whole text</a></p>\n");
  }
  return list;
}

Answer waiting_page(const rules::catalog::PolicyFile& policy, std::string_view local_pages, Form form) {
  const std::string where = local_pages.empty() ? std::string() : std::string(local_pages) + "/agreement";
  if (form == Form::json) {
    const nlohmann::ordered_json out = {{"error", "agreement"}, {"title", kHeading}, {"answer_at", where}};
    return {kStatus, std::string(kJsonType), json_text(out)};
  }
  if (form != Form::html) return empty_answer(kStatus, form);
  Html main;
  main.raw("<section class=\"panel\">\n<h1>").text(kHeading).raw("</h1>\n<p class=\"says\">");
  main.text(policy.organisation)
      .raw(
          " asks everybody who uses this laptop to agree to how it is used. It takes a minute. Help services are open "
          "all the while, and nothing about this page is recorded.</p>\n")
      .part(agreement_text(policy.agreement));
  if (!where.empty()) {
    main.raw("<p><a class=\"go\" rel=\"noreferrer\" href=\"").text(where).raw("\">Read and answer</a></p>\n");
  }
  main.raw("<p>Afterwards, load this page again.</p>\n</section>\n");
  return {kStatus, std::string(kHtmlType), whole_page(kHeading, policy.organisation, main, {})};
}

}  // namespace fairlead::agent::pages
