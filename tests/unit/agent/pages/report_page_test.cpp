#include <doctest/doctest.h>

#include "agent/pages/pages.hpp"

using namespace fairlead::agent::pages;

TEST_CASE("parse_report_form: what the page's forms send") {
  const ReportForm form = parse_report_form("id=K7QM-2D4X&kind=wrong&words=For+my+course%2C+100%25+%C5%BC");
  CHECK(form.id == "K7QM-2D4X");
  CHECK(form.kind == "wrong");
  CHECK(form.words == "For my course, 100% ż");
  CHECK(parse_report_form("id=K7QM-2D4X&kind=accident").kind == "accident");
  CHECK(parse_report_form("kind=concern&id=K7QM-2D4X").kind == "concern");
}

TEST_CASE("parse_report_form: an unknown kind or id leaves its field empty") {
  for (const char* body :
       {"id=k7qm-2d4x", "id=K7QM2D4X", "id=K7QM-2D4XX", "id=K7QM-2D4%27", "id=-7QM-2D4", "id=", "id=../../etc", "id"}) {
    CAPTURE(body);
    CHECK(parse_report_form(body).id.empty());
  }
  CHECK(parse_report_form("id=K7QM-2D4X&kind=spam").kind.empty());
  CHECK(parse_report_form("id=K7QM-2D4X&kind=WRONG").kind.empty());
  CHECK(parse_report_form("").id.empty());
}

TEST_CASE("parse_report_form: nothing is believed of a form that ours did not make") {
  CHECK(parse_report_form("id=K7QM-2D4X&id=AAAA-AAAA&kind=wrong").id.empty());
  CHECK(parse_report_form("id=K7QM-2D4X&kind=wrong&words=%").id.empty());
  CHECK(parse_report_form("id=K7QM-2D4X&kind=wrong&words=%2").id.empty());
  CHECK(parse_report_form("id=K7QM-2D4X&kind=wrong&words=%zz").id.empty());
  CHECK(parse_report_form("id=K7QM-2D4X&kind=wrong&words=" + std::string(4100, 'a')).id.empty());
}

TEST_CASE("parse_report_form: words are bounded, one line, and text") {
  const std::string start = "id=K7QM-2D4X&kind=concern&words=";
  CHECK(parse_report_form(start + std::string(600, 'a')).words.size() == 500);
  CHECK(parse_report_form(start + "one%0D%0Atwo%09three").words == "one two three");
  CHECK(parse_report_form(start + "a%00b%1Bc%E2%80%AEd").words == "abcd");
  const ReportForm broken = parse_report_form(start + "ok%FF");
  CHECK(broken.words.empty());
  CHECK(broken.kind == "concern");
}

TEST_CASE("parse_report_form: the longest text the page's field takes is read whole") {
  std::string words;
  for (int i = 0; i < 400; ++i) words += "%E6%97%A5";
  const ReportForm form = parse_report_form("id=K7QM-2D4X&kind=concern&words=" + words);
  CHECK(form.id == "K7QM-2D4X");
  CHECK(form.words.size() == 1200);
}

TEST_CASE("report_page: says whether it is stored") {
  const Answer thanks = report_page(200, "accident");
  CHECK(thanks.status == 200);
  CHECK(thanks.body.find("<h1>Thank you</h1>") != std::string::npos);
  CHECK(report_page(200, "concern").body.find("999") != std::string::npos);
  for (const int status : {404, 503}) {
    const Answer answer = report_page(status, "wrong");
    CHECK(answer.status == status);
    CHECK(answer.body.find("Thank you") == std::string::npos);
  }
  CHECK(report_page(200, "<script>").body.find("<script>") == std::string::npos);
}
