#include "agent/console/frame.hpp"

#include "agent/pages/shell.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console {

using pages::Html;

namespace {

bool is_current(std::string_view path, std::string_view entry) {
  if (path == entry) return true;
  return entry != "/" && path.starts_with(entry) && path.substr(entry.size()).starts_with('/');
}

Html navigation(const Visit& visit) {
  Html bar;
  if (visit.visitor.account.empty()) return bar;
  bar.raw("<nav class=\"menu\" aria-label=\"Pages\"><div class=\"wrap\">\n<ul>\n");
  for (const MenuEntry& entry : visit.menu) {
    bar.raw("<li><a href=\"").text(entry.path).raw("\"");
    if (is_current(visit.request.path, entry.path)) bar.raw(" aria-current=\"page\"");
    bar.raw(">").text(entry.label).raw("</a></li>\n");
  }
  bar.raw("</ul>\n")
      .part(form_begin(visit, "/sign-out"))
      .raw("<button type=\"submit\">Sign out<span class=\"account\"> ")
      .text(visit.visitor.account)
      .raw("</span></button></form>\n</div></nav>\n");
  return bar;
}

}  // namespace

pages::Answer page(const Visit& visit, int status, std::string_view title, const Html& main, std::string_view styles) {
  const std::string sheet = std::string(style_sheet()).append(styles);
  pages::Answer answer{status, std::string(pages::kHtmlType), ""};
  answer.body = pages::framed({title, visit.desk.rules->policy().organisation, sheet, navigation(visit), main, {}});
  answer.content_security_policy = pages::content_security_policy_with(sheet);
  return answer;
}

Html form_begin(const Visit& visit, std::string_view action) {
  Html form;
  form.raw("<form method=\"post\" accept-charset=\"utf-8\" action=\"").text(action).raw("\">");
  if (!visit.visitor.csrf.empty())
    form.raw("<input type=\"hidden\" name=\"").text(kCsrfField).raw("\" value=\"").text(visit.visitor.csrf).raw("\">");
  return form;
}

pages::Answer download(std::string_view name, std::string_view content_type, std::string body) {
  std::string plain;
  for (const char c : name) plain += text::is_alnum(c) || c == '.' || c == '-' || c == '_' ? c : '-';
  pages::Answer answer{200, std::string(content_type), std::move(body)};
  answer.fields.push_back({"Content-Disposition", "attachment; filename=\"" + plain + "\""});
  return answer;
}

pages::Answer say(const Visit& visit, int status, std::string_view heading, std::string_view says,
                  std::string_view back) {
  pages::Html main;
  main.raw("<section class=\"panel\">\n<h1>").text(heading).raw("</h1>\n<p class=\"says\">").text(says).raw("</p>\n");
  main.raw("<p><a class=\"go\" href=\"").text(back).raw("\">Go on</a></p>\n</section>\n");
  return page(visit, status, heading, main);
}

}  // namespace fairlead::agent::console
