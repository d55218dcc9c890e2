// The measuring program of tests/bench/rules/run: bench_rules ROW ARGUMENT ... Each row prints one line of JSON; the
// driver gives the arguments and knows what the figures must be.

#include <malloc.h>

#include <cstdio>
#include <functional>
#include <map>
#include <string>

#include "tests/bench/rules/material.hpp"

int main(int count, char** values) {
  using namespace fairlead::bench;
  const std::map<std::string, std::function<void(const Arguments&)>> rows{
      {"compile", compile_lists},     {"hosts", decide_hosts},      {"hosts-set", decide_by_set},
      {"resident", measure_resident}, {"open", measure_opening},    {"make-patterns", make_patterns},
      {"patterns", match_patterns},   {"requests", block_requests}, {"expected", match_expected},
      {"prove", prove_names},         {"hostile", match_hostile},   {"twins", compare_twins},
      {"echo", echo_lines},
  };
  mallopt(M_TRIM_THRESHOLD, 1 << 20);  // as the agent does, so that peaks of memory are comparable with its own
  const Arguments all(values + 1, values + count);
  const auto row = all.empty() ? rows.end() : rows.find(all.front());
  if (row == rows.end()) give_up("no such row");
  row->second({all.begin() + 1, all.end()});
}
