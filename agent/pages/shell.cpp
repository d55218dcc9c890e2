#include "agent/pages/shell.hpp"

#include <openssl/evp.h>

#include <array>

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

std::string base64_sha256(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  // SHA-256 of memory that is there cannot fail; an all-zero digest would only mean a page without style.
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::array<unsigned char, 45> base64{};  // 32 bytes are 44 characters, and a NUL
  const int size = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return {base64.begin(), base64.begin() + size};
}

}  // namespace

const std::string& content_security_policy() {
  static const std::string policy = "default-src 'none'; style-src 'sha256-" + base64_sha256(style_sheet()) +
                                    "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  return policy;
}

std::string whole_page(std::string_view title, std::string_view organisation, const Html& main, const Html& footer) {
  Html head;
  head.raw(
          "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"robots\" content=\"noindex\">\n<title>")
      .text(title)
      .raw("</title>\n<style>");
  Html body;
  body.raw("</style>\n</head>\n<body>\n<header class=\"top\"><div class=\"wrap\">");
  add_mark(body);
  body.raw("<p class=\"brand\"><span class=\"name\">Fairlead</span>");
  if (!organisation.empty()) body.raw(" <span class=\"organisation\">").text(organisation).raw("</span>");
  body.raw("</p></div></header>\n<main class=\"wrap\">\n").part(main).raw("</main>\n");
  if (!footer.empty()) body.raw("<footer class=\"wrap\">\n").part(footer).raw("</footer>\n");
  body.raw("</body>\n</html>\n");
  std::string page;
  page.reserve(head.str().size() + style_sheet().size() + body.str().size());
  page += head.str();
  page += style_sheet();
  page += body.str();
  return page;
}

}  // namespace fairlead::agent::pages
