#include "agent/alerts/text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/agent/alerts/samples.hpp"

using namespace fairlead::agent::alerts;
using namespace fairlead::agent::alerts::sample;
using nlohmann::json;

namespace {

Item item(std::uint64_t number) {
  return {number,
          AlertWay::at_once,
          Reason::fresh,
          Severity::critical,
          "contact",
          "grooming-and-strangers",
          "Strangers and grooming",
          "",
          "",
          kMonday};
}

Contents contents(std::vector<Item> items, std::uint64_t beyond = 0) {
  return {
      "An organisation", "https://console.example.org", "0123abcd", {}, AlertWay::at_once, std::move(items), beyond};
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::vector<std::string> header_lines(const std::string& mail) {
  std::vector<std::string> out;
  std::string_view head = std::string_view(mail).substr(0, mail.find("\r\n\r\n"));
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    out.emplace_back(head.substr(0, end));
    head = end == std::string_view::npos ? "" : head.substr(end + 2);
  }
  return out;
}

}  // namespace

TEST_CASE("mail_text: one incident, in plain words, with the way to it and nobody's name") {
  CHECK(subject_of(contents({item(12)})) == "Fairlead: incident 12, critical, contact: Strangers and grooming");
  CHECK(mail_text(contents({item(12)})) ==
        "An incident needs your attention.\n\n"
        "Incident 12 (new): critical, contact: Strangers and grooming\n"
        "  https://console.example.org/incidents/12\n"
        "\nLaptop: 0123abcd\n"
        "\nThe links open the console, where you sign in. It says what was asked for, by whom and when; this message\n"
        "does not, so that mailboxes stay free of it.\n"
        "\nFairlead, the web filter of An organisation\nSent by a machine; nobody reads answers to it.\n");
}

TEST_CASE("mail_text: a storm is one message that says how many") {
  std::vector<Item> many;
  for (std::uint64_t n = 1; n <= 30; ++n) many.push_back(item(n));
  const std::string text = mail_text(contents(many, 4));
  CHECK(holds(text, "34 incidents need your attention."));
  CHECK(holds(text, "/incidents/20\n"));
  CHECK_FALSE(holds(text, "/incidents/21\n"));
  CHECK(holds(text, "and 14 more, which https://console.example.org/incidents lists.\n"));
  CHECK(subject_of(contents(many, 4)) == "Fairlead: 34 incidents, the most serious critical");
}

TEST_CASE("mail_text: a console that is the laptop's own is no link for whoever reads the mail elsewhere") {
  std::vector<Item> many;
  for (std::uint64_t n = 1; n <= 30; ++n) many.push_back(item(n));
  for (const char* console :
       {"http://127.0.0.1:3129", "http://localhost:3129", "http://localhost", "http://[::1]:3129"}) {
    CAPTURE(console);
    Contents local = contents(many);
    local.console = console;
    const std::string text = mail_text(local);
    CHECK_FALSE(holds(text, "://"));
    CHECK(holds(text, "Incident 20 (new)"));
    CHECK(holds(text, "and 10 more, which the console lists.\n"));
    CHECK(holds(text, "Open the console on the laptop, and sign in."));
  }
  Contents elsewhere = contents(many);
  elsewhere.console = "https://localhost.example.org";
  CHECK(holds(mail_text(elsewhere), "https://localhost.example.org/incidents/1\n"));
}

TEST_CASE("texts: what the policy keeps back is in none of them") {
  Item told = item(12);
  told.person = "sam";  // as if something put them in by mistake
  told.host = "strangers.example";
  Contents bare = contents({told});
  bare.device.clear();
  bare.includes = {false, false, false, false, false, false, {}, {}};
  for (const std::string& text : {subject_of(bare), mail_text(bare), webhook_json(bare, "k", kMonday)}) {
    CAPTURE(text);
    for (const char* word : {"sam", "strangers", "Strangers", "critical", "contact", "0123abcd", "grooming"})
      CHECK_FALSE(holds(text, word));
  }
  bare.includes.person = true;
  bare.includes.host = true;
  CHECK(holds(mail_text(bare), "; account sam; site strangers.example\n"));
  CHECK(holds(mail_text(bare), "please delete it"));
  CHECK_FALSE(holds(subject_of(bare), "sam"));
}

