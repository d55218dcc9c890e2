#pragma once
// Fields of the JSON that entries, reports and small files hold: what is not there, or is of another kind, is nothing.
// For nlohmann's json and ordered_json.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace fairlead::agent::events {

template <class Json>
[[nodiscard]] std::string text_in(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->template get<std::string>() : std::string();
}

/// The texts of a list; what else is in it is left out.
template <class Json>
[[nodiscard]] std::vector<std::string> texts_in(const Json& object, std::string_view key) {
  std::vector<std::string> texts;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return texts;
  for (const Json& one : *found) {
    if (one.is_string()) texts.push_back(one.template get<std::string>());
  }
  return texts;
}

template <class Json>
[[nodiscard]] std::optional<std::int64_t> number_in(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return found->template get<std::int64_t>();
}

}  // namespace fairlead::agent::events
