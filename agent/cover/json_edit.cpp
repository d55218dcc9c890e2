#include "agent/cover/json_edit.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace fairlead::agent::cover {
namespace {

using nlohmann::json;

constexpr std::string_view kSpace = " \t\r\n";

/// Where something stands in the text: its first byte, and the one behind its last.
struct Spot {
  std::size_t begin = 0, end = 0;
};

/// Text that is known to be JSON, by places.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}

  [[nodiscard]] Spot root() const {
    const std::size_t begin = std::min(text_.find('{'), text_.size());  // a mark of the byte order may stand before it
    return {begin, behind(begin)};
  }
  [[nodiscard]] std::string_view at(Spot spot) const { return text_.substr(spot.begin, spot.end - spot.begin); }
  [[nodiscard]] std::size_t solid(std::size_t from) const {
    return std::min(text_.find_first_not_of(kSpace, from), text_.size());
  }

  struct Entry {
    Spot key, value;  // a list's have no key: both are the same
  };
  /// What an object or a list holds.
  [[nodiscard]] std::vector<Entry> entries(Spot holder) const {
    std::vector<Entry> found;
    const bool is_object = text_[holder.begin] == '{';
    std::size_t begin = solid(holder.begin + 1);
    while (begin + 1 < holder.end) {
      const Spot key{begin, behind(begin)};
      Spot value = key;
      if (is_object) {
        value.begin = solid(solid(key.end) + 1);  // behind the colon
        value.end = behind(value.begin);
      }
      found.push_back({key, value});
      begin = solid(value.end);
      if (text_[begin] == ',') begin = solid(begin + 1);
    }
    return found;
  }

 private:
  std::size_t behind(std::size_t begin) const {
    if (text_[begin] == '"') return behind_string(begin);
    if (text_[begin] != '{' && text_[begin] != '[') {
      return std::min(text_.find_first_of(" \t\r\n,]}", begin), text_.size());
    }
    std::size_t depth = 0;
    for (std::size_t i = begin; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '"') i = behind_string(i) - 1;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return i + 1;
    }
    return text_.size();
  }
  std::size_t behind_string(std::size_t begin) const {
    std::size_t i = begin + 1;
    while (i < text_.size() && text_[i] != '"') i += text_[i] == '\\' ? 2 : 1;
    return std::min(i + 1, text_.size());
  }
  std::string_view text_;
};

bool is_text(const Places& places, Spot spot, std::string_view text) {
  const json value = json::parse(places.at(spot), nullptr, false);
  return value.is_string() && value.get_ref<const std::string&>() == text;
}

/// How far the keys lead: the innermost thing that is there, and how many of the keys it took.
struct FoundPlace {
  Spot spot;
  std::size_t keys = 0;
  std::optional<Places::Entry> entry;  // that of the last key
};
FoundPlace follow(const Places& places, JsonKeys keys) {
  FoundPlace found{places.root(), 0, {}};
  for (const std::string_view key : keys) {
    if (places.at(found.spot)[0] != '{') break;
    std::optional<Places::Entry> next;
    for (const auto& entry : places.entries(found.spot)) {
      if (is_text(places, entry.key, key)) next = entry;  // of two that are the same, readers take the last
    }
    if (!next) break;
    found = {next->value, found.keys + 1, next};
  }
  return found;
}

Result<void> check_object(std::string_view text) {
  const json whole = json::parse(text, nullptr, false);
  if (!whole.is_object()) return fail(Errc::bad_file, Side::local, "this is no JSON object");
  return {};
}

/// Takes an entry out, with the comma that parts it from the others.
void cut(std::string& text, const std::vector<Places::Entry>& entries, std::size_t which) {
  const bool is_last = which + 1 == entries.size();
  Spot gone{entries[which].key.begin, entries[which].value.end};
  if (!is_last) gone.end = entries[which + 1].key.begin;
  if (is_last && which > 0) gone.begin = entries[which - 1].value.end;
  text.erase(gone.begin, gone.end - gone.begin);
}

