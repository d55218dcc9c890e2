#include "agent/console/sign_in.hpp"

#include <array>

#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"
#include "agent/pages/sentences.hpp"

namespace fairlead::agent::console {

using pages::Html;

namespace {

pages::Answer sign_in_form(const Visit& visit, int status, std::string_view notice) {
  Html main;
  main.raw("<section class=\"panel\">\n<h1>Sign in</h1>\n");
  if (!notice.empty()) main.raw("<p class=\"notice\" role=\"alert\">").text(notice).raw("</p>\n");
  main.part(form_begin(visit, kSignInPath));
  main.raw("<input type=\"hidden\" name=\"to\" value=\"")
      .text(local_address(visit.form.value("to")))
      .raw(
          "\"><label for=\"name\">Name</label><input id=\"name\" name=\"name\" autocomplete=\"username\" "
          "autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"64\" required value=\"")
      .text(visit.form.line("name", 64))
      .raw(
          "\"><label for=\"password\">Password</label><input id=\"password\" name=\"password\" type=\"password\" "
          "autocomplete=\"current-password\" maxlength=\"256\" required>"
          "<button class=\"main\" type=\"submit\">Sign in</button></form>\n</section>\n"
          "<p>These pages are for the safeguarding lead, IT and those who read the figures. What is recorded about "
          "you, you can see ");
  if (visit.desk.hands.laptops) {
    main.raw("on your own laptop, without signing in.</p>\n");
  } else {
    main.raw("without signing in: <a href=\"/recorded\">what is recorded about me</a>.</p>\n");
  }
  return page(visit, status, "Sign in", main);
}

pages::Answer without_accounts(const Visit& visit, const std::string& why) {
  if (visit.desk.hands.log) visit.desk.hands.log("nobody can sign in to the pages: " + why);
  return sign_in_form(visit, 503, "Accounts cannot be read at the moment. IT can see why in the log.");
}

pages::Answer show_form(const Visit& visit) { return sign_in_form(visit, 200, ""); }

std::string_view peer_of(const Visit& visit) {
  return visit.visitor.person.empty() ? std::string_view(visit.request.peer_address)
                                      : std::string_view(visit.visitor.person);
}

std::string locked_notice(const Visit& visit, const SignIn& outcome) {
  const auto now = std::chrono::floor<std::chrono::seconds>(visit.desk.now);
  const std::string again = pages::when_text(std::chrono::ceil<std::chrono::minutes>(outcome.until), now,
                                             visit.desk.rules->policy().time_zone);
  if (outcome.result == SignInResult::peer_locked)
    return "Too many wrong passwords were typed from here, for one name or several. You can try again " + again +
           ". Nobody else is kept out by it.";
  return "There were too many wrong passwords for this name. You can try again " + again +
         ". If it was not you who tried, tell IT: a new password opens the account at once.";
}

/// A notice to the lead. One that cannot be written opens nothing: the lock holds all the same.
void note_locks(const Visit& visit, const SignIn& outcome, std::string_view name) {
  const std::string_view account = outcome.known ? name : std::string_view();
  if (outcome.locked_now) (void)record_lock(visit, "a name was locked after wrong passwords", account);
  if (outcome.peer_locked_now)
    (void)record_lock(visit, "whoever tried was locked out after wrong passwords for several names", account);
}

pages::Answer sign_in(const Visit& visit) {
  const std::string_view name = visit.form.line("name", 64);
  const SignIn outcome =
      visit.desk.accounts.sign_in(name, visit.form.value("password"), peer_of(visit), visit.desk.now);
  note_locks(visit, outcome, name);
  switch (outcome.result) {
    case SignInResult::done:
      break;
    case SignInResult::wrong:
      return sign_in_form(visit, 403, "The name or the password is wrong.");
    case SignInResult::locked:
    case SignInResult::peer_locked:
      return sign_in_form(visit, 429, locked_notice(visit, outcome));
    case SignInResult::busy:
      return sign_in_form(visit, 503, "Too many people are signing in. Please try again in a moment.");
    case SignInResult::unavailable:
      return without_accounts(visit, outcome.why);
  }
  // A store that cannot be written keeps nobody out: what shows a person asks it again and is refused then.
  (void)record_sign_in(visit, outcome.account.name);
  // Whatever session the browser brought along ends here; the new one has a token that nobody knew before.
  const auto ended = visit.desk.sessions.end(token_in(visit.request.cookie, visit.request.secure));
  if (!ended) return without_accounts(visit, ended.error().context);
  const auto token = visit.desk.sessions.begin(outcome.account, visit.visitor.person, visit.desk.now);
  if (!token) return without_accounts(visit, token.error().context);
  pages::Answer answer = go_to(local_address(visit.form.value("to")));
  answer.fields.push_back({"Set-Cookie", session_cookie(*token, visit.request.secure)});
  return answer;
}

pages::Answer sign_out(const Visit& visit) {
  // Without its token the browser is signed out all the same.
  const auto ended = visit.desk.sessions.end(token_in(visit.request.cookie, visit.request.secure));
  if (!ended && visit.desk.hands.log)
    visit.desk.hands.log("a session goes on until it is over by itself: " + ended.error().context);
  pages::Answer answer = go_to(kSignInPath);
  answer.fields.push_back({"Set-Cookie", ended_cookie(visit.request.secure)});
  return answer;
}

/// For a role that no room gives a first page.
pages::Answer first_page(const Visit& visit) {
  Html main;
  main.raw("<h1>You are signed in</h1>\n<p>The menu leads to your pages.</p>\n");
  return page(visit, 200, "Signed in", main);
}

constexpr std::array kSignInRoutes = {
    Route{"GET", "/", kSignedIn, first_page},
    Route{"GET", kSignInPath, kEverybody, show_form},
    Route{"POST", kSignInPath, kEverybody, sign_in},
    Route{"POST", "/sign-out", kSignedIn, sign_out},
};

}  // namespace

std::string sign_in_address(const Request& request) {
  std::string wanted = request.path;
  if (!request.query.empty()) wanted += "?" + request.query;
  wanted = local_address(wanted);
  return std::string(kSignInPath) + (wanted == "/" ? "" : "?to=" + encode_piece(wanted));
}

std::span<const Route> sign_in_routes() { return kSignInRoutes; }

}  // namespace fairlead::agent::console
