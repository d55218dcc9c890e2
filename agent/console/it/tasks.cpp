#include <algorithm>

#include "agent/console/controls.hpp"
#include "agent/console/exception_form.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/it/pages.hpp"
#include "agent/console/record.hpp"
#include "agent/console/requests.hpp"

namespace fairlead::agent::console::it {

using pages::Html;

namespace {

constexpr std::size_t kShownTasks = 100;

/// The file of "conduct/gambling.yaml:12"; empty for a list's line.
std::string file_of(const std::string& source) {
  const std::size_t colon = source.rfind(':');
  const std::string file = source.substr(0, colon);
  return file.ends_with(".yaml") ? file : std::string();
}

Html sentence_form(const Visit& visit, const AskedFor& asked, std::string_view what, std::string_view summary,
                   std::string_view label, const std::string& id) {
  Html part;
  part.raw("<details><summary>")
      .text(summary)
      .raw("<span class=\"unseen\">: ")
      .text(asked.rule + ", " + id)
      .raw("</span></summary>\n");
  part.part(form_begin(visit, "/it/tasks")).part(hidden("subject", asked.subject)).part(hidden("do", what));
  part.part(sentence_and_button(label, "Answer", asked.rule + ", " + id, std::string(what) + "-" + id));
  return std::move(part.raw("</form></details>\n"));
}

Html task_card(const Visit& visit, AskedFor asked, std::size_t number) {
  const std::string id = std::to_string(number + 1);
  const auto* category = category_named(visit.desk.rules->catalog(), asked.category);
  const std::string address = address_without(asked.url, asked.host, asked.person);
  asked.host = address_without("", asked.host, asked.person);
  asked.url.clear();
  asked.person.clear();
  const std::string place = asked.source.empty() ? "-" : asked.source;
  Html part;
  part.raw("<li><h2 class=\"host\">")
      .text(address.empty() ? "Address withheld" : address)
      .raw("</h2>\n<p class=\"meta\">");
  part.text(asked.kind == AskedFor::Kind::task ? "The safeguarding lead says it was stopped by mistake"
                                               : "Somebody says it was stopped wrongly");
  part.raw(" · ").text(long_day(visit, asked.time)).raw("</p>\n<dl class=\"facts\">\n<div><dt>Rule</dt><dd>");
  part.text(asked.rule).raw("</dd></div>\n<div><dt>Where it stands</dt><dd>");
  // At the desk of an organisation the files are elsewhere.
  if (const std::string file = file_of(asked.source); !file.empty() && !visit.desk.hands.laptops) {
    part.raw("<a href=\"/it/files/").text(encode_piece(file)).raw("\">").text(place).raw("</a>");
  } else {
    part.text(place);
  }
  part.raw("</dd></div>\n<div><dt>Kind of site</dt><dd>").text(category == nullptr ? asked.category : category->title);
  part.raw("</dd></div>\n<div><dt>Group</dt><dd>").text(asked.group).raw("</dd></div>\n</dl>\n");
  if (!asked.words.empty()) part.raw("<p class=\"note\">“").text(asked.words).raw("”</p>\n");
  if (asked.answered) {
    part.raw("<p><strong>Answered:</strong> ").text(answer_words(visit, *asked.answered)).raw("</p></li>\n");
    return part;
  }
  if (visit.desk.hands.laptops) {
    part.raw("<p>Only the safeguarding lead can open it for a time.</p>\n");
  } else {
    part.raw("<details><summary>Open it for a time<span class=\"unseen\">: ").text(asked.host + ", " + id);
    part.raw("</span></summary>\n").part(exception_form(visit, {"/it/tasks", asked, id})).raw("</details>\n");
  }
  part.part(sentence_form(visit, asked, "rule", "I have mended the rule",
                          "What was mended, in a sentence for the learner", id));
  part.part(sentence_form(visit, asked, "decline", "It stays closed", "Why, in a sentence for the learner", id));
  return std::move(part.raw("</li>\n"));
}

}  // namespace

pages::Answer tasks_page(const Visit& visit) {
  auto all = requests(visit, false);
  if (!all) return not_now(visit, all.error());
  std::erase_if(*all, [&](const AskedFor& asked) { return !is_for_it(visit, asked); });
  std::stable_sort(all->begin(), all->end(),
                   [](const auto& a, const auto& b) { return !a.answered.has_value() && b.answered.has_value(); });
  Html main;
  main.raw(
      "<h1>Tasks</h1>\n<p class=\"lead\">What was stopped wrongly, with rule and address. Who it was is not shown to "
      "IT. The safeguarding lead and the learner read your answer.</p>\n");
  if (visit.form.value("stored") == "yes") main.raw("<p class=\"notice\" role=\"status\">Your answer is stored.</p>\n");
  if (visit.form.value("stored") == "waiting")
    main.raw(
        "<p class=\"notice\" role=\"status\">Your answer is stored. The exception is of a serious kind, so it waits: "
        "see <a href=\"/it/changes\">changes</a>.</p>\n");
  Html cards;
  for (std::size_t i = 0; i < std::min(all->size(), kShownTasks); ++i) cards.part(task_card(visit, (*all)[i], i));
  if (all->empty()) {
    main.raw("<p>There is nothing to do.</p>\n");
  } else {
    main.raw("<ul class=\"cards\">\n").part(cards).raw("</ul>\n");
  }
  return page(visit, 200, "Tasks", main);
}

pages::Answer answer_task(const Visit& visit) {
  const auto asked = request_named(visit, visit.form.line("subject", 200));
  if (!asked) return not_now(visit, asked.error());
  if (!is_for_it(visit, *asked))
    return refuse(visit, {Errc::not_found, Side::client, "This is not a task of IT's."}, "/it/tasks");
  if (asked->answered) return go_to("/it/tasks");
  const std::string_view what = visit.form.value("do");
  Answered answer;
  if (what == "except") {
    auto granted = grant_exception(visit, false);
    if (!granted) return refuse(visit, granted.error(), "/it/tasks");
    answer = std::move(*granted);
  } else {
    answer.outcome = what == "rule" ? "rule" : "declined";
    answer.says = plain_text(visit.form.value("says"), kLongestSentence);
    if (answer.says.empty())
      return refuse(visit, {Errc::refused, Side::client, "A sentence for the learner is missing. Nothing was stored."},
                    "/it/tasks");
  }
  if (auto written = write_answer(visit, *asked, answer); !written) return not_now(visit, written.error());
  return go_to(answer.waiting ? "/it/tasks?stored=waiting" : "/it/tasks?stored=yes");
}

}  // namespace fairlead::agent::console::it
