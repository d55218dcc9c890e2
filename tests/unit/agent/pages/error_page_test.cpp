#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "agent/pages/pages.hpp"

using namespace fairlead::agent::pages;

namespace {

struct Row {
  Trouble trouble;
  int status;
};
constexpr Row kRows[] = {
    {Trouble::bad_request, 400},    {Trouble::too_large, 431},      {Trouble::not_supported, 501},
    {Trouble::no_such_site, 502},   {Trouble::cannot_connect, 502}, {Trouble::upstream_broken, 502},
    {Trouble::timed_out, 504},      {Trouble::port_refused, 403},   {Trouble::not_tls, 403},
    {Trouble::local_target, 403},   {Trouble::ip_literal, 403},     {Trouble::expectation, 417},
    {Trouble::internal, 500},       {Trouble::upstream_proxy, 502}, {Trouble::safe_search, 502},
    {Trouble::untrusted_site, 502},
};

}  // namespace

TEST_CASE("error_page: each trouble has its status, in every form") {
  for (const auto& [trouble, status] : kRows) {
    CHECK(status_of(trouble) == status);
    for (const Form form : {Form::html, Form::json, Form::image, Form::script, Form::style, Form::nothing}) {
      CHECK(error_page(trouble, "a.example", "detail", form).status == status);
    }
  }
}

TEST_CASE("error_page: says what happened and what to do next, each trouble in its own words") {
  std::set<std::string> texts;
  for (const auto& row : kRows) {
    const std::string page = error_page(row.trouble, "", "", Form::html).body;
    CHECK(page.find("What you can do") != std::string::npos);
    const std::size_t begin = page.find("<p class=\"says\">");
    texts.insert(page.substr(begin, page.find("</p>", begin) - begin));
  }
  CHECK(texts.size() == std::size(kRows));
}

TEST_CASE("error_page: host and detail from outside are text") {
  const std::string page =
      error_page(Trouble::no_such_site, "<img src=x>.example", "line \"<b>\" \x01", Form::html).body;
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("<b>") == std::string::npos);
  CHECK(page.find("&lt;img src=x&gt;.example") != std::string::npos);
  CHECK(page.find('\x01') == std::string::npos);
}

TEST_CASE("error_page: JSON for programs stays JSON with hostile bytes") {
  const Answer answer = error_page(Trouble::timed_out, "a\"\xFF.example", "line\r\n\x02", Form::json);
  CHECK(answer.content_type == "application/json");
  const auto json = nlohmann::json::parse(answer.body);
  CHECK(json.at("error") == "timed_out");
  CHECK(json.at("detail") == "line\r\n\x02");
  CHECK_FALSE(json.at("next").get<std::string>().empty());
}

TEST_CASE("error_page: where a network asks for signing in first, its page is linked to, and nothing that is no link") {
  const std::string page = error_page(Trouble::local_target, "", "", Form::html, "http://192.168.77.1/login?a&b").body;
  CHECK(page.find("This network asks people to sign in before it lets them through.") != std::string::npos);
  CHECK(page.find("href=\"http://192.168.77.1/login?a&amp;b\"") != std::string::npos);
  for (const char* odd : {"", "javascript:alert(1)", "http://a.example/\"><img src=x>"}) {
    const std::string other = error_page(Trouble::local_target, "", "", Form::html, odd).body;
    CHECK(other.find("Open its sign-in page") == std::string::npos);
    CHECK(other.find("<img") == std::string::npos);
  }
  const Answer answer = error_page(Trouble::timed_out, "", "", Form::json, "http://192.168.77.1/");
  CHECK(nlohmann::json::parse(answer.body).at("sign_in") == "http://192.168.77.1/");
}
