#pragma once
// Reads typed values out of the tree: each function says what is wrong, by name and with the mend, and returns nothing.
// Inside this room only; pure.

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/problem.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {

using Words = std::span<const std::string_view>;

/// The entries of a map by key. Borrows the node and the problems: lives no longer than the function that reads the
/// map.
class Fields {
 public:
  /// Tells of every key that is not in `known`, and of a node that is no map (then there are no entries).
  /// what     how messages call this map: "a pattern", "the group 'staff'".
  Fields(const YamlNode& map, Words known, std::string what, Problems& problems);

  [[nodiscard]] bool is_map() const { return map_.kind == YamlNode::Kind::map; }
  /// The entry, or null when it is absent.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  /// The entry; told of when it is absent.
  [[nodiscard]] const YamlNode* require(std::string_view key) const;

  /// Text that must be there and not empty; "" after a problem.
  [[nodiscard]] std::string text(std::string_view key) const;
  /// Text that may be absent or empty.
  [[nodiscard]] std::string optional_text(std::string_view key) const;
  [[nodiscard]] bool truth(std::string_view key, bool otherwise) const;
  /// One of `words`, as enumerator; `otherwise` when absent or wrong.
  template <class Enum>
  [[nodiscard]] Enum choice(std::string_view key, Words words, Enum otherwise) const {
    const YamlNode* node = find(key);
    return node == nullptr ? otherwise : static_cast<Enum>(index(*node, words, static_cast<std::size_t>(otherwise)));
  }
  template <class Enum>
  [[nodiscard]] Enum required_choice(std::string_view key, Words words, Enum otherwise) const {
    const YamlNode* node = require(key);
    return node == nullptr ? otherwise : static_cast<Enum>(index(*node, words, static_cast<std::size_t>(otherwise)));
  }
  /// The children of a list; none when absent or no list (then told).
  [[nodiscard]] std::span<const YamlNode> list(std::string_view key) const;
  /// The texts of a list of texts.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;

 private:
  [[nodiscard]] std::size_t index(const YamlNode& node, Words words, std::size_t otherwise) const;

  const YamlNode& map_;
  std::string what_;
  Problems& problems_;
};

/// The text of a node, told of when it is a list, a map or empty.
[[nodiscard]] std::optional<std::string> read_text(const YamlNode& node, std::string_view what, Problems& problems);

/// An id: lower-case letters and digits, joined by single hyphens; at most 64 bytes.
[[nodiscard]] std::optional<std::string> read_id(const YamlNode& node, std::string_view what, Problems& problems);

/// A whole number from `least` to `most`.
[[nodiscard]] std::optional<int> read_number(const YamlNode& node, std::string_view what, int least, int most,
                                             Problems& problems);

/// "2027-03-31", a day that the calendar has.
[[nodiscard]] std::optional<std::chrono::year_month_day> parse_day(std::string_view text);

}  // namespace fairlead::rules::catalog
