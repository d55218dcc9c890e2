#pragma once
// One network filter of an Adblock list (the syntax that EasyList is written in), parsed. A value; nothing of it is
// matched here.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::rules::catalog {

/// What a request is for, as a browser says it (Sec-Fetch-Dest) and Adblock options name it.
enum class ResourceType : std::uint8_t {
  document,
  subdocument,
  script,
  image,
  stylesheet,
  font,
  media,
  object,
  xmlhttprequest,
  websocket,
  ping,
  other,
};
inline constexpr std::uint16_t kEveryType = (1U << 12U) - 1;
[[nodiscard]] constexpr std::uint16_t bit_of(ResourceType type) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(type));
}

/// The type that Adblock lists call so ("script", "xhr"); nothing when there is none.
[[nodiscard]] std::optional<ResourceType> type_named(std::string_view name);

/// Whether the page and the request must belong to different registrable domains.
enum class Party : std::uint8_t { any, third, first };

struct Filter {
  std::string pattern;         // between the anchors; '*' any run, '^' a separator; lower case unless match_case
  std::string re2;             // of a "/.../" filter, any case unless match_case; `pattern` is empty then
  bool at_host_label = false;  // "||": begins at a label of the host
  bool at_begin = false;       // "|" in front
  bool at_end = false;         // "|" behind
  bool match_case = false;
  bool exception = false;            // "@@"
  bool important = false;            // no exception silences it
  std::uint16_t types = kEveryType;  // bits of ResourceType
  Party party = Party::any;
  std::vector<std::string> domains, not_domains;  // pages for which it speaks; canonical hosts, sorted

  [[nodiscard]] bool asks_for_context() const {
    return types != kEveryType || party != Party::any || !domains.empty() || !not_domains.empty();
  }
};

}  // namespace fairlead::rules::catalog
