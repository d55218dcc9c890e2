#include "rules/catalog/fields.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "rules/base/text.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::size_t kMostUnknownKeys = 50;  // of one map; more is another kind of file, not a slip

std::string_view name_of(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::empty:
      return "nothing";
    case YamlNode::Kind::text:
      return "text";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a map of keys";
    case YamlNode::Kind::broken:
      break;
  }
  return "unreadable";
}

std::vector<std::string> as_strings(Words words) { return {words.begin(), words.end()}; }

/// `text` as a number of exactly `text.size()` digits, or -1.
int digits(std::string_view text) {
  int value = -1;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool all_digits = std::all_of(text.begin(), text.end(), text::is_digit);
  return code == std::errc{} && end == text.data() + text.size() && all_digits ? value : -1;
}

}  // namespace

Fields::Fields(const YamlNode& map, Words known, std::string what, Problems& problems)
    : map_(map), what_(std::move(what)), problems_(problems) {
  if (map_.kind == YamlNode::Kind::broken) return;
  if (!is_map()) {
    problems_.error(map_.at, what_ + " must be a map of keys, but is " + std::string(name_of(map_.kind)) +
                                 "; keys are " + one_of(as_strings(known)));
    return;
  }
  std::size_t unknown = 0;
  for (const YamlNode& child : map_.children) {
    if (std::find(known.begin(), known.end(), child.key) != known.end()) continue;
    if (++unknown > kMostUnknownKeys) {
      problems_.error(child.key_at, "there are more unknown keys here; mend those above first");
      return;
    }
    const std::string_view close = text::nearest(child.key, known);
    problems_.error(child.key_at, "unknown key " + in_quotes(child.key) +
                                      (close.empty() ? " in " + what_ + "; known are " + one_of(as_strings(known))
                                                     : "; write " + in_quotes(close)));
  }
}

const YamlNode* Fields::find(std::string_view key) const {
  if (!is_map()) return nullptr;
  for (const YamlNode& child : map_.children) {
    if (child.key == key) return &child;
  }
  return nullptr;
}

const YamlNode* Fields::require(std::string_view key) const {
  const YamlNode* node = find(key);
  if (node == nullptr && is_map()) {
    problems_.error(map_.at, what_ + " needs the key " + in_quotes(key) + "; add it");
  }
  return node;
}

std::string Fields::text(std::string_view key) const {
  const YamlNode* node = require(key);
  return node == nullptr ? std::string() : read_text(*node, key, problems_).value_or(std::string());
}

std::string Fields::optional_text(std::string_view key) const {
  const YamlNode* node = find(key);
  if (node == nullptr || node->kind == YamlNode::Kind::empty ||
      (node->kind == YamlNode::Kind::text && node->text.empty()))
    return {};
  return read_text(*node, key, problems_).value_or(std::string());
}

bool Fields::truth(std::string_view key, bool otherwise) const {
  const YamlNode* node = find(key);
  if (node == nullptr || node->kind == YamlNode::Kind::broken) return otherwise;
  if (node->kind == YamlNode::Kind::text && node->text == "true") return true;
  if (node->kind == YamlNode::Kind::text && node->text == "false") return false;
  problems_.error(node->at,
                  in_quotes(key) + " must be true or false, but is " +
                      (node->kind == YamlNode::Kind::text ? in_quotes(node->text) : std::string(name_of(node->kind))) +
                      "; write true or false");
  return otherwise;
}

std::size_t Fields::index(const YamlNode& node, Words words, std::size_t otherwise) const {
  const std::optional<std::string> word = read_text(node, node.key, problems_);
  if (!word) return otherwise;
  const auto found = std::find(words.begin(), words.end(), *word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  problems_.error(node.at,
                  in_quotes(node.key) + " cannot be " + in_quotes(*word) + "; write " + one_of(as_strings(words)));
  return otherwise;
}

std::span<const YamlNode> Fields::list(std::string_view key) const {
  const YamlNode* node = find(key);
  if (node == nullptr || node->kind == YamlNode::Kind::broken) return {};
  if (node->kind == YamlNode::Kind::list) return node->children;
  const std::string example =
      node->kind == YamlNode::Kind::text ? in_quotes(key) + ": [" + node->text + "]" : in_quotes(key) + ": []";
  problems_.error(
      node->at, in_quotes(key) + " must be a list, but is " + std::string(name_of(node->kind)) + "; write " + example);
  return {};
}

std::vector<std::string> Fields::texts(std::string_view key) const {
  std::vector<std::string> result;
  for (const YamlNode& item : list(key)) {
    if (auto text = read_text(item, key, problems_)) result.push_back(std::move(*text));
  }
  return result;
}

std::optional<std::string> read_text(const YamlNode& node, std::string_view what, Problems& problems) {
  if (node.kind == YamlNode::Kind::broken) return std::nullopt;
  if (node.kind == YamlNode::Kind::list || node.kind == YamlNode::Kind::map) {
    problems.error(node.at, in_quotes(what) + " must be text, but is " + std::string(name_of(node.kind)));
    return std::nullopt;
  }
  const std::string_view trimmed = text::trim(node.text);  // a block ("says: >") ends in a line break
  if (trimmed.empty()) {
    problems.error(node.at, in_quotes(what) + " is empty; write its text");
    return std::nullopt;
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(trimmed.begin(), trimmed.end(), is_control)) {
    problems.error(node.at,
                   in_quotes(what) + " holds a line break or control byte; write it in one line, or fold it with '>'");
    return std::nullopt;
  }
  return std::string(trimmed);
}

std::optional<std::string> read_id(const YamlNode& node, std::string_view what, Problems& problems) {
  constexpr std::size_t kLongestId = 64;
  std::optional<std::string> id = read_text(node, what, problems);
  if (!id) return std::nullopt;
  const auto is_id_byte = [](char c) { return (text::is_alnum(c) && c == text::to_lower(c)) || c == '-'; };
  const bool is_good = std::all_of(id->begin(), id->end(), is_id_byte) && id->front() != '-' && id->back() != '-' &&
                       id->find("--") == std::string::npos && id->size() <= kLongestId;
  if (is_good) return id;
  problems.error(
      node.at,
      in_quotes(*id) + " cannot be an id; write lower-case letters, digits and single hyphens, such as 'free-bets'");
  return std::nullopt;
}

std::optional<int> read_number(const YamlNode& node, std::string_view what, int least, int most, Problems& problems) {
  const std::optional<std::string> text = read_text(node, what, problems);
  if (!text) return std::nullopt;
  const int value = digits(*text);
  if (value >= least && value <= most) return value;
  problems.error(node.at, in_quotes(what) + " cannot be " + in_quotes(*text) + "; write a whole number from " +
                              std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<std::chrono::year_month_day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(text.substr(0, 4));
  const int month = digits(text.substr(5, 2));
  const int day = digits(text.substr(8, 2));
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

}  // namespace fairlead::rules::catalog
