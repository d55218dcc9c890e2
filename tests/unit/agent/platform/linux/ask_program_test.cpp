#include "agent/platform/linux/ask_program.hpp"

#include <doctest/doctest.h>

using namespace fairlead;
using namespace fairlead::agent::platform;

TEST_CASE("ask_program: reads and writes texts larger than any pipe, with nobody at the other end") {
  const std::string text(std::size_t{4} << 20U, 'x');
  const auto answer = ask_program({"/bin/cat"}, text);
  REQUIRE(answer);
  CHECK(answer->exit_code == 0);
  CHECK(answer->out == text);
  CHECK(answer->errors.empty());
}

TEST_CASE("ask_program: exit code, errors and surroundings are the program's own") {
  const auto answer = ask_program({"/bin/sh", "-c", "echo \"$LC_ALL $HOME\"; echo wrong >&2; exit 7"}, "");
  REQUIRE(answer);
  CHECK(answer->exit_code == 7);
  CHECK(answer->out == "C \n");
  CHECK(answer->errors == "wrong\n");
  CHECK(ask_program({"/bin/sh", "-c", "kill -9 $$"}, "")->exit_code == 137);
  const auto missing = ask_program({"/nonexistent/program"}, "");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Errc::not_found);
}
