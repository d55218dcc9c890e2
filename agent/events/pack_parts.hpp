#pragma once
// How an evidence pack is put together, for those who write and those who read it: names of fields in the order in
// which they are hashed, digests of fields and lines, and where the machine's part stands in the file.

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "agent/events/chain.hpp"

namespace fairlead::agent::events {

using Json = nlohmann::ordered_json;  // in the order in which it is hashed

inline constexpr std::string_view kPackFormat = "fairlead evidence 1";
inline constexpr std::string_view kPackBegin = "<script type=\"application/json\" id=\"evidence\">\n";
inline constexpr std::string_view kPackEnd = "\n</script>";

/// A chained table as it stands in a pack.
struct PackTable {
  const Shape* shape;
  std::string_view name;
  std::span<const std::string_view> fields;  // numbers, public texts, personal fields
};
[[nodiscard]] std::span<const PackTable> pack_tables();

/// The machine's part as text: ASCII, without the characters that HTML gives a meaning.
[[nodiscard]] std::string pack_text(const Json& json);

using Fields = std::vector<std::pair<std::string, std::string>>;  // path → digest, in hex
/// Every value below `evidence`, with the path to it: "events[3].url".
[[nodiscard]] Fields fields_of(const Json& evidence);
/// Of every line of the page around the machine's part.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view before, std::string_view after);
/// What the device signs.
[[nodiscard]] Digest pack_message(const Fields& fields, const std::vector<std::string>& lines);

/// Nothing where it is not lower-case hex.
[[nodiscard]] std::string bytes_from_hex(std::string_view text);

/// The readable page, in two halves around the machine's part.
struct PackPage {
  std::string before, after;
};
[[nodiscard]] PackPage pack_page(const Json& evidence);

}  // namespace fairlead::agent::events
