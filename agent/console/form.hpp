#pragma once
// The fields of a query or of a posted form, decoded, and the one place that encodes them. Pure; usable from any
// thread.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlead::agent::console {

inline constexpr std::size_t kMostFields = 100;

/// One piece of a path, or a value: '+' is a space only in values. Nothing when an escape is broken, or when the result
/// is not UTF-8 or holds NUL.
[[nodiscard]] std::optional<std::string> decode_piece(std::string_view encoded, bool plus_is_space);

/// For a query, a posted form or a piece of a path: unreserved characters stay, all else is escaped.
[[nodiscard]] std::string encode_piece(std::string_view plain);

/// A day as a date field sends it, "2026-03-29", of the years 2000 to 2999; nothing for any other text.
/// Source  HTML, "valid date string"
[[nodiscard]] std::optional<std::chrono::sys_days> date_from(std::string_view text);

class Form {
 public:
  /// Adds the fields of application/x-www-form-urlencoded text.
  /// False  a value cannot be decoded, or there are more than kMostFields; nothing is added then.
  [[nodiscard]] bool add(std::string_view encoded);

  /// The first field of that name; empty when there is none. Valid as long as the form is.
  [[nodiscard]] std::string_view value(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// Every value of that name, in order.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
  /// A decimal number up to `most`; nothing when it is none.
  [[nodiscard]] std::optional<std::size_t> number(std::string_view name, std::size_t most) const;
  /// The value without surrounding blanks, when it is one line of at most `bytes`; else empty.
  [[nodiscard]] std::string_view line(std::string_view name, std::size_t bytes) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace fairlead::agent::console
