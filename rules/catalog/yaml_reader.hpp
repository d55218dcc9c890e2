#pragma once
// Turns the text of one file into a small tree of text, lists and maps in which every value and key knows its place.
// Not a full YAML: anchors, aliases, tags, doubled keys and second documents are refused. Built on yaml-cpp's events,
// which stays in the .cpp. Inside this room only; pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/problem.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

struct YamlNode {
  /// `broken` was already told of (an alias, a tag); readers pass it over in silence.
  enum class Kind : std::uint8_t { empty, text, list, map, broken } kind = Kind::empty;
  Position at;
  std::string text;                // of a text
  std::vector<YamlNode> children;  // of a list or map, in order
  std::string key;                 // of a map's child
  Position key_at;
};

/// Reads one document.
///
/// text     any bytes; up to 4 MiB, lines up to 16 KiB, depth 32 and 100,000 values are read, more is refused.
/// file     what Problems::add_file gave.
/// Returns  the root, a map; nothing where the text as a whole cannot be read (then `problems` says why).
/// Cost     O(bytes); below a second for any input.
[[nodiscard]] std::optional<YamlNode> read_yaml(std::string_view text, std::uint32_t file, Problems& problems);

inline constexpr std::size_t kLargestFile = std::size_t{4} << 20U;

}  // namespace fairlead::rules::catalog