TEST_CASE("webhook_json: stays JSON whatever bytes a text holds") {
  Item odd = item(7);
  odd.title = "a\"b\n\xff";
  const json body = json::parse(webhook_json(contents({odd}, 2), "k", kMonday));
  CHECK(body["format"] == 1);
  CHECK(body["kind"] == "at_once");
  CHECK(body["total"] == 3);
  CHECK(body["device"] == "0123abcd");
  CHECK(body["incidents"][0]["number"] == 7);
  CHECK(body["incidents"][0]["reason"] == "new");
  CHECK(body["incidents"][0]["link"] == "https://console.example.org/incidents/7");
}

TEST_CASE("mail_message: no text makes a header of its own") {
  const std::vector<std::string> all{"x\r\nBcc: everybody@example.org", "x\nBcc: a@b.c\n\nbody", "x\r Bcc: a@b.c",
                                     "caf\xc3\xa9\r\nBcc: a@b.c", std::string("nul\0Bcc: a@b.c", 14)};
  for (const std::string& hostile : all) {
    const std::string mail =
        mail_message({"from@example.org", "to@example.org\r\nBcc: a@b.c", "key", kMonday}, hostile, hostile);
    for (const std::string& line : header_lines(mail)) {
      CAPTURE(line);
      CHECK_FALSE(line.starts_with("Bcc"));
      CHECK(line.size() < 250);
    }
    CHECK(header_lines(mail).size() <= 11);
  }
}

TEST_CASE("mail_message: ASCII throughout, short lines, no line that a server could take for the end") {
  const std::string mail = mail_message({"from@example.org", "to@example.org", "00ff", kMonday}, "Caf\xc3\xa9",
                                        ".\n..x\na=b \xc3\xa9 " + std::string(300, 'w') + "\nend \n");
  CHECK(holds(mail, "Date: Mon, 12 Jan 2026 12:00:00 +0000\r\n"));
  CHECK(holds(mail, "Message-ID: <00ff@example.org>\r\n"));
  CHECK(holds(mail, "Subject: =?utf-8?q?Caf=C3=A9?=\r\n"));
  CHECK(holds(mail, "\r\n=2E\r\n=2E.x\r\na=3Db =C3=A9 w"));
  CHECK(holds(mail, "end=20\r\n"));
  std::size_t begin = 0;
  while (begin < mail.size()) {
    const std::size_t end = mail.find("\r\n", begin);
    REQUIRE(end != std::string::npos);
    CHECK(end - begin <= 78);
    for (std::size_t i = begin; i < end; ++i) CHECK((mail[i] >= ' ' && mail[i] < 0x7F));
    begin = end + 2;
  }
}

TEST_CASE("mail_message: a subject of bytes that begin no letter comes to an end") {
  const std::string mail =
      mail_message({"from@example.org", "to@example.org", "key", kMonday}, std::string(40, '\x80'), "");
  CHECK(holds(mail, "Subject: =?utf-8?q?=80"));
  std::string letters;
  for (int i = 0; i < 20; ++i) letters += "\xf0\x9f\x98\x80";
  CHECK(holds(mail_message({"from@example.org", "to@example.org", "key", kMonday}, letters, ""),
              "=F0=9F=98=80?=\r\n =?utf-8?q?=F0=9F=98=80"));
}

TEST_CASE("one_line: is not cut within a letter") {
  CHECK(one_line("caf\xc3\xa9", 4) == "caf");
  CHECK(one_line("a\tb\x7f", 9) == "a b ");
  CHECK(one_line(std::string(9, '\x80'), 6).size() == 6);  // no letters at all
}
