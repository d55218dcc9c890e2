#pragma once
// A record with something in every field, and a mapping that tells all of it.

#include <chrono>
#include <string>

#include "agent/siem/record.hpp"

namespace fairlead::agent::siem {

inline Record sample() {
  Record out;
  out.id = "0123456789abcdef0123456789abcdef";
  out.time = events::TimePoint(std::chrono::milliseconds(1'780'000'000'007));
  out.taken = out.time + std::chrono::seconds(2);
  out.fields = {"gambling", "conduct", "high", "blocked",      "learners",
                "312",      "ada",     "d1",   "bets.example", "https://bets.example/x"};
  return out;
}

inline rules::catalog::SiemMapping mapping_of(const std::string& fields) {
  auto loaded = rules::catalog::load_siem("syslog: {server: \"tls://siem.example:6514\"}\n" + fields, "siem.yaml");
  return std::move(loaded.mapping);
}

}  // namespace fairlead::agent::siem
