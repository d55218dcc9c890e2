#pragma once
// Parts of forms and addresses that pages share: a labelled field, a choice, dates, the links of a list in pages. Pure;
// usable from any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/console/form.hpp"
#include "agent/console/visit.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console {

struct Choice {
  std::string_view value, label;
};

/// A label and a one-line field. type: "text", "date", "search", ...; the name is the id too.
[[nodiscard]] pages::Html input(std::string_view name, std::string_view label, std::string_view type,
                                std::string_view value);
/// A label and a list to choose from; `value` is chosen.
[[nodiscard]] pages::Html select(std::string_view name, std::string_view label, std::span<const Choice> choices,
                                 std::string_view value);
/// A choice between the sites that the visitor sees; nothing where there are fewer than two.
[[nodiscard]] pages::Html site_choice(const Visit& visit);
[[nodiscard]] pages::Html hidden(std::string_view name, std::string_view value);

/// Builds "path?name=value&...": empty values are left out.
class Address {
 public:
  explicit Address(std::string_view path) : text_(path) {}
  Address& add(std::string_view name, std::string_view value);
  /// Each of these fields that the form has.
  Address& keep(const Form& form, std::span<const std::string_view> names);
  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  std::string text_;
  bool has_query_ = false;
};

enum class Order : std::uint8_t { newest_first, oldest_first };

/// "Page 2 of 7" with links to its neighbours. `address` without "page"; nothing for a single page.
[[nodiscard]] pages::Html pager(Address address, std::size_t page, std::size_t pages,
                                Order order = Order::newest_first);

/// The first moment of a day as the policy's time zone has it; nothing when the text is no date ("2026-03-29").
[[nodiscard]] std::optional<Moment> day_begin(const Visit& visit, std::string_view date);
/// The first moment of the day after it: 23, 24 or 25 hours later.
[[nodiscard]] std::optional<Moment> day_end(const Visit& visit, std::string_view date);
/// The day of a moment in that zone: "2026-03-29".
[[nodiscard]] std::string local_date(const Visit& visit, Moment moment);
/// "Saturday 28 November 2026"
[[nodiscard]] std::string long_day(const Visit& visit, Moment moment);
/// "10:42"
[[nodiscard]] std::string clock_time(const Visit& visit, Moment moment);
/// "today at 10:42", "on 3 April at 09:12", "on 3 April 2025 at 09:12"
[[nodiscard]] std::string told_time(const Visit& visit, Moment moment);
/// The same of milliseconds since 1970; `otherwise` where there are none.
[[nodiscard]] std::string told_time(const Visit& visit, std::optional<std::int64_t> moment, std::string_view otherwise);

/// "1 visit", "3 visits"
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

}  // namespace fairlead::agent::console
