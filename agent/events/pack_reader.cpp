// Checks an evidence pack that comes from anybody.

#include <algorithm>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "agent/events/json_fields.hpp"
#include "agent/events/pack.hpp"
#include "agent/events/pack_parts.hpp"

namespace fairlead::agent::events {
namespace {

constexpr int kDeepest = 12;

/// Counts brackets outside of texts, so that no input can make the reader go deep.
bool is_shallow(std::string_view json) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '{' || c == '[')) {
      if (++depth > kDeepest) return false;
    } else if (!in_text && (c == '}' || c == ']')) {
      --depth;
    }
  }
  return true;
}

class PackReader {
 public:
  PackVerified read(std::string_view pack);

 private:
  bool find_parts(std::string_view pack);
  bool check_fields();
  bool check_lines();
  bool check_signature();
  bool check_table(const PackTable& table);
  bool check_row(const PackTable& table, const Json& row, const std::string& name);
  bool check_head();
  bool bad(std::string what) {
    verified_.first_bad = std::move(what);
    return false;
  }

  std::string_view before_, after_;
  Json pack_;
  Fields fields_;
  std::vector<std::string> lines_;
  std::string public_key_;
  Hasher hasher_;
  PackVerified verified_;
};

bool PackReader::find_parts(std::string_view pack) {
  if (pack.size() > kLargestPack) return bad("the file is larger than a pack can be");
  const std::size_t begin = pack.find(kPackBegin);
  if (begin == std::string_view::npos) return bad("this is no evidence pack, or the beginning of its data was changed");
  const std::size_t json = begin + kPackBegin.size();
  const std::size_t end = pack.find(kPackEnd, json);
  if (end == std::string_view::npos) return bad("the end of its data is missing");
  const std::string_view text = pack.substr(json, end - json);
  before_ = pack.substr(0, begin);
  after_ = pack.substr(end + kPackEnd.size());
  if (!is_shallow(text)) return bad("its data is not as this program writes it");
  pack_ = Json::parse(text, nullptr, false);
  if (!pack_.is_object() || !pack_.contains("evidence") || !pack_["evidence"].is_object() || !pack_.contains("proof") ||
      !pack_["proof"].is_object())
    return bad("its data is not as this program writes it");
  // A second key of one name, other spaces, another spelling of a number: nothing of it may stand there.
  std::size_t same = 0;
  const std::string written = pack_text(pack_);
  while (same < std::min(written.size(), text.size()) && written[same] == text[same]) ++same;
  if (written != text) {
    const auto line = 1 + std::count(pack.begin(), pack.begin() + static_cast<std::ptrdiff_t>(json + same), '\n');
    return bad("its data is not as this program writes it, in line " + std::to_string(line));
  }
  if (text_in(pack_["evidence"], "format") != kPackFormat) return bad("evidence.format: this program does not know it");
  return true;
}

bool PackReader::check_fields() {
  fields_ = fields_of(pack_["evidence"]);
  const Json& listed = pack_["proof"]["fields"];
  if (!listed.is_array()) return bad("proof.fields: it is missing");
  std::map<std::string, std::string> proved;
  for (const Json& one : listed) {
    if (!one.is_array() || one.size() != 2 || !one[0].is_string() || !one[1].is_string())
      return bad("proof.fields: it is not as this program writes it");
    proved.emplace(one[0].get<std::string>(), one[1].get<std::string>());
  }
  for (const auto& [path, digest] : fields_) {
    const auto found = proved.find(path);
    if (found == proved.end()) return bad(path + ": it was added, or its digest was taken out");
    if (found->second != digest) return bad(path + ": it was changed, or its digest was");
    proved.erase(found);
  }
  if (!proved.empty()) return bad(proved.begin()->first + ": it was taken out");
  return listed.size() == fields_.size() || bad("proof.fields: it holds a digest twice");
}

bool PackReader::check_lines() {
  lines_ = lines_of(before_, after_);
  const Json& listed = pack_["proof"]["lines"];
  if (!listed.is_array()) return bad("proof.lines: it is missing");
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (i >= listed.size() || !listed[i].is_string() || listed[i].get_ref<const std::string&>() != lines_[i])
      return bad("the readable page: its line " + std::to_string(i + 1) + " was changed");
  }
  return listed.size() == lines_.size() || bad("the readable page: lines were taken off its end");
}

bool PackReader::check_signature() {
  const Json& evidence = pack_["evidence"];
  public_key_ = bytes_from_hex(text_in(evidence, "public_key"));
  verified_.public_key = text_in(evidence, "public_key");
  verified_.device = text_in(evidence, "device");
  if (const auto made = number_in(evidence, "made")) verified_.made = TimePoint(std::chrono::milliseconds(*made));
  if (device_id(public_key_) != verified_.device) return bad("device: it is not the one of this public key");
  if (!signed_by(public_key_, pack_message(fields_, lines_), bytes_from_hex(text_in(pack_["proof"], "signature"))))
    return bad("proof.signature: it is not this device's, or what it covers was changed");
  return true;
}

