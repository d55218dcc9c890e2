#include "agent/command/config_files.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>

#include "agent/events/digest.hpp"
#include "rules/base/text.hpp"
#include "rules/catalog/keys.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargest = std::size_t{4} << 20U;

void collect(const fs::path& folder, const std::string& prefix, std::vector<std::string>& names) {
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    const bool plain = entry->symlink_status(ignored).type() == fs::file_type::regular;
    if (plain && name.ends_with(".yaml") && !name.starts_with('.')) names.push_back(prefix + name);
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::vector<std::string> config_files(const fs::path& folder) {
  std::vector<std::string> names;
  collect(folder, "", names);
  for (const std::string_view risk : rules::catalog::kRisks) {
    collect(folder / risk, std::string(risk) + "/", names);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> read_config_file(const fs::path& folder, std::string_view name) {
  // The name is never read as a path: it is one that the folder itself told.
  const auto names = config_files(folder);
  const auto known = std::find(names.begin(), names.end(), name);
  if (known == names.end()) return fail(Errc::not_found, Side::local, "there is no such file");
  std::ifstream stream(folder / *known, std::ios::binary);
  std::string text(kLargest + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) return fail(Errc::denied, Side::local, *known + " cannot be read");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kLargest) return fail(Errc::too_large, Side::local, *known + " is larger than 4 MiB");
  return text;
}

std::string digest_of(std::string_view text) {
  const events::Digest digest = events::Hasher().add(text).finish();
  return text::hex(std::span(reinterpret_cast<const unsigned char*>(digest.bytes.data()), digest.bytes.size()));
}

std::string with_line_ends_of(std::string_view original, std::string_view edited) {
  const std::size_t end = original.find_first_of("\r\n");
  std::string_view line_end = "\n";
  if (end != std::string_view::npos && original[end] == '\r') {
    line_end = original.substr(end).starts_with("\r\n") ? "\r\n" : "\r";
  }
  std::string out;
  out.reserve(edited.size());
  while (!edited.empty()) {
    const std::size_t at = std::min(edited.find_first_of("\r\n"), edited.size());
    out.append(edited.substr(0, at));
    if (at < edited.size()) out.append(line_end);
    edited.remove_prefix(std::min(at + (edited.substr(at).starts_with("\r\n") ? 2 : 1), edited.size()));
  }
  return out;
}

LineDifference compare_lines(std::string_view before, std::string_view after, std::size_t most) {
  std::vector<std::string_view> was = lines_of(before), is = lines_of(after);
  const auto front = std::mismatch(was.begin(), was.end(), is.begin(), is.end());
  was.erase(was.begin(), front.first);
  is.erase(is.begin(), front.second);
  while (!was.empty() && !is.empty() && was.back() == is.back()) {
    was.pop_back();
    is.pop_back();
  }
  const std::multiset<std::string_view> old(was.begin(), was.end()), fresh(is.begin(), is.end());
  LineDifference difference;
  for (const auto line : was) {
    if (fresh.count(line) < old.count(line) && difference.removed.size() < most) difference.removed.emplace_back(line);
  }
  for (const auto line : is) {
    if (old.count(line) < fresh.count(line) && difference.added.size() < most) difference.added.emplace_back(line);
  }
  return difference;
}

}  // namespace fairlead::agent::command
