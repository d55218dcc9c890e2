#include <array>
#include <nlohmann/json.hpp>

#include "agent/pages/escape.hpp"
#include "agent/pages/pages.hpp"
#include "agent/pages/plain_forms.hpp"
#include "agent/pages/shell.hpp"

namespace fairlead::agent::pages {

namespace {

struct Explained {
  Trouble trouble;
  int status;
  std::string_view name;     // for programs
  std::string_view heading;  // what happened
  std::string_view what;     // the same in one sentence
  std::string_view next;     // what to do about it
};

constexpr std::array kExplained = {
    Explained{Trouble::bad_request, 400, "bad_request", "This request could not be read",
              "The browser or app sent something that does not follow the rules of the web, so it was not passed on.",
              "Try once more. If it happens again, tell IT which app or page you were using."},
    Explained{Trouble::too_large, 431, "too_large", "This request was too big",
              "The browser or app sent more information along with the request than is allowed.",
              "Clearing the cookies of this site often helps. If it does not, tell IT."},
    Explained{Trouble::not_supported, 501, "not_supported", "This kind of request is not supported",
              "The app asked for something in a way that cannot be passed on.",
              "Try the site in the browser. If you need the app for your work, tell IT."},
    Explained{
        Trouble::no_such_site, 502, "no_such_site", "This site was not found", "No site with this name could be found.",
        "Check the spelling of the address. If it is right, check that the laptop is online and try again in a few "
        "minutes."},
    Explained{Trouble::cannot_connect, 502, "cannot_connect", "This site does not answer",
              "The site was found, but it did not accept a connection. It may be down.",
              "Try again in a few minutes. If other sites work, the problem is on their side and not on this laptop."},
    Explained{Trouble::upstream_broken, 502, "upstream_broken", "This site sent a broken answer",
              "The site answered, but its answer was cut short or does not follow the rules of the web.",
              "Load the page again. If it keeps happening, the site has a fault that only its owners can mend."},
    Explained{Trouble::timed_out, 504, "timed_out", "This site took too long", "The site did not answer in time.",
              "Check that the laptop is online, then load the page again in a few minutes."},
    Explained{Trouble::port_refused, 403, "port_refused", "This address is not open",
              "The address uses a port that web pages do not normally use, so the connection was not made.",
              "Check the address. If you need it for your work, tell IT the address and what it is for."},
    Explained{Trouble::not_tls, 403, "not_tls", "This connection is not open",
              "The app asked for a secure connection and then sent something else, so the connection was closed.",
              "Web pages are not affected. If you need the app for your work, tell IT its name."},
    Explained{Trouble::local_target, 403, "local_target", "This address is not open",
              "The address leads to this laptop or to a private network and not to the web.",
              "Check the address. If you need it for your work, tell IT the address and what it is for."},
    Explained{
        Trouble::untrusted_site, 502, "untrusted_site", "This site could not prove who it is",
        "Its certificate is not good for this address, so somebody else might be answering. It was not opened, to "
        "keep what you type and read safe.",
        "Check the address. If it is right, try again later: often the site's owners have let a certificate run "
        "out. If you need it for your work, tell IT."},
    Explained{
        Trouble::ip_literal, 403, "ip_literal", "Addresses made of numbers are not open",
        "This address names a computer by its number and not by its name, so nobody can tell which site it is.",
        "Use the name of the site. If you need this address for your work, tell IT the number and what it is for."},
    Explained{Trouble::expectation, 417, "expectation", "This kind of request is not supported",
              "The app asked for a promise that cannot be given here.",
              "Try the site in the browser. If you need the app for your work, tell IT."},
    Explained{Trouble::safe_search, 502, "safe_search_unavailable", "Safe search is not available",
              "This site is opened with its safe search here, and that could not be reached just now.",
              "Check that the laptop is online and try again in a few minutes, or use another search engine."},
    Explained{Trouble::upstream_proxy, 502, "upstream_proxy", "This network did not let the page through",
              "All pages come through a gateway of this network, and it did not open this one.",
              "Try again in a few minutes. If other pages do not open either, tell IT. It is not your fault."},
    Explained{Trouble::internal, 500, "internal", "Something went wrong on this laptop",
              "The filter on this laptop had a fault, so the page was not opened.",
              "Load the page again. If it keeps happening, tell IT. It is not your fault."},
};

constexpr std::string_view kSignInFirst = "This network asks people to sign in before it lets them through.";

const Explained& explain(Trouble trouble) {
  for (const Explained& one : kExplained) {
    if (one.trouble == trouble) return one;
  }
  return kExplained.back();
}

std::string error_html(const Explained& why, std::string_view host, std::string_view detail, std::string_view sign_in) {
  Html main;
  main.raw("<section class=\"panel\">\n<h1>").text(why.heading).raw("</h1>\n");
  if (!host.empty()) main.raw("<p class=\"host\">").text(host).raw("</p>\n");
  main.raw("<p class=\"says\">").text(why.what).raw("</p>\n</section>\n");
  main.raw("<section aria-labelledby=\"next\">\n<h2 id=\"next\">What you can do</h2>\n");
  if (!sign_in.empty()) main.raw("<p>").text(kSignInFirst).raw("</p>\n");
  if (const std::string_view address = link_address(sign_in); !address.empty()) {
    main.raw("<p><a class=\"go\" rel=\"noreferrer\" href=\"").text(address).raw("\">Open its sign-in page</a></p>\n");
  }
  main.raw("<p>").text(why.next).raw("</p>\n");
  main.raw(
      "</section>\n<section class=\"record\" aria-labelledby=\"detail\">\n<h2 id=\"detail\">For IT</h2>\n<p "
      "class=\"detail\">");
  main.text(std::to_string(why.status)).raw(" ").text(why.name);
  if (!detail.empty()) main.raw(": ").text(detail);
  main.raw("</p>\n</section>\n");
  return whole_page(why.heading, {}, main, {});
}

std::string error_json(const Explained& why, std::string_view host, std::string_view detail, std::string_view sign_in) {
  nlohmann::ordered_json out;
  out["error"] = why.name;
  out["title"] = why.heading;
  out["says"] = why.what;
  out["next"] = why.next;
  if (!sign_in.empty()) out["sign_in"] = sign_in;
  if (!host.empty()) out["host"] = host;
  if (!detail.empty()) out["detail"] = detail;
  return json_text(out);
}

}  // namespace

int status_of(Trouble trouble) { return explain(trouble).status; }

Answer error_page(Trouble trouble, std::string_view host, std::string_view detail, Form form,
                  std::string_view sign_in) {
  const Explained& why = explain(trouble);
  if (form == Form::json) return {why.status, std::string(kJsonType), error_json(why, host, detail, sign_in)};
  if (form != Form::html) return empty_answer(why.status, form);
  return {why.status, std::string(kHtmlType), error_html(why, host, detail, sign_in)};
}

}  // namespace fairlead::agent::pages
