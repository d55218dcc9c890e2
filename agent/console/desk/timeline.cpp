#include "agent/console/desk/timeline.hpp"

#include "agent/console/controls.hpp"
#include "agent/console/desk/words.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

Html entry(const Visit& visit, const events::Stored& stored) {
  const events::Event& event = stored.event;
  Html line;
  line.raw("<li><p><time>").text(clock_time(visit, event.time)).raw("</time> ");
  if (stored.erased) {
    line.raw("Details were erased");
  } else {
    line.part(asked_for(event));
  }
  line.raw("</p>\n<p class=\"meta\">")
      .text(category_title(visit, event.category))
      .raw(" · ")
      .text(event.kind == events::Kind::observed ? "Let through and noted" : "Stopped")
      .raw(" · ")
      .text(navigation_words(event))
      .raw(" · Reference <span class=\"reference\">")
      .text(event.id)
      .raw("</span></p>\n");
  if (stored.merged > 0) line.raw("<p class=\"meta\">").text(merged_words(visit, stored)).raw("</p>\n");
  for (const events::Report& report : stored.reports) {
    line.raw("<p class=\"said\"><strong>").text(report_words(report.kind)).raw("</strong> ");
    line.text(told_time(visit, report.time));
    if (!report.words.empty()) line.raw(": ").text(report.words);
    line.raw("</p>\n");
  }
  return std::move(line.raw("</li>\n"));
}

bool is_noise(const events::Stored& stored) {
  return stored.event.navigation == events::Navigation::no && stored.reports.empty();
}

}  // namespace

Html asked_for(const events::Event& event) {
  Html part;
  part.raw("<span class=\"site\">").text(event.url.empty() ? event.host : event.url).raw("</span>");
  if (!event.words.empty()) part.raw(" searched for <q>").text(event.words).raw("</q>");
  return part;
}

Html timeline(const Visit& visit, const std::vector<events::Stored>& events, Noise noise) {
  Html part;
  for (std::size_t begin = 0; begin < events.size();) {
    const std::string day = local_date(visit, events[begin].event.time);
    std::size_t end = begin;
    std::size_t fetched = 0;
    while (end < events.size() && local_date(visit, events[end].event.time) == day)
      fetched += is_noise(events[end++]) ? 1 : 0;
    part.raw("<h3>").text(long_day(visit, events[begin].event.time)).raw("</h3>\n");
    if (fetched < end - begin) {
      part.raw("<ol class=\"timeline\">\n");
      for (std::size_t i = begin; i < end; ++i) {
        if (!is_noise(events[i])) part.part(entry(visit, events[i]));
      }
      part.raw("</ol>\n");
    }
    if (fetched > 0) {
      part.raw("<details class=\"noise\"");
      if (noise == Noise::open) part.raw(" open");
      part.raw("><summary>")
          .text(counted(fetched, "entry that a page fetched by itself", "entries that pages fetched by themselves"))
          .raw("<span class=\"unseen\"> on ")
          .text(long_day(visit, events[begin].event.time))
          .raw("</span></summary>\n<ol class=\"timeline\">\n");
      for (std::size_t i = begin; i < end; ++i) {
        if (is_noise(events[i])) part.part(entry(visit, events[i]));
      }
      part.raw("</ol></details>\n");
    }
    begin = end;
  }
  return part;
}

}  // namespace fairlead::agent::console::desk
