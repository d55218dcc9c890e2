#include "rules/catalog/schedule_text.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace fairlead::rules::catalog;

namespace {

struct Good {
  std::string_view text;
  unsigned days, begin, end;
};
constexpr auto kGood = std::to_array<Good>({
    {"mon-fri 10:30-10:45", 0b0011111, 630, 645},
    {"mon-fri 17:00-09:00", 0b0011111, 1020, 540},
    {"sat-sun 00:00-24:00", 0b1100000, 0, 1440},
    {"sat,sun 00:00-24:00", 0b1100000, 0, 1440},
    {"wed 23:59-00:00", 0b0000100, 1439, 0},
    {"fri-mon 08:00-09:00", 0b1110001, 480, 540},
    {"mon-sun 08:00-09:00", 0b1111111, 480, 540},
    {"Mon, Wed , Fri  08:00-09:00 ", 0b0010101, 480, 540},
});

struct Bad {
  std::string_view text, says;
};
constexpr auto kBad = std::to_array<Bad>({
    {"", "is not a span"},
    {"10:30-10:45", "is not a span"},
    {"mon-fri", "is not a span"},
    {"monday 10:30-10:45", "are no days"},
    {"mon-fry 10:30-10:45", "are no days"},
    {"mon--fri 10:30-10:45", "are no days"},
    {"mon, 10:30-10:45", "are no days"},
    {"mon 10.30-10.45", "is no span of time"},
    {"mon 10:30", "is no span of time"},
    {"mon 9:30-10:00", "is no span of time"},
    {"mon 09:60-10:00", "is no span of time"},
    {"mon 09:00-24:01", "is no span of time"},
    {"mon 09:00-25:00", "is no span of time"},
    {"mon -9:00-10:00", "is no span of time"},
    {"mon 24:00-01:00", "cannot begin at 24:00"},
    {"mon 09:00-09:00", "begins where it ends"},
});

}  // namespace

TEST_CASE("parse_span: days and minutes") {
  for (const Good& good : kGood) {
    CAPTURE(good.text);
    const auto span = parse_span(good.text);
    REQUIRE(span);
    CHECK(span->days == good.days);
    CHECK(span->begin == good.begin);
    CHECK(span->end == good.end);
  }
}

TEST_CASE("parse_span: what cannot be read is said with the mend") {
  for (const Bad& bad : kBad) {
    CAPTURE(bad.text);
    const auto span = parse_span(bad.text);
    REQUIRE_FALSE(span);
    CHECK(span.error().context.find(bad.says) != std::string::npos);
  }
}

TEST_CASE("parse_expiry: no calendar day, no moment, no answer") {
  for (const std::string_view text :
       {"", "2027", "2027-02-29", "2027-13-01", "31-03-2027", "2027-3-31", "2027-03-31T", "2027-03-31T17:00",
        "2027-03-31T17:00:61Z", "2027-03-31T25:00Z", "2027-03-31T17:00+1", "tomorrow", "never", "2027-03-31Z",
        "+027-03-31", "2027-03-31T17:00:00Zulu"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_expiry(text, "Europe/London"));
  }
}

TEST_CASE("is_time_zone: names of the table alone") {
  CHECK(is_time_zone("Europe/London"));
  CHECK_FALSE(is_time_zone("Europe/Londn"));
  CHECK_FALSE(is_time_zone(""));
  CHECK_FALSE(is_time_zone("../../etc/passwd"));
}
