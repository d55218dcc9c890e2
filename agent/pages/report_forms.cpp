#include "agent/pages/report_forms.hpp"

namespace fairlead::agent::pages {

namespace {

Html form_begin(std::string_view id, std::string_view action, std::string_view kind) {
  Html form;
  form.raw("<form method=\"post\" accept-charset=\"utf-8\" action=\"")
      .text(action)
      .raw("\"><input type=\"hidden\" name=\"id\" value=\"")
      .text(id)
      .raw("\"><input type=\"hidden\" name=\"kind\" value=\"")
      .text(kind)
      .raw("\">");
  return form;
}

/// 400 characters of three bytes each, percent-encoded, stay below what parse_report_form() reads.
Html words_field(std::string_view id, std::string_view kind, std::string_view label) {
  Html field;
  field.raw("<label for=\"").text(kind).raw("-").text(id).raw("\">").text(label).raw("</label><textarea id=\"");
  field.text(kind).raw("-").text(id).raw("\" name=\"words\" rows=\"2\" maxlength=\"400\"></textarea>");
  return field;
}

}  // namespace

Html report_forms(std::string_view id, std::string_view action) {
  Html forms;
  forms.raw("<div class=\"answers\">\n<div class=\"answer\">")
      .part(form_begin(id, action, "accident"))
      .raw("<p>It happens. One click is enough: it is stored with the entry, for the safeguarding lead to see.</p>")
      .raw("<button class=\"main\" type=\"submit\">I landed here by accident</button></form></div>\n")
      .raw("<div class=\"answer\">")
      .part(form_begin(id, action, "wrong"))
      .part(words_field(id, "wrong", "What did you need it for? (optional)"))
      .raw("<button type=\"submit\">I think this is wrong</button></form></div>\n</div>\n")
      .raw("<details class=\"quiet\"><summary>I’m worried about something</summary>")
      .part(form_begin(id, action, "concern"))
      .part(words_field(id, "concern", "What is worrying you? (optional)"))
      .raw("<p>Only the safeguarding lead reads this.</p>")
      .raw("<button type=\"submit\">Tell the safeguarding lead</button></form></details>\n");
  return forms;
}

}  // namespace fairlead::agent::pages