/// Takes out what the keys, which are there, stand for.
void cut_member(std::string& text, const Places& places, JsonKeys keys) {
  const FoundPlace gone = follow(places, keys);
  const auto members = places.entries(follow(places, keys.first(keys.size() - 1)).spot);
  const auto member = std::find_if(members.begin(), members.end(),
                                   [&](const auto& entry) { return entry.key.begin == gone.entry->key.begin; });
  cut(text, members, static_cast<std::size_t>(member - members.begin()));
}

/// What is missing of the keys, with the value inside, as a member of the object that it goes into.
std::string member(const Places& places, const FoundPlace& found, JsonKeys keys, std::string_view value) {
  std::string added(value);
  for (std::size_t i = keys.size(); i > found.keys; --i) {
    const std::string inner = std::exchange(added, json(keys[i - 1]).dump());
    added.append(": ").append(i < keys.size() ? "{" : "").append(inner).append(i < keys.size() ? "}" : "");
  }
  if (!places.entries(found.spot).empty()) added += ", ";
  return added;
}

tl::unexpected<Error> wrong_shape(std::string_view key, std::string_view wanted) {
  std::string says = "'";
  says.append(key).append("' is no ").append(wanted);
  return fail(Errc::bad_file, Side::local, std::move(says));
}

}  // namespace

Result<std::optional<std::string>> json_at(std::string_view text, JsonKeys keys) {
  if (auto good = check_object(text); !good) return tl::unexpected(std::move(good).error());
  const Places places(text);
  const FoundPlace found = follow(places, keys);
  if (found.keys < keys.size()) return std::nullopt;
  return std::string(places.at(found.spot));
}

Result<std::string> json_value_with(std::string_view text, JsonKeys keys, std::string_view value) {
  if (auto good = check_object(text); !good) return tl::unexpected(std::move(good).error());
  const Places places(text);
  const FoundPlace found = follow(places, keys);
  std::string whole(text);
  if (found.keys == keys.size()) return whole.replace(found.spot.begin, found.spot.end - found.spot.begin, value);
  if (places.at(found.spot)[0] != '{') return wrong_shape(keys[found.keys - 1], "object");
  return whole.insert(found.spot.begin + 1, member(places, found, keys, value));
}

Result<std::string> json_value_without(std::string_view text, JsonKeys keys) {
  auto there = json_at(text, keys);
  if (!there) return tl::unexpected(std::move(there).error());
  std::string whole(text);
  if (*there) cut_member(whole, Places(text), keys);
  return whole;
}

Result<bool> json_list_holds(std::string_view text, JsonKeys keys, std::string_view item) {
  if (auto good = check_object(text); !good) return tl::unexpected(std::move(good).error());
  const Places places(text);
  const FoundPlace list = follow(places, keys);
  if (list.keys < keys.size() || places.at(list.spot)[0] != '[') return false;
  const auto entries = places.entries(list.spot);
  return std::any_of(entries.begin(), entries.end(), [&](const auto& one) { return is_text(places, one.value, item); });
}

Result<std::string> json_list_with(std::string_view text, JsonKeys keys, std::string_view item) {
  if (auto good = check_object(text); !good) return tl::unexpected(std::move(good).error());
  const Places places(text);
  const FoundPlace found = follow(places, keys);
  const bool is_list = found.keys == keys.size();
  if (places.at(found.spot)[0] != (is_list ? '[' : '{')) {
    return wrong_shape(keys[found.keys - 1], is_list ? "list" : "object");
  }
  std::string whole(text);
  if (!is_list) return whole.insert(found.spot.begin + 1, member(places, found, keys, json::array({item}).dump()));
  std::string added = json(item).dump();
  if (!places.entries(found.spot).empty()) added += ", ";
  return whole.insert(found.spot.begin + 1, added);
}

Result<std::string> json_list_without(std::string_view text, JsonKeys keys, std::string_view item) {
  auto holds = json_list_holds(text, keys, item);
  if (!holds) return tl::unexpected(std::move(holds).error());
  std::string whole(text);
  if (!*holds) return whole;
  const Places places(text);
  const FoundPlace list = follow(places, keys);
  const auto entries = places.entries(list.spot);
  if (entries.size() > 1) {
    const auto one = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& entry) { return is_text(places, entry.value, item); });
    cut(whole, entries, static_cast<std::size_t>(one - entries.begin()));
    return whole;
  }
  cut_member(whole, places, keys);
  return whole;
}

}  // namespace fairlead::agent::cover
