#include "agent/command/exit_code.hpp"

#include <algorithm>
#include <iostream>

namespace fairlead::agent::command {

int could_not(std::string_view why) {
  std::cerr << "fairlead: " << why << "\n";
  return kCouldNot;
}

int could_not(const Error& error, std::initializer_list<Errc> no) {
  could_not(error.context);
  return std::find(no.begin(), no.end(), error.code) != no.end() ? kNo : kCouldNot;
}

}  // namespace fairlead::agent::command
