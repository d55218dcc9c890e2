#include <algorithm>
#include <array>

#include "agent/console/controls.hpp"
#include "agent/console/exception_form.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/own/pages.hpp"
#include "agent/console/record.hpp"
#include "agent/console/requests.hpp"

namespace fairlead::agent::console::own {

using pages::Html;

namespace {

std::string learners_words(const Visit& visit, const AskedFor& asked) {
  const auto stored = visit.desk.store.show(asked.subject);
  if (!stored) return {};
  for (const events::Report& report : stored->reports) {
    if (report.kind == events::ReportKind::wrong && !report.words.empty()) return report.words;
  }
  return {};
}

/// Several may be about one address.
std::string named(const AskedFor& asked, const std::string& id) { return asked.host + ", " + id; }

Html pass_on_form(const Visit& visit, const AskedFor& asked, const std::string& id) {
  Html part;
  part.raw("<details><summary>Let IT answer<span class=\"unseen\">: ")
      .text(named(asked, id))
      .raw("</span></summary>\n");
  part.part(form_begin(visit, "/appeals")).part(hidden("subject", asked.subject)).part(hidden("do", "pass_on"));
  part.raw("<label for=\"words-")
      .text(id)
      .raw("\">What IT may read about why it is needed</label><textarea id=\"words-");
  part.text(id).raw("\" name=\"words\" rows=\"3\" maxlength=\"500\"></textarea>");
  part.raw(
      "<p>IT sees the address, the rule and these words, and not who asked. Leave out names.</p>"
      "<button type=\"submit\">Pass on to IT<span class=\"unseen\">: ");
  return std::move(part.text(named(asked, id)).raw("</span></button></form></details>\n"));
}

Html decline_form(const Visit& visit, const AskedFor& asked, const std::string& id) {
  Html part;
  part.raw("<details><summary>Keep it closed<span class=\"unseen\">: ")
      .text(named(asked, id))
      .raw("</span></summary>\n");
  part.part(form_begin(visit, "/appeals")).part(hidden("subject", asked.subject)).part(hidden("do", "decline"));
  part.part(sentence_and_button("Why, in a sentence for the learner", "Answer", named(asked, id), id));
  return std::move(part.raw("</form></details>\n"));
}

Html card(const Visit& visit, const AskedFor& asked, std::size_t number) {
  const auto* category = category_named(visit.desk.rules->catalog(), asked.category);
  const std::string id = std::to_string(number + 1);
  Html part;
  part.raw("<li><h2 class=\"host\">").text(asked.url.empty() ? asked.host : asked.url).raw("</h2>\n<p class=\"meta\">");
  part.text(category == nullptr ? asked.category : category->title).raw(" · ").text(told_time(visit, asked.time));
  part.raw(" · <a href=\"/incidents/").text(std::to_string(asked.incident)).raw("\">Incident ");
  part.text(std::to_string(asked.incident)).raw("</a> · asked by ");
  part.text(asked.person.empty() ? "somebody not known" : asked.person).raw("</p>\n");
  if (const std::string words = learners_words(visit, asked); !words.empty())
    part.raw("<p class=\"note\">“").text(words).raw("”</p>\n");
  if (asked.answered) {
    part.raw("<p><strong>Answered:</strong> ").text(answer_words(visit, *asked.answered)).raw("</p>\n");
    if (visit.desk.hands.opened && asked.answered->outcome == "exception")
      part.raw("<p><a href=\"/opened\">What is open, and until when</a></p>\n");
    return std::move(part.raw("</li>\n"));
  }
  if (is_for_it(visit, asked))
    part.raw("<p>IT has it too, without who asked: whoever answers first has answered.</p>\n");
  part.raw("<details><summary>Open it for a time<span class=\"unseen\">: ").text(asked.host).raw("</span></summary>\n");
  part.part(exception_form(visit, {"/appeals", asked, id})).raw("</details>\n");
  part.part(decline_form(visit, asked, id)).part(pass_on_form(visit, asked, id));
  return std::move(part.raw("</li>\n"));
}

/// What the lead gave to IT, after a review or here, and what became of it.
Html with_it(const Visit& visit, const std::vector<AskedFor>& tasks) {
  Html part;
  if (tasks.empty()) return part;
  part.raw("<section aria-labelledby=\"with-it\">\n<h2 id=\"with-it\">With IT</h2>\n<ul class=\"cards\">\n");
  for (const AskedFor& task : tasks) {
    part.raw("<li><h3 class=\"host\">").text(task.url.empty() ? task.host : task.url).raw("</h3>\n<p class=\"meta\">");
    part.text(task.rule).raw(" · ").text(told_time(visit, task.time)).raw(" · <a href=\"/incidents/");
    part.text(std::to_string(task.incident))
        .raw("\">Incident ")
        .text(std::to_string(task.incident))
        .raw("</a></p>\n<p>");
    part.text(task.answered ? "Answered: " + answer_words(visit, *task.answered) : std::string("Not answered yet."));
    part.raw("</p></li>\n");
  }
  return std::move(part.raw("</ul>\n</section>\n"));
}

}  // namespace

pages::Answer appeals_page(const Visit& visit) {
  auto all = requests(visit, false);
  if (!all) return not_now(visit, all.error());
  std::vector<AskedFor> tasks;
  for (const AskedFor& asked : *all) {
    if (asked.kind == AskedFor::Kind::task && tasks.size() < 100) tasks.push_back(asked);
  }
  std::erase_if(*all, [](const AskedFor& asked) { return asked.kind != AskedFor::Kind::appeal; });
  std::stable_sort(all->begin(), all->end(),
                   [](const auto& a, const auto& b) { return !a.answered.has_value() && b.answered.has_value(); });
  if (all->size() > 100) all->resize(100);
  std::vector<std::string> people;
  for (const AskedFor& asked : *all) people.push_back(asked.person);
  if (auto noted = record_access(visit, "list of appeals", people); !noted) return not_now(visit, noted.error());
  Html main;
  main.raw(
      "<h1>Appeals</h1>\n<p class=\"lead\">What learners said was stopped wrongly. You open it for a time, keep it "
      "closed with a sentence, or let IT answer; the learner sees the answer.</p>\n");
  if (visit.form.value("stored") == "yes")
    main.raw("<p class=\"notice\" role=\"status\">The answer is stored, and the learner can read it")
        .text(visit.desk.hands.laptops ? " within a quarter of an hour of their laptop being on." : ".")
        .raw("</p>\n");
  if (visit.form.value("stored") == "passed")
    main.raw("<p class=\"notice\" role=\"status\">IT has it now, with the words that you wrote.</p>\n");
  Html cards;
  for (std::size_t i = 0; i < all->size(); ++i) cards.part(card(visit, (*all)[i], i));
  if (all->empty()) {
    main.raw("<p>Nobody has asked for anything.</p>\n");
  } else {
    main.raw("<ul class=\"cards\">\n").part(cards).raw("</ul>\n");
  }
  main.part(with_it(visit, tasks));
  return page(visit, 200, "Appeals", main);
}

pages::Answer take_appeal_answer(const Visit& visit) {
  const auto asked = request_named(visit, visit.form.line("subject", 200));
  if (!asked) return not_now(visit, asked.error());
  if (asked->kind != AskedFor::Kind::appeal || asked->answered) return go_to("/appeals");
  const std::string_view what = visit.form.value("do");
  if (what == "pass_on") {
    const auto passed = pass_on(visit, *asked, plain_text(visit.form.value("words"), kLongestSentence));
    if (!passed && passed.error().code == Errc::refused)
      return say(visit, 422, "IT has it already", "IT reads what you wrote the first time. Nothing was sent now.",
                 "/appeals");
    if (!passed) return not_now(visit, passed.error());
    return go_to("/appeals?stored=passed");
  }
  Answered answer;
  if (what == "decline") {
    answer.outcome = "declined";
    answer.says = plain_text(visit.form.value("says"), kLongestSentence);
    if (answer.says.empty())
      return say(visit, 422, "A sentence is missing", "The learner should read why. Nothing was stored.", "/appeals");
  } else {
    auto granted = grant_exception(visit, true);
    if (!granted) return say(visit, 422, "This could not be done", granted.error().context, "/appeals");
    answer = std::move(*granted);
  }
  if (auto written = write_answer(visit, *asked, answer); !written) return not_now(visit, written.error());
  return go_to("/appeals?stored=yes");
}

}  // namespace fairlead::agent::console::own
