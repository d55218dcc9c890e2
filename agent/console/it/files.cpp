#include <algorithm>

#include "agent/console/controls.hpp"
#include "agent/console/exception_form.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/it/pages.hpp"

namespace fairlead::agent::console::it {

using pages::Html;

namespace {

constexpr std::size_t kLargestText = std::size_t{80} * 1024;  // percent-encoded, it must fit a request
constexpr std::size_t kListed = 100;

std::string file_address(std::string_view name) { return "/it/files/" + encode_piece(name); }

/// What a browser shows must be what is saved: marks that turn text around are not shown, and would get lost.
bool can_be_shown(std::string_view text) {
  while (!text.empty()) {
    const pages::CodePoint point = pages::read_code_point(text);
    if (!point.valid || (!pages::is_showable(point.value) && point.value != '\r') || point.value == 0xFEFF)
      return false;
    text.remove_prefix(point.size);
  }
  return true;
}

/// A browser sends CRLF, and a page shows line feeds: the file's own ends come back when it is saved.
std::string with_line_feeds(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (!pair) out += text[i] == '\r' ? '\n' : text[i];
  }
  return out;
}

struct Editing {
  std::string name, text, digest, why;
};

Html edit_form(const Visit& visit, const Editing& editing, const Preview* preview) {
  Html part;
  part.part(form_begin(visit, file_address(editing.name))).part(hidden("digest", editing.digest));
  part.raw(
      "<label for=\"text\">The text of the file</label>\n<textarea id=\"text\" name=\"text\" class=\"code\" "
      "rows=\"24\" "
      "spellcheck=\"false\" autocomplete=\"off\" autocapitalize=\"none\" wrap=\"off\"");
  if (preview != nullptr && !preview->usable) part.raw(" aria-invalid=\"true\" aria-describedby=\"mistakes\"");
  part.raw(">\n").text(with_line_feeds(editing.text)).raw("</textarea>\n");
  part.part(input("why", "Why, for whoever looks at the changes", "text", editing.why));
  const bool ready = preview != nullptr && preview->usable && !preview->same;
  part.raw("<p class=\"buttons\"><button type=\"submit\" name=\"do\" value=\"preview\"");
  if (!ready) part.raw(" class=\"main\"");
  part.raw(">See what it changes</button>");
  if (ready) {
    part.raw(" <button class=\"main\" type=\"submit\" name=\"do\" value=\"apply\">");
    part.text(preview->loosens.empty() ? "Make this change" : "Ask for this change").raw("</button>");
  }
  return std::move(part.raw("</p></form>\n"));
}

Html replay_table(const Preview& preview) {
  Html part;
  part.raw("<h3 id=\"replay\">For what was stopped or noted in the last 30 days</h3>\n<p>");
  part.text(counted(preview.replayed, "entry was", "entries were")).raw(" judged anew. ");
  if (preview.replay.empty()) return std::move(part.raw("Nothing would be decided otherwise.</p>\n"));
  part.raw(
      "Otherwise would be decided:</p>\n<table>\n<thead><tr><th scope=\"col\">Site</th><th scope=\"col\">Times</th><th "
      "scope=\"col\">Was</th><th scope=\"col\">Would be</th></tr></thead>\n<tbody>\n");
  for (const auto& row : preview.replay) {
    part.raw("<tr><th scope=\"row\">")
        .text(row.host.empty() ? "of a critical kind; withheld" : row.host)
        .raw("</th><td>");
    part.text(std::to_string(row.count)).raw("</td><td>").text(row.was).raw("</td><td>").text(row.becomes);
    part.raw("</td></tr>\n");
  }
  return std::move(part.raw("</tbody>\n</table>\n"));
}

Html told(const Visit& visit, const Preview& preview) {
  Html part;
  part.raw("<section aria-labelledby=\"told\" id=\"result\">\n<h2 id=\"told\">");
  if (!preview.usable) {
    part.raw(
        "There are mistakes</h2>\n<div role=\"alert\"><p>Nothing was changed. Mend these, and look again.</p>\n<ul "
        "class=\"lines\" id=\"mistakes\">\n");
    for (std::size_t i = 0; i < std::min(preview.errors.size(), kListed); ++i)
      part.raw("<li><code>").text(preview.errors[i]).raw("</code></li>\n");
    return std::move(part.raw("</ul></div>\n</section>\n"));
  }
  part.text(preview.same ? "Nothing differs from the file on the disk" : "What it changes").raw("</h2>\n");
  if (!preview.loosens.empty()) {
    const auto& waits = visit.desk.rules->policy().loosening;
    part.raw("<div class=\"notice\" role=\"status\"><p><strong>It lets through what is stopped now, so it waits");
    part.text(waits.second_person ? " for a second person" : "");
    if (waits.delay)
      part.text((waits.second_person ? ", or " : " ") +
                counted(static_cast<std::uint64_t>(waits.delay->count()), "hour", "hours"));
    part.raw(".</strong></p>\n<ul>\n");
    for (const std::string& one : preview.loosens) part.raw("<li>").text(one).raw("</li>\n");
    part.raw("</ul></div>\n");
  }
  part.part(changes_list(preview.removed, "Lines taken out", "lines-gone"));
  part.part(changes_list(preview.added, "Lines added", "lines-new"));
  for (const auto& rules : preview.rules)
    part.part(changes_list(rules.lines, "Rules of " + rules.category, "rules-" + rules.category));
  if (preview.rules.empty() && !preview.same) part.raw("<p>No rule differs.</p>\n");
  part.part(replay_table(preview));
  std::vector<std::string> warnings = preview.warnings;
  if (warnings.size() > kListed) warnings.resize(kListed);
  part.part(changes_list(warnings, "Probably not meant", "warnings"));
  return std::move(part.raw("</section>\n"));
}

pages::Answer show(const Visit& visit, int status, const Editing& editing, const Preview* preview,
                   std::string_view notice) {
  Html main;
  main.raw("<p><a href=\"/it/files\">All files</a></p>\n<h1>").text(editing.name).raw("</h1>\n");
  if (!notice.empty()) main.raw("<p class=\"notice\" role=\"alert\">").text(notice).raw("</p>\n");
  if (preview != nullptr) main.part(told(visit, *preview));
  main.part(edit_form(visit, editing, preview));
  return page(visit, status, "A file", main);
}

}  // namespace

