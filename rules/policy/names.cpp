// The words by which levels and the like are known in explanations, JSON and events.

#include "rules/policy/decision.hpp"
#include "rules/policy/person.hpp"

namespace fairlead::rules::policy {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::statutory:
      return "statutory";
    case Level::protected_service:
      return "protected";
    case Level::exception:
      return "exception";
    case Level::category:
      return "category";
    case Level::group_default:
      return "default";
  }
  return "default";
}

std::string_view to_string(About about) {
  switch (about) {
    case About::asked:
      return "asked";
    case About::inner:
      return "inner";
    case About::look_alike:
      return "look_alike";
    case About::alias:
      return "alias";
  }
  return "asked";
}

std::string_view to_string(Found found) {
  switch (found) {
    case Found::socket_owner:
      return "socket_owner";
    case Found::stated:
      return "stated";
    case Found::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace fairlead::rules::policy
