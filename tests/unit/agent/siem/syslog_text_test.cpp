#include "agent/siem/syslog_text.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

namespace fairlead::agent::siem {
namespace {

using rules::catalog::SiemField;

std::string value_of(const std::string& category) {
  Record record = sample();
  record.fields[static_cast<std::size_t>(SiemField::category)] = category;
  const std::string message = syslog_message(record, mapping_of("fields: {category: c}\n"), "hub");
  const std::size_t at = message.find(" c=\"") + 4;
  return message.substr(at, message.size() - at - 2);
}

TEST_CASE("syslog_message: without fields in the mapping nobody is named") {
  CHECK(syslog_message(sample(), mapping_of(""), "hub1.example") ==
        "<108>1 2026-05-28T20:26:40.007Z hub1.example fairlead-hub - blocked [fairlead@32473"
        " id=\"0123456789abcdef0123456789abcdef\" category=\"gambling\" risk=\"conduct\" severity=\"high\""
        " action=\"blocked\" group=\"learners\" count=\"312\"]");
}

TEST_CASE("syslog_message: what the mapping names is told by the receiver's name") {
  const std::string message = syslog_message(sample(), mapping_of("fields: {person: user.name, url: u}\n"), "hub");
  CHECK(message.ends_with(" user.name=\"ada\" u=\"https://bets.example/x\"]"));
  CHECK(message.find("gambling") == std::string::npos);
}

TEST_CASE("syslog_message: no value ends its place, its element or its line") {
  CHECK(value_of("a\"b]c\\d") == "a\\\"b\\]c\\\\d");
  CHECK(value_of("x\"] <1>1 - - - - - -\r\n<0>") == "x\\\"\\] <1>1 - - - - - -#015#012<0>");
  CHECK(value_of(std::string("a\0b\x7f\x1b", 5)) == "a#000b#177#033");
  CHECK(value_of("'; DROP TABLE events; --") == "'; DROP TABLE events; --");
  CHECK(value_of("caf\xC3\xA9") == "caf\xC3\xA9");
}

TEST_CASE("syslog_message: a long value is cut between characters") {
  CHECK(value_of(std::string(5000, 'x')).size() == 1024);
  const std::string cut = value_of("x" + std::string(1000, 'y') + [] {
    std::string out;
    for (int i = 0; i < 50; ++i) out += "\xC3\xA9";
    return out;
  }());
  CHECK(cut.size() == 1023);
  CHECK(cut.ends_with("\xC3\xA9"));
}

TEST_CASE("syslog_message: a host name, a severity and a time that are none do no harm") {
  Record record = sample();
  record.fields[static_cast<std::size_t>(SiemField::severity)] = "unheard of";
  CHECK(syslog_message(record, mapping_of(""), "").starts_with("<110>1 2026-05-28T20:26:40.007Z - fairlead-hub "));
  CHECK(syslog_message(record, mapping_of(""), "a b\n").find(" ab fairlead-hub ") != std::string::npos);
  record.time = events::TimePoint(std::chrono::hours(24 * 365) * 9000);
  CHECK(syslog_message(record, mapping_of(""), "hub").starts_with("<110>1 - hub "));
}

TEST_CASE("with_octets: bytes are counted, not characters") { CHECK(with_octets("caf\xC3\xA9") == "5 caf\xC3\xA9"); }

}  // namespace
}  // namespace fairlead::agent::siem
