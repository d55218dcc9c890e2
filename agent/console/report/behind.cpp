#include "agent/console/report/behind.hpp"

#include "agent/console/report/words.hpp"

namespace fairlead::agent::console::report {

using pages::Html;

namespace {

/// One thing that was looked after: a large number, its name, and a sentence.
void add_fact(Html& list, std::string_view name, std::string_view count, std::string_view says) {
  list.raw("<div><dt>").text(name).raw("</dt><dd><strong>").text(count).raw("</strong> <span>").text(says);
  list.raw("</span></dd></div>\n");
}

/// "2 with action, 1 without": only what there is.
std::string parts_text(std::initializer_list<std::pair<std::uint64_t, std::string_view>> parts) {
  std::string text;
  for (const auto& [count, name] : parts) {
    if (count == 0) continue;
    if (!text.empty()) text += ", ";
    text += number(count) + " " + std::string(name);
  }
  return text;
}

std::string opened_text(const IncidentFigures& incidents) {
  if (incidents.opened == 0) return "began";
  const std::string closed = parts_text({{incidents.action, "with action"},
                                         {incidents.none, "without need for action"},
                                         {incidents.wrong, incidents.wrong == 1 ? "a false alarm" : "false alarms"}});
  std::string text =
      "began: " +
      parts_text({{incidents.fresh, "new"}, {incidents.in_review, "in review"}, {incidents.closed(), "closed"}});
  if (!closed.empty()) text += " (" + closed + ")";
  return text;
}

std::string open_text(const IncidentFigures& incidents) {
  if (incidents.open_now == 0) return "Nothing waits.";
  std::string text = incidents.open_now == 1 ? "is open" : "are open";
  if (incidents.oldest_open) text += "; the oldest began " + span_text(*incidents.oldest_open) + " ago";
  return text;
}

std::string look_text(const IncidentFigures& incidents) {
  const std::uint64_t left = incidents.opened - std::min(incidents.opened, incidents.looked_at);
  std::string text = "of " + number(incidents.opened) + " looked at";
  if (incidents.usual_first_look) text += ", usually within " + span_text(*incidents.usual_first_look);
  if (incidents.longest_first_look && incidents.looked_at > 1)
    text += ", at the latest after " + span_text(*incidents.longest_first_look);
  if (left > 0) text += "; " + number(left) + " not yet";
  return text;
}

std::string answers_text(const AnswerFigures& answers, std::string_view agreed) {
  if (answers.asked == 0) return "Nobody asked.";
  std::string text = "asked: " + parts_text({{answers.agreed, agreed},
                                             {answers.declined, "declined"},
                                             {answers.unread(), "answered"},
                                             {answers.waiting(), "waiting for an answer"}});
  if (answers.usual) text += "; usually answered within " + span_text(*answers.usual);
  if (answers.longest && answers.answered > 1) text += ", at the latest after " + span_text(*answers.longest);
  return text;
}

std::string alerts_text(const AlertFigures& alerts) {
  if (alerts.undelivered.value_or(0) > 0) {
    return "arrived; " + number(*alerts.undelivered) + " not delivered today: ask IT to look";
  }
  if (!alerts.undelivered) return "arrived; whether others are on their way is not known here";
  if (alerts.sent == 0) return "None was due.";
  return alerts.sent == 1 ? "sent, and it arrived" : "sent, and all arrived";
}

}  // namespace

Html looked_after(const Figures& figures) {
  const IncidentFigures& incidents = figures.incidents;
  Html page;
  page.raw("<section class=\"after\" aria-labelledby=\"after\">\n<h2 id=\"after\">Was it looked after?</h2>\n");
  page.raw("<dl class=\"facts\">\n");
  add_fact(page, "Incidents", number(incidents.opened), opened_text(incidents));
  add_fact(page, "Waiting today", number(incidents.open_now), open_text(incidents));
  if (incidents.opened > 0) add_fact(page, "First look", number(incidents.looked_at), look_text(incidents));
  add_fact(page, "False alarms to mend", number(figures.mending.asked),
           figures.mending.asked == 0 ? "None was handed to IT."
                                      : "handed to IT: " + parts_text({{figures.mending.agreed, "mended"},
                                                                       {figures.mending.declined, "left as it was"},
                                                                       {figures.mending.unread(), "answered"},
                                                                       {figures.mending.waiting(), "not mended yet"}}));
  add_fact(page, "Please open this", number(figures.appeals.asked), answers_text(figures.appeals, "opened"));
  add_fact(page, "In people’s own words", number(figures.words.accident + figures.words.wrong + figures.words.concern),
           figures.words.accident + figures.words.wrong + figures.words.concern == 0
               ? "Nobody pressed a button."
               : "answers: " + parts_text({{figures.words.accident, "said it was by accident"},
                                           {figures.words.wrong, "said the block is wrong"},
                                           {figures.words.concern, "said they are worried"}}));
  add_fact(page, "Alerts to the lead", number(figures.alerts.sent), alerts_text(figures.alerts));
  page.raw("</dl>\n</section>\n");
  return page;
}

std::string days_text(const Cover& cover) {
  if (cover.days == 0) return "This time has not begun yet.";
  const std::uint64_t silent = cover.days - std::min(cover.days, cover.days_with_signs);
  const std::string all = counted(cover.days, "day", "days");
  if (silent == 0) return "The filter left a sign on each of the " + all + ".";
  return "The filter left a sign on " + number(cover.days_with_signs) + " of " + all + ". On the other" +
         (silent == 1 ? " day" : " " + number(silent)) +
         " either nothing was stopped or the laptop was off: which, is not known.";
}

std::string rules_text(const Cover& cover, std::chrono::sys_seconds now) {
  if (cover.built_in_rules)
    return "Only the basic rules are in force, because the organisation’s own could not be loaded: IT can mend this.";
  if (!cover.rules_since) return "How old the rules in force are is not known here.";
  return "The rules in force were made " + span_text(now - *cover.rules_since) + " before this report.";
}

Html behind(const Cover& cover, const Sums& sums) {
  Html page;
  page.raw(
      "<section class=\"record behind\" aria-labelledby=\"behind\">\n<h2 id=\"behind\">What these numbers rest "
      "on</h2>\n<p>");
  if (cover.laptops <= 1) {
    page.raw("They are of <strong>this laptop alone</strong>; of other laptops nothing is known here. ");
  } else {
    page.raw("They are of <strong>").text(number(cover.laptops)).raw(" laptops</strong>. ");
  }
  page.text(days_text(cover)).raw(" ").text(rules_text(cover, cover.told_at)).raw("</p>\n<p>");
  page.raw("Events: ")
      .text(number(sums.stopped + sums.noted + sums.technical))
      .raw(", of which ")
      .text(number(sums.stopped))
      .raw(" stopped (")
      .text(number(sums.visits))
      .raw(" of them a person certainly opened; the rest were loaded by pages, or we cannot tell), ")
      .text(number(sums.noted))
      .raw(" let through and noted, ")
      .text(number(sums.technical))
      .raw(" technical. Adverts and the like, only counted: ")
      .text(number(sums.quiet))
      .raw(".");
  if (cover.lost > 0) page.raw(" Since the filter began, ").text(number(cover.lost)).raw(" more could not be stored.");
  page.raw(
      " Days are those of universal time (UTC). What is allowed is never recorded, and nothing here names a "
      "person.</p>\n</section>\n");
  return page;
}

}  // namespace fairlead::agent::console::report
