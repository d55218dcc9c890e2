#include "agent/pages/shell.hpp"

#include "agent/tls/base64.hpp"
#include "agent/tls/signature.hpp"

namespace fairlead::agent::pages {

namespace {

// A fairlead is the ring on a deck that leads a rope the right way.
void add_mark(Html& page) {
  page.raw(
      "<svg class=\"mark\" viewBox=\"0 0 40 40\" width=\"40\" height=\"40\" aria-hidden=\"true\" focusable=\"false\">"
      "<path class=\"rope\" d=\"M2 33C10 33 11 20 20 20\"/>"
      "<circle class=\"ring\" cx=\"20\" cy=\"20\" r=\"11\"/>"
      "<path class=\"rope\" d=\"M20 20C29 20 30 7 38 7\"/></svg>");
}

std::string policy_of(const std::string& styles) {
  return "default-src 'none'; style-src " + styles + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

std::string hash_source(std::string_view sheet) { return "'sha256-" + tls::base64(tls::sha256(sheet)) + "'"; }

}  // namespace

const std::string& content_security_policy() {
  static const std::string policy = policy_of(hash_source(style_sheet()));
  return policy;
}

std::string content_security_policy_with(std::string_view second_sheet) {
  return policy_of(hash_source(style_sheet()) + " " + hash_source(second_sheet));
}

std::string framed(const Frame& frame) {
  Html head;
  head.raw(
          "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"robots\" content=\"noindex\">\n<title>")
      .text(frame.title)
      .raw("</title>\n<style>");
  Html body;
  body.raw("</style>\n</head>\n<body>\n");
  if (!frame.navigation.empty()) body.raw("<a class=\"skip\" href=\"#content\">To the content</a>\n");
  body.raw("<header class=\"top\"><div class=\"wrap\">");
  add_mark(body);
  body.raw("<p class=\"brand\"><span class=\"name\">Fairlead</span>");
  if (!frame.organisation.empty()) body.raw(" <span class=\"organisation\">").text(frame.organisation).raw("</span>");
  body.raw("</p></div></header>\n").part(frame.navigation);
  if (frame.navigation.empty()) {
    body.raw("<main class=\"wrap\">\n");
  } else {
    body.raw("<main class=\"wrap\" id=\"content\" tabindex=\"-1\">\n");
  }
  body.part(frame.main).raw("</main>\n");
  if (!frame.footer.empty()) body.raw("<footer class=\"wrap\">\n").part(frame.footer).raw("</footer>\n");
  body.raw("</body>\n</html>\n");
  std::string page;
  page.reserve(head.str().size() + style_sheet().size() + frame.second_sheet.size() + body.str().size() + 32);
  page += head.str();
  page += style_sheet();
  if (!frame.second_sheet.empty()) page.append("</style>\n<style>").append(frame.second_sheet);
  page += body.str();
  return page;
}

std::string whole_page(std::string_view title, std::string_view organisation, const Html& main, const Html& footer) {
  return framed({title, organisation, {}, {}, main, footer});
}

}  // namespace fairlead::agent::pages
