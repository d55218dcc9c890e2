#include "agent/console/form.hpp"

#include <algorithm>
#include <charconv>

#include "agent/pages/escape.hpp"
#include "agent/pages/percent.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console {

namespace {

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const pages::CodePoint point = pages::read_code_point(bytes);
    if (!point.valid || point.value == 0) return false;
    bytes.remove_prefix(point.size);
  }
  return true;
}

}  // namespace

std::optional<std::string> decode_piece(std::string_view encoded, bool plus_is_space) {
  auto out = pages::percent_decoded(encoded, plus_is_space);
  if (!out || !is_text(*out)) return std::nullopt;
  return out;
}

std::string encode_piece(std::string_view plain) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : plain) {
    if (text::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

std::optional<std::chrono::sys_days> date_from(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) value = text::is_digit(c) ? value * 10 + (c - '0') : -100'000;
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 2000 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year > 2999) return std::nullopt;
  return std::chrono::sys_days(date);
}

bool Form::add(std::string_view encoded) {
  std::vector<std::pair<std::string, std::string>> added;
  while (!encoded.empty()) {
    const std::size_t end = std::min(encoded.find('&'), encoded.size());
    const std::string_view pair = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (pair.empty()) continue;
    if (fields_.size() + added.size() >= kMostFields) return false;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode_piece(pair.substr(0, equals), true);
    auto value = decode_piece(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return false;
    added.emplace_back(std::move(*name), std::move(*value));
  }
  for (auto& field : added) fields_.push_back(std::move(field));
  return true;
}

std::string_view Form::value(std::string_view name) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == name; });
  return found == fields_.end() ? std::string_view() : std::string_view(found->second);
}

bool Form::has(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == name; });
}

std::vector<std::string_view> Form::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& field : fields_) {
    if (field.first == name) values.push_back(field.second);
  }
  return values;
}

std::optional<std::size_t> Form::number(std::string_view name, std::size_t most) const {
  const std::string_view digits = value(name);
  std::size_t number = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || wrong != std::errc() || end != digits.data() + digits.size() || number > most)
    return std::nullopt;
  return number;
}

std::string_view Form::line(std::string_view name, std::size_t bytes) const {
  const std::string_view text = text::trim(value(name));
  const bool one_line =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= ' '; });
  return one_line && text.size() <= bytes ? text : std::string_view();
}

}  // namespace fairlead::agent::console
