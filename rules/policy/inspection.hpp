#pragma once
// Whether the agent opens the TLS to a host, so that rules about paths and searches hold inside. Plain data.

#include <cstdint>
#include <string_view>

namespace fairlead::rules::policy {

enum class Inspection : std::uint8_t {
  not_asked,      // policy.yaml does not ask for it
  search_engine,  // `inspect: {search: true}`
  named,          // `inspect: {hosts: [...]}`
  never,          // asked for, and refused: a protected service, or one of catalog/never_inspected.hpp
};
/// As people read it: "yes, policy.yaml names it".
[[nodiscard]] std::string_view to_string(Inspection inspection);

[[nodiscard]] constexpr bool is_inspected(Inspection inspection) {
  return inspection == Inspection::search_engine || inspection == Inspection::named;
}

}  // namespace fairlead::rules::policy
