#include "agent/console/it/routes.hpp"

#include <array>

#include "agent/console/frame.hpp"
#include "agent/console/it/pages.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console::it {

using pages::Html;

namespace {

constexpr Roles kItAndLead = Role::it | Role::lead;

constexpr std::array kRoutes = {
    Route{"GET", "/", Role::it, health_page, "Health"},
    Route{"GET", "/it", Role::it, health_page},
    Route{"GET", "/it/tasks", Role::it, tasks_page, "Tasks"},
    Route{"POST", "/it/tasks", Role::it, answer_task, {}, 32768},
    Route{"GET", "/it/check", Role::it, check_page, "Check"},
    Route{"GET", "/it/files", Role::it, files_page, "Files"},
    Route{"GET", "/it/files/{name}", Role::it, file_page},
    Route{"POST", "/it/files/{name}", Role::it, edit_file, {}, kEditedFile},
    Route{"GET", "/it/changes", kItAndLead, changes_page, "Changes"},
    Route{"POST", "/it/changes", kItAndLead, decide_change},
    Route{"GET", "/it/lists", Role::it, lists_page, "Lists"},
    Route{"GET", "/it/samples", Role::it, samples_page, "Samples"},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

Error no_workshop() { return {Errc::refused, Side::local, "No agent runs here that could change the files."}; }

pages::Answer refuse(const Visit& visit, const Error& error, std::string_view back) {
  const bool unknown = error.code == Errc::not_found;
  Html main;
  main.raw("<section class=\"panel\">\n<h1>").text(unknown ? "There is no such thing" : "This was not done");
  main.raw("</h1>\n<p class=\"says\">").text(error.context).raw("</p>\n<p><a class=\"go\" href=\"").text(back);
  main.raw("\">Back</a></p>\n</section>\n");
  return page(visit, unknown ? 404 : 422, unknown ? "There is no such thing" : "This was not done", main);
}

Html changes_list(const std::vector<std::string>& lines, std::string_view heading, std::string_view id) {
  Html part;
  if (lines.empty()) return part;
  part.raw("<h3 id=\"").text(id).raw("\">").text(heading).raw("</h3>\n<ul class=\"lines\">\n");
  for (const std::string& line : lines) part.raw("<li><code>").text(line).raw("</code></li>\n");
  return std::move(part.raw("</ul>\n"));
}

}  // namespace fairlead::agent::console::it
