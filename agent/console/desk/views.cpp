#include <algorithm>

#include "agent/console/desk/pages.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/controls.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::size_t kLongestTitle = 60;

/// A name that stood in an address would stay there when the person is erased.
bool names_person(const std::string& address) {
  const std::size_t begin = address.find('?');
  if (begin == std::string::npos) return false;
  Form query;
  if (!query.add(std::string_view(address).substr(begin + 1))) return true;
  const auto people = query.all("person");
  return std::any_of(people.begin(), people.end(), [](std::string_view one) { return !one.empty(); });
}

/// "/incidents" or "/events", with or without filters: nothing else may be kept as a view, and none of one person.
std::string view_address(std::string_view wanted) {
  const std::string address = local_address(wanted);
  const std::string_view path = std::string_view(address).substr(0, address.find('?'));
  return (path == "/incidents" || path == "/events") && !names_person(address) ? address : std::string();
}

}  // namespace

Html views_part(const Visit& visit, std::string_view list, const std::string& address) {
  Html part;
  const auto views = visit.desk.accounts.views(visit.visitor.account);
  if (!views) return part;
  part.raw("<details class=\"views\"><summary>Saved views</summary>\n<ul>\n");
  for (const SavedView& view : *views) {
    if (view.address != list && !view.address.starts_with(std::string(list) + "?")) continue;
    part.raw("<li><a href=\"").text(view.address).raw("\">").text(view.title).raw("</a> ");
    part.part(form_begin(visit, "/views/remove"))
        .part(hidden("title", view.title))
        .part(hidden("to", address))
        .raw("<button type=\"submit\">Remove<span class=\"unseen\"> the view ")
        .text(view.title)
        .raw("</span></button></form></li>\n");
  }
  part.raw("</ul>\n");
  if (names_person(address)) {
    part.raw(
        "<p>A view of one person is not kept, so that no name stays here when somebody is erased.</p></details>\n");
    return part;
  }
  part.part(form_begin(visit, "/views"))
      .part(hidden("address", address))
      .raw(
          "<div class=\"field\"><label for=\"title\">Keep what is listed now under the name</label>"
          "<input id=\"title\" name=\"title\" maxlength=\"60\" required autocomplete=\"off\"></div>"
          "<button type=\"submit\">Save this view</button></form></details>\n");
  return part;
}

pages::Answer save_view(const Visit& visit) {
  const std::string address = view_address(visit.form.value("address"));
  const std::string_view title = visit.form.line("title", kLongestTitle);
  if (address.empty() || title.empty()) return go_to("/incidents");
  const auto saved = visit.desk.accounts.save_view(visit.visitor.account, {std::string(title), address});
  if (!saved && saved.error().code != Errc::refused) return not_now(visit, saved.error());
  return go_to(address);
}

pages::Answer remove_view(const Visit& visit) {
  const auto removed = visit.desk.accounts.remove_view(visit.visitor.account, visit.form.value("title"));
  if (!removed) return not_now(visit, removed.error());
  return go_to(local_address(visit.form.value("to")));
}

}  // namespace fairlead::agent::console::desk
