#include "agent/command/progress.hpp"

#include <iostream>
#include <memory>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::string_view kStartOver = "\r\x1b[K";

struct Line {
  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { std::cerr << kStartOver << std::flush; }
};

}  // namespace

std::function<void(std::string_view)> told_to_a_person() {
  if (!platform::errors_go_to_a_terminal()) return {};
  return [line = std::make_shared<const Line>()](std::string_view step) {
    std::cerr << kStartOver << step << " ..." << std::flush;
  };
}

}  // namespace fairlead::agent::command
