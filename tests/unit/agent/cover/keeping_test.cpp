#include "agent/cover/keeping.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent::cover;

TEST_CASE("judge_firewall: nothing is done while rules and listing are as they were put") {
  const Remembered last{"rules", "listing"};
  CHECK(judge_firewall("rules", last, "listing") == Firewall::in_force);
  CHECK(judge_firewall("rules", last, std::nullopt) == Firewall::was_gone);
  CHECK(judge_firewall("rules", last, "another") == Firewall::was_changed);
  CHECK(judge_firewall("rules", last, "") == Firewall::was_changed);
}

TEST_CASE("judge_firewall: other wishes are put, and nobody is accused of them") {
  const Remembered last{"rules", "listing"};
  CHECK(judge_firewall("new rules", last, "listing") == Firewall::put);
  CHECK(judge_firewall("rules", std::nullopt, std::nullopt) == Firewall::put);
  CHECK(judge_firewall("rules", std::nullopt, "listing") == Firewall::put);
  // Somebody took them away, and the policy changed since: the first is what has to be told.
  CHECK(judge_firewall("new rules", last, std::nullopt) == Firewall::was_gone);
  CHECK(judge_firewall("new rules", last, "another") == Firewall::was_changed);
}

TEST_CASE("judge_firewall: a net that is switched off goes, and is not missed") {
  const Remembered last{"rules", "listing"};
  CHECK(judge_firewall(std::nullopt, last, "listing") == Firewall::removed);
  CHECK(judge_firewall(std::nullopt, std::nullopt, "listing") == Firewall::removed);
  CHECK(judge_firewall(std::nullopt, last, std::nullopt) == Firewall::off);
  CHECK(judge_firewall(std::nullopt, std::nullopt, std::nullopt) == Firewall::off);
}
