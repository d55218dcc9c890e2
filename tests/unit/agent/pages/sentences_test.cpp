#include "agent/pages/sentences.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent::pages;
using namespace std::chrono;

namespace {

constexpr std::string_view kLondon = "Europe/London";

constexpr sys_seconds at(int year, unsigned month, unsigned day, int hour, int minute) {
  return sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} + hours{hour} +
         minutes{minute};
}

}  // namespace

TEST_CASE("when_text: today, tomorrow, a weekday, a date") {
  const auto now = at(2026, 3, 4, 9, 0);  // a Wednesday, winter: the wall shows UTC
  CHECK(when_text(at(2026, 3, 4, 12, 30), now, kLondon) == "today at 12:30");
  CHECK(when_text(at(2026, 3, 5, 10, 30), now, kLondon) == "tomorrow at 10:30");
  CHECK(when_text(at(2026, 3, 6, 0, 0), now, kLondon) == "on Friday at 00:00");
  CHECK(when_text(at(2026, 3, 10, 10, 5), now, kLondon) == "on Tuesday at 10:05");
  CHECK(when_text(at(2026, 3, 11, 10, 30), now, kLondon) == "on Wednesday 11 March at 10:30");
}

TEST_CASE("when_text: the wall's clock decides, also about what today is") {
  // In summer 23:30 UTC on Wednesday is half past midnight on Thursday in London.
  CHECK(when_text(at(2026, 7, 2, 9, 30), at(2026, 7, 1, 23, 30), kLondon) == "today at 10:30");
  CHECK(when_text(at(2026, 7, 1, 11, 30), at(2026, 7, 1, 9, 0), kLondon) == "today at 12:30");
  // The clocks go forward on Sunday 29 March 2026: Monday 10:30 on the wall is 09:30 UTC.
  CHECK(when_text(at(2026, 3, 30, 9, 30), at(2026, 3, 28, 12, 0), kLondon) == "on Monday at 10:30");
}

TEST_CASE("when_text: without a known zone the text says which clock it means") {
  CHECK(when_text(at(2026, 7, 1, 11, 30), at(2026, 7, 1, 9, 0), "Mars/Olympus") == "today at 11:30 UTC");
}

TEST_CASE("past_text: today, yesterday, a date") {
  const auto now = at(2026, 3, 4, 9, 0);
  CHECK(past_text(at(2026, 3, 4, 8, 5), now, kLondon) == "today at 08:05");
  CHECK(past_text(at(2026, 3, 3, 23, 59), now, kLondon) == "yesterday at 23:59");
  CHECK(past_text(at(2026, 2, 28, 12, 0), now, kLondon) == "on 28 February at 12:00");
  CHECK(past_text(at(2025, 12, 31, 12, 0), now, kLondon) == "on 31 December 2025 at 12:00");
}

TEST_CASE("fill_says: the moment is filled in and reads as a sentence") {
  const std::string moment = "today at 12:30";
  CHECK(fill_says("It opens again {next_open}.", moment) == "It opens again today at 12:30.");
  CHECK(fill_says("It opens again at {next_open}.", moment) == "It opens again today at 12:30.");
  CHECK(fill_says("Not now.", moment) == "Not now.");
}

TEST_CASE("fill_says: without a moment no placeholder and no half sentence is shown") {
  CHECK(fill_says("Games are open in rest periods. They open again {next_open}.", std::nullopt) ==
        "Games are open in rest periods.");
  CHECK(fill_says("It opens {next_open}. Ask your tutor.", std::nullopt) == "Ask your tutor.");
  CHECK(fill_says("Opens {next_open}", std::nullopt).empty());
}
