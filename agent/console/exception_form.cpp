#include "agent/console/exception_form.hpp"

#include <algorithm>

#include "agent/console/controls.hpp"
#include "agent/console/frame.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console {

using pages::Html;

namespace {

constexpr std::chrono::days kProposed{90}, kFurthest{366};

Html labelled(std::string_view name, std::string_view id, std::string_view label, std::string_view type,
              std::string_view value) {
  Html field;
  field.raw("<div class=\"field\"><label for=\"").text(name).raw("-").text(id).raw("\">").text(label);
  field.raw("</label><input id=\"").text(name).raw("-").text(id).raw("\" name=\"").text(name).raw("\" type=\"");
  field.text(type).raw("\" value=\"").text(value);
  return std::move(field.raw("\" maxlength=\"400\" required autocomplete=\"off\"></div>\n"));
}

tl::unexpected<Error> refused(std::string why) { return fail(Errc::refused, Side::client, std::move(why)); }

}  // namespace

Html exception_form(const Visit& visit, const ExceptionForm& form) {
  const AskedFor& asked = form.asked;
  Html part;
  part.part(form_begin(visit, form.action)).part(hidden("subject", asked.subject)).part(hidden("do", "except"));
  part.part(labelled("url", form.id, "Address to open, with every page below it", "text", asked.host));
  part.raw("<div class=\"field\"><label for=\"group-")
      .text(form.id)
      .raw("\">For which group (everybody in it)</label><select id=\"group-");
  part.text(form.id).raw("\" name=\"group\" required>");
  const auto& groups = visit.desk.rules->policy().groups;
  if (std::none_of(groups.begin(), groups.end(), [&](const auto& group) { return group.id == asked.group; }))
    part.raw("<option value=\"\" selected disabled>Choose a group</option>");
  for (const auto& group : groups) {
    part.raw("<option value=\"").text(group.id).raw("\"");
    if (group.id == asked.group) part.raw(" selected");
    part.raw(">").text(group.title).raw("</option>");
  }
  part.raw("</select></div>\n");
  part.part(labelled("owner", form.id, "Who is responsible for it", "text", ""));
  part.part(labelled("reason", form.id, "Why it is opened (IT reads this; no learner’s name)", "text", ""));
  part.part(labelled("expires", form.id, "Last day", "date", local_date(visit, visit.desk.now + kProposed)));
  part.part(labelled("says", form.id, "A sentence for the learner", "text", "Thank you for telling us."));
  part.raw("<button class=\"main\" type=\"submit\">Open it<span class=\"unseen\">: ").text(asked.host);
  return std::move(part.raw("</span></button></form>\n"));
}

std::string plain_text(std::string_view raw, std::size_t most) {
  std::string out;
  while (!raw.empty()) {
    const pages::CodePoint point = pages::read_code_point(raw);
    const bool blank = point.value == '\n' || point.value == '\r' || point.value == '\t';
    if (blank) out += ' ';
    if (!blank && point.valid && pages::is_showable(point.value)) out += raw.substr(0, point.size);
    raw.remove_prefix(point.size);
    if (out.size() > most) break;
  }
  while (out.size() > most) out.pop_back();
  while (!out.empty() && pages::escape(out).ends_with("\xEF\xBF\xBD")) out.pop_back();  // cut inside a character
  return std::string(text::trim(out));
}

Html sentence_and_button(std::string_view label, std::string_view button, std::string_view of, std::string_view id) {
  Html part;
  part.raw("<label for=\"says-").text(id).raw("\">").text(label).raw("</label><textarea id=\"says-").text(id);
  part.raw("\" name=\"says\" rows=\"3\" maxlength=\"").text(std::to_string(kLongestSentence));
  part.raw("\" required></textarea><button type=\"submit\">").text(button).raw("<span class=\"unseen\">: ").text(of);
  return std::move(part.raw("</span></button>"));
}

Result<Answered> grant_exception(const Visit& visit, bool released) {
  if (visit.desk.hands.workshop == nullptr) return refused("no agent runs that could change the files");
  rules::catalog::ExceptionText exception;
  exception.url = plain_text(visit.form.value("url"), 400);
  exception.groups = {std::string(visit.form.line("group", 64))};
  exception.owner = plain_text(visit.form.value("owner"), 400);
  exception.reason = plain_text(visit.form.value("reason"), 400);
  exception.expires = visit.form.line("expires", 10);
  const auto last_day = day_begin(visit, exception.expires);
  if (exception.url.empty() || exception.owner.empty() || exception.reason.empty())
    return refused("It needs an address, somebody who is responsible, and a reason. Nothing was changed.");
  if (exception.groups.front().empty()) return refused("Choose the group that it opens for. Nothing was changed.");
  if (!last_day || *day_end(visit, exception.expires) <= visit.desk.now || *last_day > visit.desk.now + kFurthest)
    return refused("The last day must be a day from today on, a year from now at the most. Nothing was changed.");
  auto made = visit.desk.hands.workshop->except(exception, visit.visitor.account, released, visit.desk.now);
  if (!made) return tl::unexpected(std::move(made).error());
  return Answered{"exception",       plain_text(visit.form.value("says"), kLongestSentence),
                  exception.expires, made->waiting,
                  visit.desk.now,    made->change};
}

}  // namespace fairlead::agent::console
