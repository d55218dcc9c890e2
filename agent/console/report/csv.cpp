#include "agent/console/report/report_page.hpp"
#include "agent/console/report/words.hpp"

namespace fairlead::agent::console::report {

namespace {

/// A cell that a spreadsheet shows as it is: one that could begin a formula gets an apostrophe before it.
std::string cell(std::string_view text) {
  std::string out;
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  if (formula) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return "\"" + out + "\"";
}

void add_line(std::string& csv, std::string_view what, std::string_view which, std::string_view group,
              std::string_view from, std::uint64_t count) {
  csv += cell(what) + "," + cell(which) + "," + cell(group) + "," + cell(from) + "," + std::to_string(count) + "\r\n";
}

std::string_view what_of(events::Kind kind) {
  switch (kind) {
    case events::Kind::blocked:
      return "stopped";
    case events::Kind::observed:
      return "noted";
    case events::Kind::malformed:
      return "malformed request";
    case events::Kind::passed_through:
      return "program passed through";
  }
  return "other";
}

void add_looked_after(std::string& csv, const Figures& figures) {
  const IncidentFigures& incidents = figures.incidents;
  const auto line = [&](std::string_view what, std::string_view which, std::uint64_t count) {
    add_line(csv, what, which, "", "", count);
  };
  line("incidents", "began", incidents.opened);
  line("incidents", "of these new", incidents.fresh);
  line("incidents", "of these in review", incidents.in_review);
  line("incidents", "of these action taken", incidents.action);
  line("incidents", "of these no action", incidents.none);
  line("incidents", "of these false positive", incidents.wrong);
  line("incidents", "of these looked at", incidents.looked_at);
  line("incidents", "open now", incidents.open_now);
  if (incidents.usual_first_look)
    line("incidents", "seconds until the first look (median)",
         static_cast<std::uint64_t>(incidents.usual_first_look->count()));
  for (const auto& [name, answers] :
       {std::pair("appeals", &figures.appeals), std::pair("false positives", &figures.mending)}) {
    line(name, "asked", answers->asked);
    line(name, "agreed", answers->agreed);
    line(name, "declined", answers->declined);
    line(name, "waiting", answers->waiting());
    if (answers->usual)
      line(name, "seconds until the answer (median)", static_cast<std::uint64_t>(answers->usual->count()));
  }
  line("words", "accident", figures.words.accident);
  line("words", "wrong", figures.words.wrong);
  line("words", "concern", figures.words.concern);
  line("alerts", "sent", figures.alerts.sent);
  if (figures.alerts.undelivered) line("alerts", "undelivered today", *figures.alerts.undelivered);
  line("cover", "laptops", figures.cover.laptops);
  line("cover", "days", figures.cover.days);
  line("cover", "days with a sign", figures.cover.days_with_signs);
}

}  // namespace

std::string report_csv(const ReportFacts& facts) {
  const Period days = as_far(facts.period, facts.today);
  std::string csv = "what,which,group,day (UTC),count\r\n";
  for (const DayCount& count : facts.now.events) {
    if (count.day < days.first || count.day >= days.end) continue;
    add_line(csv, what_of(count.kind), count.category, count.group, iso_text(count.day), count.events);
  }
  for (const QuietCount& quiet : facts.now.quiet) {
    if (quiet.day < days.first || quiet.day >= days.end) continue;
    add_line(csv, "only counted", quiet.category, quiet.group, iso_text(quiet.day), quiet.count);
  }
  add_looked_after(csv, facts.now);
  return csv;
}

}  // namespace fairlead::agent::console::report
