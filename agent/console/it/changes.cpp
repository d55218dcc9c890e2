#include "agent/console/controls.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/it/pages.hpp"
#include "agent/pages/sentences.hpp"

namespace fairlead::agent::console::it {

using pages::Html;

namespace {

constexpr std::size_t kShownChanges = 50;

Html button(const Visit& visit, const Change& change, std::string_view what, std::string_view label) {
  Html part;
  part.part(form_begin(visit, "/it/changes")).part(hidden("change", change.id)).part(hidden("do", what));
  part.raw("<button type=\"submit\">").text(label).raw("<span class=\"unseen\">: ").text(change.file).raw(", ");
  return std::move(part.text(change.id).raw("</span></button></form>\n"));
}

std::string state_of(const Visit& visit, const Change& change) {
  switch (change.state) {
    case ChangeState::waiting:
      return change.due ? "Waits. It holds by itself " +
                              pages::when_text(std::chrono::ceil<std::chrono::minutes>(*change.due),
                                               std::chrono::floor<std::chrono::seconds>(visit.desk.now),
                                               visit.desk.rules->policy().time_zone) +
                              ", unless somebody takes it back."
                        : "Waits for a second person.";
    case ChangeState::applied:
      return "Made " + told_time(visit, change.decided) +
             (change.loosens.empty()      ? "."
              : change.decided_by.empty() ? ", by whoever may decide alone, or when its time had come."
                                          : ", released by " + change.decided_by + ".");
    case ChangeState::withdrawn:
      return "Taken back " + told_time(visit, change.decided) + " by " + change.decided_by + ".";
    case ChangeState::refused:
      return "Could not be made: " + change.says;
  }
  return {};
}

Html change_card(const Visit& visit, const Change& change) {
  Html part;
  part.raw("<li><h2>").text(change.file).raw("</h2>\n<p class=\"meta\">").text(told_time(visit, change.time));
  part.raw(" · by ").text(change.account.empty() ? "an account that is erased" : change.account).raw(" · ");
  part.text(change.id).raw("</p>\n");
  if (!change.why.empty()) part.raw("<p class=\"note\">").text(change.why).raw("</p>\n");
  part.raw("<p><strong>").text(state_of(visit, change)).raw("</strong></p>\n");
  part.part(changes_list(change.loosens, "It lets through", "loosens-" + change.id));
  if (change.state == ChangeState::waiting) {
    part.raw("<div class=\"buttons\">");
    if (change.account != visit.visitor.account && visit.desk.rules->policy().loosening.second_person)
      part.part(button(visit, change, "release", "Release it"));
    part.part(button(visit, change, "withdraw", "Take it back")).raw("</div>\n");
  }
  if (change.state == ChangeState::applied && visit.visitor.role == Role::it)
    part.raw("<div class=\"buttons\">").part(button(visit, change, "undo", "Undo this change")).raw("</div>\n");
  return std::move(part.raw("</li>\n"));
}

}  // namespace

pages::Answer changes_page(const Visit& visit) {
  Workshop* workshop = visit.desk.hands.workshop.get();
  if (workshop == nullptr) return refuse(visit, no_workshop(), "/");
  const auto changes = workshop->changes();
  if (!changes) return refuse(visit, changes.error(), "/");
  Html main;
  main.raw(
      "<h1>Changes</h1>\n<p class=\"lead\">Made on these pages. A change that lets something of a serious kind "
      "through waits until somebody else has looked at it. Files that were edited on the disk by hand are not "
      "here.</p>\n");
  const std::string_view stored = visit.form.value("stored");
  if (stored == "yes") main.raw("<p class=\"notice\" role=\"status\">Done. The rules are in force.</p>\n");
  if (stored == "waiting")
    main.raw("<p class=\"notice\" role=\"status\">Stored. It waits, and the file is as it was until then.</p>\n");
  if (changes->empty()) main.raw("<p>There is none yet.</p>\n");
  main.raw("<ul class=\"cards\">\n");
  std::size_t shown = 0;
  for (const bool waiting : {true, false}) {
    for (const Change& change : *changes) {
      if ((change.state == ChangeState::waiting) == waiting && shown++ < kShownChanges)
        main.part(change_card(visit, change));
    }
  }
  main.raw("</ul>\n");
  return page(visit, 200, "Changes", main);
}

pages::Answer decide_change(const Visit& visit) {
  Workshop* workshop = visit.desk.hands.workshop.get();
  if (workshop == nullptr) return refuse(visit, no_workshop(), "/");
  const std::string_view change = visit.form.line("change", 20), what = visit.form.value("do");
  Result<void> done = fail(Errc::refused, Side::client, "There is no such button.");
  bool waiting = false;
  if (what == "release") done = workshop->release(change, visit.visitor.account, visit.desk.now);
  if (what == "withdraw") done = workshop->withdraw(change, visit.visitor.account, visit.desk.now);
  if (what == "undo" && visit.visitor.role == Role::it) {
    const auto undone = workshop->undo(change, visit.visitor.account, visit.desk.now);
    waiting = undone && undone->waiting;
    done = undone ? Result<void>() : tl::unexpected(undone.error());
  }
  if (!done) return refuse(visit, done.error(), "/it/changes");
  return go_to(waiting ? "/it/changes?stored=waiting" : "/it/changes?stored=yes");
}

}  // namespace fairlead::agent::console::it