/// A number of a row; nothing where it is none.
std::optional<std::uint64_t> number_at(const Json& row, std::string_view name) {
  const auto number = number_in(row, name);
  return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

/// A text of a row, or its bytes; nothing where it was erased.
std::optional<std::string> bytes_at(const Json& row, std::string_view name) {
  const auto found = row.find(name);
  if (found == row.end()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  if (found->is_object()) return bytes_from_hex(text_in(*found, "hex"));
  return std::nullopt;
}

bool PackReader::check_row(const PackTable& table, const Json& row, const std::string& name) {
  const Shape& shape = *table.shape;
  Row hashed;
  std::vector<std::string> bytes;
  bytes.reserve(table.fields.size());
  const auto numbers = static_cast<std::size_t>(shape.numbers);
  const auto texts = static_cast<std::size_t>(shape.texts);
  const auto erased_at = row.find("erased");
  const bool erased = erased_at != row.end() && erased_at->is_boolean() && erased_at->get<bool>();
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    const bool personal = i >= numbers + texts;
    if (i < numbers) {
      const auto number = number_at(row, table.fields[i]);
      if (!number) return bad(name + "." + std::string(table.fields[i]) + ": it is no number");
      hashed.numbers.push_back(*number);
      continue;
    }
    auto text = bytes_at(row, table.fields[i]);
    if (!text && !(personal && erased)) return bad(name + "." + std::string(table.fields[i]) + ": it is missing");
    if (text && personal && erased) return bad(name + ": it was erased, but personal fields stand in it");
    bytes.push_back(text.value_or(""));
    (personal ? hashed.personal : hashed.texts).emplace_back(bytes.back());
  }
  const std::string committed = bytes_from_hex(text_in(row, "commitment"));
  if (!erased && commitment(hasher_, shape, bytes_from_hex(text_in(row, "salt")), hashed.personal).view() != committed)
    return bad(name + ": its personal fields do not match their commitment");
  const Link before{hashed.numbers.front() - 1, digest_from(bytes_from_hex(text_in(row, "before")))};
  if (row_digest(hasher_, shape, before, hashed, committed).view() != bytes_from_hex(text_in(row, "digest")))
    return bad(name + ": its digest does not match its fields and the row before");
  return true;
}

/// Each row by itself, and the links between neighbours, in whatever order they stand.
bool PackReader::check_table(const PackTable& table) {
  const auto rows = pack_["evidence"].find(table.name);
  if (rows == pack_["evidence"].end() || !rows->is_array()) return bad(std::string(table.name) + ": it is missing");
  const auto name_of = [&](std::size_t index) {
    return std::string(table.name).append("[").append(std::to_string(index)).append("]");
  };
  std::map<std::uint64_t, std::size_t> by_sequence;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const Json& row = (*rows)[i];
    const std::string name = name_of(i);
    if (!row.is_object()) return bad(name + ": it is no row");
    if (!check_row(table, row, name)) return false;
    const std::uint64_t sequence = *number_at(row, "sequence");
    if (sequence == 0 || !by_sequence.emplace(sequence, i).second) return bad(name + ": it stands there twice");
  }
  std::uint64_t last = 0;
  std::string digest = hex(first_link(hasher_, *table.shape, public_key_).digest.view());
  const Json& head = pack_["evidence"]["head"][std::string(table.name)];
  const auto end = number_at(head, "sequence");
  bool fits = end && (*end != 0 || digest == text_in(head, "digest"));
  for (const auto& [sequence, i] : by_sequence) {
    const Json& row = (*rows)[i];
    if (sequence - 1 == last && digest != text_in(row, "before"))
      return bad(name_of(i) + ": it does not follow the row before");
    last = sequence;
    digest = text_in(row, "digest");
    fits = fits && sequence <= *end && (sequence != *end || digest == text_in(head, "digest"));
  }
  if (!fits) return bad("head." + std::string(table.name) + ": it does not fit the rows");
  const std::uint64_t count = rows->size();
  (table.name == "events" ? verified_.events : table.name == "reports" ? verified_.reports : verified_.entries) = count;
  return true;
}

bool PackReader::check_head() {
  const Json& head = pack_["evidence"]["head"];
  const auto link = [&](const char* table) {
    return Link{number_at(head[table], "sequence").value_or(0),
                digest_from(bytes_from_hex(text_in(head[table], "digest")))};
  };
  const Head signed_head{number_at(head, "epoch").value_or(0), link("events"), link("reports"), link("entries"),
                         number_at(head, "counters").value_or(0)};
  if (!signed_by(public_key_, head_message(hasher_, signed_head), bytes_from_hex(text_in(head, "signature"))))
    return bad("head.signature: it is not this device's");
  return true;
}

PackVerified PackReader::read(std::string_view pack) {
  if (!find_parts(pack) || !check_fields() || !check_lines() || !check_signature()) return verified_;
  const Json& evidence = pack_["evidence"];
  const auto head = evidence.find("head");
  if (head == evidence.end() || !head->is_object()) {
    bad("head: it is missing");
    return verified_;
  }
  for (const PackTable& table : pack_tables()) {
    const auto part = head->find(table.name);
    if (part == head->end() || !part->is_object()) {
      bad("head." + std::string(table.name) + ": it is missing");
      return verified_;
    }
  }
  for (const PackTable& table : pack_tables())
    if (!check_table(table)) return verified_;
  (void)check_head();
  return verified_;
}

}  // namespace

PackVerified verify_pack(std::string_view pack) { return PackReader().read(pack); }

}  // namespace fairlead::agent::events
