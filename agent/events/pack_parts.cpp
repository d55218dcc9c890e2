#include "agent/events/pack_parts.hpp"

#include <nlohmann/json.hpp>

namespace fairlead::agent::events {
namespace {

constexpr std::string_view kEventFields[] = {
    "sequence",        "epoch",    "time", "id",       "kind",   "found", "group",  "method", "navigation",
    "navigation_sign", "category", "risk", "severity", "review", "rule",  "source", "level",  "ruleset_id",
    "policy_version",  "person",   "url",  "host",     "words",  "span",  "losers"};
constexpr std::string_view kReportFields[] = {"sequence", "epoch", "event", "time", "kind", "person", "words"};
constexpr std::string_view kEntryFields[] = {"sequence", "epoch", "time",  "incident", "keep", "kind",
                                             "subject",  "state", "actor", "person",   "body"};
constexpr PackTable kTables[] = {{&kEventShape, "events", kEventFields},
                                 {&kReportShape, "reports", kReportFields},
                                 {&kEntryShape, "entries", kEntryFields}};
static_assert(std::size(kEventFields) == std::size_t{kEventShape.numbers + kEventShape.texts + kEventShape.personal});
static_assert(std::size(kReportFields) ==
              std::size_t{kReportShape.numbers + kReportShape.texts + kReportShape.personal});
static_assert(std::size(kEntryFields) == std::size_t{kEntryShape.numbers + kEntryShape.texts + kEntryShape.personal});

constexpr std::size_t kShortDigest = 16;  // bytes

std::string short_digest(const Digest& digest) { return hex(digest.view().substr(0, kShortDigest)); }

void add_fields(Fields& out, Hasher& hasher, const Json& value, const std::string& path) {
  if (value.is_object() && !value.empty()) {
    const std::string before = path.empty() ? path : path + ".";
    for (const auto& [name, below] : value.items()) add_fields(out, hasher, below, std::string(before).append(name));
  } else if (value.is_array() && !value.empty()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      add_fields(out, hasher, value[i], std::string(path).append("[").append(std::to_string(i)).append("]"));
  } else {
    out.emplace_back(path, short_digest(hasher.add("fairlead field 1").add(path).add(value.dump()).finish()));
  }
}

}  // namespace

std::span<const PackTable> pack_tables() { return kTables; }

std::string pack_text(const Json& json) {
  std::string out;
  for (const char c : json.dump(1, ' ', true)) {
    // Inside a script element nothing is unescaped: these three must not stand there at all.
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else if (c == '&') {
      out += "\\u0026";
    } else {
      out += c;
    }
  }
  return out;
}

Fields fields_of(const Json& evidence) {
  Fields out;
  Hasher hasher;
  add_fields(out, hasher, evidence, "");
  return out;
}

std::vector<std::string> lines_of(std::string_view before, std::string_view after) {
  std::vector<std::string> out;
  Hasher hasher;
  for (std::string_view part : {before, after}) {
    while (!part.empty()) {
      const std::size_t end = part.find('\n');
      const std::size_t size = end == std::string_view::npos ? part.size() : end + 1;
      out.push_back(short_digest(
          hasher.add("fairlead line 1").add(std::uint64_t{out.size()}).add(part.substr(0, size)).finish()));
      part.remove_prefix(size);
    }
  }
  return out;
}

Digest pack_message(const Fields& fields, const std::vector<std::string>& lines) {
  Hasher hasher;
  hasher.add(kPackFormat).add(std::uint64_t{fields.size()});
  for (const auto& [path, digest] : fields) hasher.add(path).add(digest);
  hasher.add(std::uint64_t{lines.size()});
  for (const std::string& line : lines) hasher.add(line);
  return hasher.finish();
}

std::string bytes_from_hex(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  std::string out;
  if (text.size() % 2 != 0) return out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return {};
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

}  // namespace fairlead::agent::events
