#include "agent/console/form.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent::console;

TEST_CASE("Form: fields are decoded, and the first of a name counts") {
  Form form;
  REQUIRE(form.add("a=1+2&b=%C3%A9%0d%0A&a=3&empty=&flag"));
  CHECK(form.value("a") == "1 2");
  CHECK(form.value("b") == "\xC3\xA9\r\n");
  CHECK(form.all("a").size() == 2);
  CHECK(form.has("flag"));
  CHECK(form.has("empty"));
  CHECK_FALSE(form.has("c"));
  CHECK(form.value("c").empty());
}

TEST_CASE("Form: what is broken, not text, or too much adds nothing") {
  for (const char* bad : {"a=%", "a=%4", "a=%zz", "a=%ff", "a=%c0%80", "%00=a", "a=%00", "a=%ED%A0%80"}) {
    CAPTURE(bad);
    Form form;
    CHECK_FALSE(form.add(std::string("good=1&") + bad));
    CHECK_FALSE(form.has("good"));
  }
  std::string many;
  for (std::size_t i = 0; i <= kMostFields; ++i) many += "a=1&";
  Form form;
  CHECK_FALSE(form.add(many));
  CHECK(form.add(many.substr(4)));
  CHECK_FALSE(form.add("one=more"));
}

TEST_CASE("Form: numbers and lines are checked") {
  Form form;
  REQUIRE(form.add("n=17&big=99999999999999999999&minus=-1&x=1x&two=a%0Ab&long=abcdef&spaces=+a+"));
  CHECK(form.number("n", 100) == 17);
  CHECK_FALSE(form.number("n", 16));
  CHECK_FALSE(form.number("big", SIZE_MAX));
  CHECK_FALSE(form.number("minus", 100));
  CHECK_FALSE(form.number("x", 100));
  CHECK(form.line("two", 10).empty());
  CHECK(form.line("long", 5).empty());
  CHECK(form.line("long", 6) == "abcdef");
  CHECK(form.line("spaces", 10) == "a");
}

TEST_CASE("encode_piece and decode_piece: any text comes back, and nothing of it ends a piece") {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  all += "\xC3\xA9";
  const std::string encoded = encode_piece(all);
  CHECK(encoded.find_first_of("/?#&=+ \r\n<>\"'") == std::string::npos);
  CHECK(decode_piece(encoded, true) == all);
  CHECK(decode_piece("a+b", false) == "a+b");
}
