#include "agent/console/routes.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "agent/console/frame.hpp"
#include "agent/console/password.hpp"
#include "agent/console/sign_in.hpp"

namespace fairlead::agent::console {

using PathParts = std::vector<std::pair<std::string_view, std::string>>;

namespace {

/// Takes the next piece off the front: "/a/b" gives "a" and leaves "/b".
std::string_view take_piece(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view piece = path.substr(0, end);
  path.remove_prefix(end);
  return piece;
}

/// The parts of a path that fits the pattern.
std::optional<PathParts> fit(std::string_view pattern, std::string_view path) {
  PathParts parts;
  while (!pattern.empty() && !path.empty()) {
    if (path[0] != '/') return std::nullopt;
    const std::string_view wanted = take_piece(pattern);
    const std::string_view piece = take_piece(path);
    if (!wanted.starts_with('{')) {
      if (wanted != piece) return std::nullopt;
      continue;
    }
    auto value = decode_piece(piece, false);
    if (!value || value->empty()) return std::nullopt;
    parts.emplace_back(wanted.substr(1, wanted.size() - 2), std::move(*value));
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parts;
}

std::string_view method_of(std::string_view method) { return method == "HEAD" ? "GET" : method; }

pages::Answer refuse(const Visit& visit, int status, std::string_view heading, std::string_view says) {
  pages::Html main;
  main.raw("<section class=\"panel\">\n<h1>").text(heading).raw("</h1>\n<p class=\"says\">").text(says).raw("</p>\n");
  main.raw("<p><a class=\"go\" href=\"/\">To the first page</a></p>\n</section>\n");
  return page(visit, status, heading, main);
}

bool is_forged(const Visit& visit, const Route& route) {
  const bool foreign = !visit.request.sec_fetch_site.empty() && !is_from_our_page(visit.request);
  if (foreign) return true;
  // A learner is not signed in, so that there is nothing that another site could make use of but the connection itself.
  if (route.roles.has(Role::learner)) return !is_from_our_page(visit.request);
  Form posted;  // of the body alone: an address ends up in histories and in others' logs
  if (!posted.add(visit.request.body)) return true;
  const auto sent = posted.all(kCsrfField);
  return visit.visitor.csrf.empty() || sent.size() != 1 || !equal_secrets(sent[0], visit.visitor.csrf);
}

}  // namespace

Visitor visitor_of(const Request& request, Accounts& accounts, Sessions& sessions, Moment now,
                   std::string_view person) {
  Visitor visitor;
  visitor.person = person;
  const std::string_view token = token_in(request.cookie, request.secure);
  const auto session = sessions.find(token, now);
  if (!session) return visitor;
  const auto account = accounts.find(session->account);
  const bool other_person = !session->person.empty() && !person.empty() && session->person != person;
  if (!account && account.error().code != Errc::not_found) return visitor;  // whoever it is will be asked again
  if (!account || account->generation != session->generation || other_person) {
    (void)sessions.end(token);  // one that stays shows nobody anything either
    return visitor;
  }
  visitor.sites = account->sites;
  visitor.role = account->role;
  visitor.account = account->name;
  visitor.csrf = session->csrf;
  visitor.looked = session->looked;
  return visitor;
}

bool is_from_our_page(const Request& request) {
  // Our pages send no referrer, and with it browsers hide the Origin ("null"): Sec-Fetch-Site is the stronger word.
  if (!request.sec_fetch_site.empty()) return request.sec_fetch_site == "same-origin";
  return !request.origin.empty() && request.origin == (request.secure ? "https://" : "http://") + request.host;
}

std::string local_address(std::string_view wanted) {
  constexpr std::size_t kLongestAddress = 1000;
  const bool is_path = wanted.starts_with('/') && !wanted.starts_with("//") && wanted.size() <= kLongestAddress;
  // Browsers read "\" as "/", and leave out tabs and line ends.
  const bool plain = std::all_of(wanted.begin(), wanted.end(), [](char c) { return c > ' ' && c <= '~' && c != '\\'; });
  return is_path && plain ? std::string(wanted) : "/";
}

pages::Answer go_to(std::string_view address) {
  pages::Answer answer{303, "text/plain; charset=utf-8", ""};
  answer.fields.push_back({"Location", std::string(address)});
  return answer;
}

std::size_t Router::most_body(std::string_view method, std::string_view path) const {
  std::size_t most = 0;
  for (const Route& route : routes_) {
    if (route.method == method_of(method) && fit(route.path, path)) most = std::max(most, route.most_body);
  }
  return most == 0 ? kSmallBody : most;
}

pages::Answer Router::answer(const Request& request, Desk& desk, std::string_view person) const {
  return answer(request, desk, visitor_of(request, desk.accounts, desk.sessions, desk.now, person));
}

pages::Answer Router::answer(const Request& request, Desk& desk, Visitor visitor) const {
  Visit visit{request, std::move(visitor), desk, {}};
  for (const Route& route : routes_) {
    if (!route.menu.empty() && route.roles.has(visit.visitor.role)) visit.menu.push_back({route.path, route.menu});
  }
  bool known = false;
  const Route* chosen = nullptr;
  for (const Route& route : routes_) {
    if (route.method != method_of(request.method)) continue;
    auto parts = fit(route.path, request.path);
    if (!parts) continue;
    known = true;
    if (!route.roles.has(visit.visitor.role)) continue;
    chosen = &route;
    visit.parts = std::move(*parts);
    break;
  }
  if (!known) return refuse(visit, 404, "There is no such page", "There is no page at this address.");
  if (chosen == nullptr && visit.visitor.role != Role::learner)
    return refuse(visit, 403, "This page is not for you", "Your account cannot open it. Nothing was shown or changed.");
  if (chosen == nullptr && request.method == "POST")
    return refuse(visit, 403, "You are signed out", "Nothing was changed. Sign in, and send it again.");
  if (chosen == nullptr) return go_to(sign_in_address(request));
  const bool readable = visit.form.add(request.body) && visit.form.add(request.query);
  if (!readable) return refuse(visit, 400, "This could not be read", "Something in the address or the form is broken.");
  if (request.method == "POST" && is_forged(visit, *chosen))
    return refuse(visit, 403, "This was not accepted",
                  "It did not come from a page of this laptop that is still open to you, so nothing was changed.");
  return chosen->answer(visit);
}

}  // namespace fairlead::agent::console
