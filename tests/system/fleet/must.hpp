#pragma once
// For programs that have nothing to do once something went wrong: they say what, and end.

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include "rules/base/result.hpp"

namespace fairlead::tests {

[[noreturn]] inline void give_up(const std::string& why) {
  std::cerr << why << "\n";
  std::exit(3);
}

template <class Value>
Value must(Result<Value> result) {
  if (!result) give_up(result.error().context);
  return std::move(*result);
}

}  // namespace fairlead::tests
