#include <algorithm>
#include <array>
#include <optional>

#include "agent/pages/pages.hpp"
#include "agent/pages/percent.hpp"
#include "agent/pages/shell.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::pages {

namespace {

constexpr std::size_t kMaxBody = 4096;
constexpr std::size_t kMaxWords = 500;  // characters
constexpr std::array<std::string_view, 3> kKinds = {"accident", "wrong", "concern"};

/// "K7QM-2D4X"
bool is_decision_id(std::string_view id) {
  if (id.size() != 9 || id[4] != '-') return false;
  return std::all_of(id.begin(), id.end(),
                     [](char c) { return c == '-' || text::is_digit(c) || (c >= 'A' && c <= 'Z'); }) &&
         std::count(id.begin(), id.end(), '-') == 1;
}

/// A person's own words, one line, at most kMaxWords characters; nothing when they are not text.
std::string clean_words(std::string_view raw) {
  std::string out;
  std::size_t characters = 0;
  while (!raw.empty() && characters < kMaxWords) {
    const CodePoint point = read_code_point(raw);
    if (!point.valid) return {};
    if (point.value == '\r' || point.value == '\n' || point.value == '\t') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (is_showable(point.value)) {
      out += raw.substr(0, point.size);
    }
    raw.remove_prefix(point.size);
    ++characters;
  }
  return std::string(text::trim(out));
}

std::string_view thanks_for(std::string_view kind) {
  if (kind == "accident") return "It is stored with the entry that you landed there by accident.";
  if (kind == "wrong") return "It is stored with the entry that you think this is wrong. Somebody will look at it.";
  if (kind == "concern") {
    return "Your safeguarding lead will see it. If you or someone else is in danger now, call 999.";
  }
  return "It is stored with the entry.";
}

}  // namespace

ReportForm parse_report_form(std::string_view body) {
  ReportForm form;
  if (body.size() > kMaxBody) return form;
  std::array<bool, 3> seen{};
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view name = pair.substr(0, equals);
    const std::size_t index = name == "id" ? 0 : name == "kind" ? 1 : name == "words" ? 2 : 3;
    if (index == 3) continue;
    const auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    // A field that comes twice or cannot be read was not written by our form: nothing of it is believed.
    if (seen.at(index) || !value) return {};
    seen.at(index) = true;
    if (index == 0 && is_decision_id(*value)) form.id = *value;
    if (index == 1 && std::find(kKinds.begin(), kKinds.end(), *value) != kKinds.end()) form.kind = *value;
    if (index == 2) form.words = clean_words(*value);
  }
  return form;
}

Answer report_page(int status, std::string_view kind) {
  std::string_view heading = "Thank you";
  std::string_view says = thanks_for(kind);
  std::string_view next = "You can close this page or go back.";
  if (status == 404) {
    heading = "This entry was not found";
    says = "There is no entry of yours with this reference, so nothing was stored.";
    next = "If something is worrying you, tell a member of staff.";
  } else if (status != 200) {
    heading = "This could not be stored just now";
    says = "The laptop could not write it down, so nobody has been told yet.";
    next = "Please try again in a minute, or tell a member of staff.";
  }
  Html main;
  main.raw("<section class=\"panel\">\n<h1>")
      .text(heading)
      .raw("</h1>\n<p class=\"says\">")
      .text(says)
      .raw("</p>\n<p>")
      .text(next)
      .raw("</p>\n</section>\n");
  return {status, std::string(kHtmlType), whole_page(heading, {}, main, {})};
}

}  // namespace fairlead::agent::pages
