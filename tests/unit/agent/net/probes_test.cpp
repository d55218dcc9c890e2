#include "agent/net/probes.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent;
using namespace std::chrono_literals;

TEST_CASE("Probes: a name that was given out is good once and for a minute") {
  net::Probes probes;
  const auto now = net::Probes::Clock::now();
  const std::string name = probes.name_below("blocked.example", now);
  CHECK(name.ends_with(".blocked.example"));
  CHECK(probes.name_below("blocked.example", now) != name);
  CHECK_FALSE(probes.take("blocked.example", now));
  CHECK_FALSE(probes.take("www.blocked.example", now));
  CHECK(probes.take(name, now));
  CHECK_FALSE(probes.take(name, now));
  const std::string late = probes.name_below("blocked.example", now);
  CHECK_FALSE(probes.take(late, now + 61s));
}

TEST_CASE("Probes: who asks for very many gets none, until they are past their time") {
  net::Probes probes;
  const auto now = net::Probes::Clock::now();
  std::size_t given = 0;
  while (!probes.name_below("blocked.example", now).empty()) ++given;
  CHECK(given == 64);
  CHECK_FALSE(probes.name_below("blocked.example", now + 61s).empty());
}
