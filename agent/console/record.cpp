#include "agent/console/record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/console/frame.hpp"
#include "agent/pages/plain_forms.hpp"

namespace fairlead::agent::console {

using nlohmann::ordered_json;

namespace {

Result<void> store(const Visit& visit, events::Entry entry) {
  auto added = visit.desk.store.add(std::move(entry));
  if (!added) return tl::unexpected(std::move(added).error());
  return {};
}

events::Entry entry_of_sign_in(const Visit& visit, std::string_view subject) {
  events::Entry entry;
  entry.time = visit.desk.now;
  entry.keep = visit.desk.now + kAccessKept;
  entry.kind = "sign_in";
  entry.subject = subject;
  entry.person = visit.visitor.person;
  entry.body = pages::json_text(ordered_json{{"from", visit.request.peer_address}});
  return entry;
}

Result<void> add(const Visit& visit, std::string_view kind, std::string_view subject,
                 const std::vector<std::string>& people, std::uint64_t incident) {
  if (people.empty()) return {};  // nobody was shown
  std::vector<std::string> named;
  for (const std::string& person : people) {
    if (!person.empty() && std::find(named.begin(), named.end(), person) == named.end()) named.push_back(person);
  }
  events::Entry entry;
  entry.time = visit.desk.now;
  entry.incident = incident;
  entry.keep = visit.desk.now + kAccessKept;
  entry.kind = kind;
  entry.subject = subject;
  entry.actor = visit.visitor.account;
  if (named.size() == 1) entry.person = named.front();
  ordered_json body = ordered_json::object();
  if (named.size() > 1) body["people"] = named;
  entry.body = pages::json_text(body);
  return store(visit, std::move(entry));
}

}  // namespace

Result<void> record_access(const Visit& visit, std::string_view subject, const std::vector<std::string>& people,
                           std::uint64_t incident) {
  return add(visit, "access", subject, people, incident);
}

Result<void> record_access(const Visit& visit, std::string_view subject, std::string_view person) {
  return add(visit, "access", subject, {std::string(person)}, 0);
}

Result<void> record_export(const Visit& visit, std::string_view subject, const std::vector<std::string>& people,
                           std::uint64_t incident) {
  return add(visit, "export", subject, people, incident);
}

Result<void> record_sign_in(const Visit& visit, std::string_view account) {
  events::Entry entry = entry_of_sign_in(visit, "signed in");
  entry.actor = account;
  return store(visit, std::move(entry));
}

Result<void> record_lock(const Visit& visit, std::string_view subject, std::string_view account) {
  events::Entry entry = entry_of_sign_in(visit, subject);
  ordered_json body = {{"from", visit.request.peer_address}};
  if (!account.empty()) body["account"] = account;
  entry.body = pages::json_text(body);
  return store(visit, std::move(entry));
}

pages::Answer not_now(const Visit& visit, const Error& error) {
  const bool unknown = error.code == Errc::not_found;
  const std::string_view heading = unknown ? "There is no such entry here" : "This cannot be shown now";
  pages::Html main;
  main.raw("<section class=\"panel\">\n<h1>").text(heading).raw("</h1>\n<p class=\"says\">");
  main.text(unknown ? "There is nothing with this number or name."
                    : "Records cannot be read or saved just now. Nothing is shown, because each look must be noted "
                      "first. Sites are still filtered. Please tell IT.");
  main.raw("</p>\n<p><a class=\"go\" href=\"/\">To the first page</a></p>\n</section>\n");
  return page(visit, unknown ? 404 : 503, heading, main);
}

}  // namespace fairlead::agent::console
