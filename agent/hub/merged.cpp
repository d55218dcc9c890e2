#include "agent/hub/merged.hpp"

#include <charconv>

namespace fairlead::agent::hub {

std::string as_merged(std::string_view id) { return "=" + std::string(id) + " "; }

std::string merged_text(const MergedIds& merged) {
  std::string out;
  for (const auto& [sequence, id] : merged) out += std::to_string(sequence) + as_merged(id);
  return out;
}

MergedIds merged_from(std::string_view text) {
  MergedIds out;
  while (!text.empty()) {
    const std::size_t equals = text.find('='), end = text.find(' ');
    std::uint64_t sequence = 0;
    std::from_chars(text.data(), text.data() + equals, sequence);
    out.emplace_back(sequence, text.substr(equals + 1, end - equals - 1));
    text.remove_prefix(end + 1);
  }
  return out;
}

Result<Rows> find_event(Connection& connection, std::string_view by_id, std::string_view by_merged,
                        const std::string& id, const Row& rest) {
  const auto run = [&](std::string_view sql, std::string text) {
    Row parameters{std::move(text)};
    parameters.insert(parameters.end(), rest.begin(), rest.end());
    return connection.run(sql, parameters);
  };
  auto rows = run(by_id, id);
  return rows && rows->empty() ? run(by_merged, as_merged(id)) : rows;
}

}  // namespace fairlead::agent::hub