pages::Answer files_page(const Visit& visit) {
  Workshop* workshop = visit.desk.hands.workshop.get();
  if (workshop == nullptr) return refuse(visit, no_workshop(), "/it");
  Html main;
  main.raw(
      "<h1>Files</h1>\n<p class=\"lead\">The files that say what is stopped, and for whom. Each change is checked "
      "before it holds, and can be taken back. What is edited on the disk by hand holds as well, at once, and does "
      "not wait for anybody.</p>\n<ul class=\"cards\">\n");
  for (const std::string& name : workshop->files()) {
    main.raw("<li><a class=\"go\" href=\"").text(file_address(name)).raw("\">").text(name).raw("</a></li>\n");
  }
  main.raw("</ul>\n");
  return page(visit, 200, "Files", main);
}

pages::Answer file_page(const Visit& visit) {
  Workshop* workshop = visit.desk.hands.workshop.get();
  if (workshop == nullptr) return refuse(visit, no_workshop(), "/it/files");
  const auto file = workshop->read(visit.part("name"));
  if (!file) return refuse(visit, file.error(), "/it/files");
  if (file->text.size() > kLargestText || !can_be_shown(file->text))
    return refuse(
        visit,
        {Errc::refused, Side::client,
         file->name + " is too large for this page, or holds characters that a page cannot show; edit it on the disk."},
        "/it/files");
  return show(visit, 200, {file->name, file->text, file->digest, ""}, nullptr, "");
}

pages::Answer edit_file(const Visit& visit) {
  Workshop* workshop = visit.desk.hands.workshop.get();
  if (workshop == nullptr) return refuse(visit, no_workshop(), "/it/files");
  const auto file = workshop->read(visit.part("name"));
  if (!file) return refuse(visit, file.error(), "/it/files");
  const Editing editing{file->name, std::string(visit.form.value("text")), std::string(visit.form.line("digest", 64)),
                        plain_text(visit.form.value("why"), 400)};
  if (visit.form.value("do") == "apply") {
    const auto made = workshop->propose(
        {editing.name, editing.text, editing.digest, visit.visitor.account, editing.why, false}, visit.desk.now);
    if (made) return go_to(made->waiting ? "/it/changes?stored=waiting" : "/it/changes?stored=yes");
    return show(visit, 422, editing, nullptr, made.error().context);
  }
  const auto preview = workshop->preview(editing.name, editing.text, visit.desk.now);
  if (!preview) return refuse(visit, preview.error(), "/it/files");
  const bool overtaken = file->digest != editing.digest;
  return show(visit, preview->usable ? 200 : 422, editing, &*preview,
              overtaken ? "The file was changed on the disk since you began. This change can no longer be made: copy "
                          "your text, and begin anew."
                        : "");
}

}  // namespace fairlead::agent::console::it
