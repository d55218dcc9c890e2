#include "agent/console/report/words.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent::console::report;
using namespace std::chrono_literals;

TEST_CASE("number, span_text: as people say them") {
  CHECK(number(0) == "0");
  CHECK(number(999) == "999");
  CHECK(number(1'000) == "1,000");
  CHECK(number(1'234'567) == "1,234,567");
  CHECK(span_text(20s) == "less than a minute");
  CHECK(span_text(60s) == "1 minute");
  CHECK(span_text(4h) == "4 hours");
  CHECK(span_text(50h) == "2 days");
}

TEST_CASE("trend_of: chance is no change") {
  CHECK(trend_of({0, 7}, {0, 7}) == Trend::nothing);
  CHECK(trend_of({5, 7}, {3, 7}) == Trend::same);
  CHECK(trend_of({2, 7}, {0, 7}) == Trend::same);
  CHECK(trend_of({60, 7}, {30, 7}) == Trend::busier);
  CHECK(trend_of({30, 7}, {60, 7}) == Trend::quieter);
  CHECK(trend_of({1'050, 7}, {1'000, 7}) == Trend::same);
}

TEST_CASE("trend_of: spans of different length are compared as if they were equally long") {
  CHECK(trend_of({100, 100}, {150, 150}) == Trend::same);
  CHECK(trend_of({100, 50}, {100, 150}) == Trend::busier);
  CHECK(trend_of({100, 150}, {100, 50}) == Trend::quieter);
}

TEST_CASE("inside_sentence: a title goes on in small letters, an abbreviation does not") {
  CHECK(inside_sentence("Gambling") == "gambling");
  CHECK(inside_sentence("AI companions") == "AI companions");
  CHECK(inside_sentence("") == "");
}
