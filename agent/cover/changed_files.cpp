#include "agent/cover/changed_files.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/cover/json_edit.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"

namespace fairlead::agent::cover {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::array<std::string_view, 3> kKinds = {"list item", "value", "text"};
constexpr std::string_view kEmptyObject = "{}";

std::vector<std::string_view> views(const std::vector<std::string>& keys) { return {keys.begin(), keys.end()}; }

/// One edit of a JSON file.
Result<std::string> with(std::string_view text, const Edit& edit) {
  const auto keys = views(edit.keys);
  return edit.kind == Edit::Kind::list_item ? json_list_with(text, keys, edit.value)
                                            : json_value_with(text, keys, edit.value);
}

/// Objects on the way that hold nothing more go too, unless they were there before.
Result<std::string> without_empty_holders(std::string text, JsonKeys keys, std::string_view before) {
  for (std::size_t depth = keys.size() - 1; depth > 0; --depth) {
    const auto holder = json_at(text, keys.first(depth));
    const auto was = json_at(before, keys.first(depth));
    if (!holder) return tl::unexpected(holder.error());
    if (!*holder || (was && *was)) break;
    const json value = json::parse(**holder, nullptr, false);
    if (!value.is_object() || !value.empty()) break;
    auto shorter = json_value_without(text, keys.first(depth));
    if (!shorter) return shorter;
    text = std::move(*shorter);
  }
  return text;
}

Result<std::string> without_value(const std::string& now, std::string_view before, const Edit& edit) {
  const auto keys = views(edit.keys);
  const auto there = json_at(now, keys);
  if (!there) return tl::unexpected(there.error());
  const bool is_ours = *there && json::parse(**there, nullptr, false) == json::parse(edit.value, nullptr, false);
  if (!is_ours) return now;
  const auto was = json_at(before, keys);
  return was && *was ? json_value_with(now, keys, **was) : json_value_without(now, keys);
}

Result<std::string> without_text(const std::string& now, const Edit& edit) {
  const std::size_t at = now.find(edit.value);
  if (at == std::string::npos) {
    return fail(Errc::refused, Side::local, "was changed since it was made: take Fairlead's lines out by hand");
  }
  std::string whole = now;
  return whole.erase(at, edit.value.size());
}

std::string real_name(const fs::path& file) {
  std::error_code ignored;
  return fs::weakly_canonical(file, ignored).string();
}

std::vector<std::string> missing_folders(const fs::path& file) {
  std::vector<std::string> missing;
  std::error_code ignored;
  for (fs::path folder = file.parent_path(); !fs::exists(folder, ignored); folder = folder.parent_path()) {
    missing.insert(missing.begin(), folder.string());
  }
  return missing;
}

Result<void> make_folders(const std::vector<std::string>& made) {
  for (const std::string& folder : made) {
    std::error_code code;
    fs::create_directory(folder, code);
    constexpr fs::perms kReadable = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                    fs::perms::others_read | fs::perms::others_exec;
    if (!code) fs::permissions(folder, kReadable, code);
    if (code) return fail(Errc::denied, Side::local, "cannot make " + folder + ": " + code.message());
  }
  return {};
}

tl::unexpected<Error> in_file(const std::string& file, const Error& error) {
  const std::string between = error.code == Errc::refused ? " " : ": ";
  return fail(error.code, Side::local, std::string(file).append(between).append(error.context));
}

/// A file and its folders that others have no part in.
Result<void> remove_made(const std::string& file) {
  std::error_code code;
  fs::remove(file, code);
  if (code) return fail(Errc::denied, Side::local, "cannot remove " + file + ": " + code.message());
  return {};
}

}  // namespace

Result<std::string> with_edits(const std::optional<std::string>& before, const std::vector<Edit>& edits) {
  const bool is_text = !edits.empty() && edits.front().kind == Edit::Kind::text;
  std::string whole = before.value_or(is_text ? "" : std::string(kEmptyObject));
  for (const Edit& edit : edits) {
    if (is_text) {
      if (!whole.empty() && whole.back() != '\n') whole += '\n';
      whole += edit.value;
      continue;
    }
    auto edited = with(whole, edit);
    if (!edited) return edited;
    whole = std::move(*edited);
  }
  // A file of our own is made to be read.
  return is_text || before ? whole : json::parse(whole).dump(2) + "\n";
}

Result<std::string> without_edits(const std::string& now, const std::optional<std::string>& before,
                                  const std::vector<Edit>& edits) {
  std::string whole = now;
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
    const auto keys = views(edit->keys);
    const std::string_view was = before ? std::string_view(*before) : kEmptyObject;
    Result<std::string> edited;
    if (edit->kind == Edit::Kind::text) edited = without_text(whole, *edit);
    if (edit->kind == Edit::Kind::list_item) edited = json_list_without(whole, keys, edit->value);
    if (edit->kind == Edit::Kind::value) edited = without_value(whole, was, *edit);
    const bool is_shorter = edited && *edited != whole && edit->kind != Edit::Kind::text;
    if (is_shorter) edited = without_empty_holders(std::move(*edited), keys, was);
    if (!edited) return edited;
    whole = std::move(*edited);
  }
  return whole;
}

Result<ChangedFiles> ChangedFiles::read(const fs::path& state) {
  ChangedFiles changed(state / "changed-files.json");
  std::error_code ignored;
  if (fs::status(changed.record_, ignored).type() == fs::file_type::not_found) return changed;
  // It lies in a folder of the agent's account, and root does to other files what it says: only what root wrote counts.
  constexpr std::size_t kMost = std::size_t{8} << 20U;
  const auto text = platform::read_secret_file(changed.record_, kMost);
  if (!text) return tl::unexpected(text.error());
  try {
    const json whole = json::parse(*text);
    for (const auto& [file, written] : whole.items()) {
      Change change{{}, written.at("folders"), {}};
      if (written.contains("before")) change.before = written.at("before").get<std::string>();
      for (const json& one : written.at("edits")) {
        const auto kind = std::find(kKinds.begin(), kKinds.end(), one.at("kind").get<std::string>());
        change.edits.push_back(
            {one.at("purpose"), {static_cast<Edit::Kind>(kind - kKinds.begin()), one.at("keys"), one.at("value")}});
      }
      changed.changes_.emplace(file, std::move(change));
    }
  } catch (const json::exception&) {
    return fail(Errc::bad_file, Side::local,
                changed.record_.string() + " is damaged: what was changed where is not known");
  }
  return changed;
}

Result<void> ChangedFiles::write() const {
  if (changes_.empty()) return remove_made(record_.string());
  json whole = json::object();
  for (const auto& [file, change] : changes_) {
    json& written = whole[file];
    written = {{"folders", change.folders}, {"edits", json::array()}};
    if (change.before) written["before"] = *change.before;
    for (const OwnedEdit& one : change.edits) {
      written["edits"].push_back({{"purpose", one.purpose},
                                  {"kind", kKinds[static_cast<std::size_t>(one.edit.kind)]},
                                  {"keys", one.edit.keys},
                                  {"value", one.edit.value}});
    }
  }
  return platform::replace_file(record_, whole.dump(2) + "\n");
}

std::vector<std::string> ChangedFiles::files_of(std::string_view purpose) const {
  std::vector<std::string> files;
  for (const auto& [file, change] : changes_) {
    const bool has = std::any_of(change.edits.begin(), change.edits.end(),
                                 [&](const OwnedEdit& one) { return one.purpose == purpose; });
    if (has) files.push_back(file);
  }
  return files;
}

bool ChangedFiles::is_changed_for(std::string_view purpose, const fs::path& file) const {
  const auto files = files_of(purpose);
  return std::find(files.begin(), files.end(), real_name(file)) != files.end();
}

std::vector<Edit> ChangedFiles::edits_in(const Change& change) {
  std::vector<Edit> edits;
  edits.reserve(change.edits.size());
  for (const OwnedEdit& one : change.edits) edits.push_back(one.edit);
  return edits;
}

/// Brings `before` to what the file would be today without us. A file that holds nothing of others is none of theirs.
Result<void> ChangedFiles::find_base(const std::string& file, Change& change, const std::optional<std::string>& now) {
  if (!now) {
    change.before.reset();  // others took it away
    return {};
  }
  const auto edits = edits_in(change);
  const auto ours = with_edits(change.before, edits);
  if (ours && *ours == *now) return {};
  auto base = without_edits(*now, change.before, edits);
  if (!base) return in_file(file, base.error());
  const bool is_text = !edits.empty() && edits.front().kind == Edit::Kind::text;
  const bool is_empty = is_text ? base->empty() : json::parse(*base, nullptr, false) == json::object();
  if (change.before || !is_empty) change.before = std::move(*base);
  return {};
}

Result<void> ChangedFiles::put(std::string_view purpose, const fs::path& named, Whose whose, std::vector<Edit> edits) {
  const std::string file = real_name(named);  // a link stays a link
  const fs::path path = file;
  const auto now = platform::read_small_file(path);
  if (!now) return tl::unexpected(now.error());
  const auto known = changes_.find(file);
  Change change;
  if (known != changes_.end()) {
    change = known->second;
    if (auto found = find_base(file, change, *now); !found) return found;
  } else if (*now && whose == Whose::others) {
    // A list of others does not hold our text, nor the end of their file our lines, unless a record was lost.
    std::vector<Edit> lost;
    for (const Edit& edit : edits) {
      const bool is_lines = edit.kind == Edit::Kind::text && (*now)->find(edit.value) != std::string::npos;
      if (is_lines || edit.kind == Edit::Kind::list_item) lost.push_back(edit);
    }
    auto base = without_edits(**now, {}, lost);
    if (!base) return in_file(file, base.error());
    change.before = std::move(*base);
  }
  std::vector<std::string> missing = missing_folders(path);
  change.folders.insert(change.folders.end(), missing.begin(), missing.end());
  std::erase_if(change.edits, [&](const OwnedEdit& one) { return one.purpose == purpose; });
  for (Edit& edit : edits) change.edits.push_back({std::string(purpose), std::move(edit)});
  const auto whole = with_edits(change.before, edits_in(change));
  if (!whole) return in_file(file, whole.error());
  changes_.insert_or_assign(file, std::move(change));
  auto done = write();
  if (done) done = make_folders(missing);
  if (done && (!*now || **now != *whole)) done = platform::replace_shared_file(path, *whole);
  return done;
}

Result<void> ChangedFiles::take_out(std::string_view purpose, const std::string& file) {
  const auto known = changes_.find(file);
  if (known == changes_.end()) return {};
  const auto now = platform::read_small_file(file);
  if (!now) return tl::unexpected(now.error());
  Change change = known->second;
  if (auto found = find_base(file, change, *now); !found) return found;
  std::erase_if(change.edits, [&](const OwnedEdit& one) { return one.purpose == purpose; });
  const bool is_last = change.edits.empty();
  Result<void> done;
  if (*now && is_last && !change.before) {
    done = remove_made(file);
  } else if (*now) {
    const auto whole = is_last ? Result<std::string>(*change.before) : with_edits(change.before, edits_in(change));
    if (!whole) return in_file(file, whole.error());
    done = platform::replace_shared_file(file, *whole);
  }
  if (!done) return done;
  if (!is_last) {
    known->second = std::move(change);
    return write();
  }
  std::vector<std::string> folders = std::move(change.folders);
  changes_.erase(known);
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    std::error_code not_empty;
    if (fs::remove(*folder, not_empty) || !not_empty) continue;
    // Another file of ours lies there: the folder goes with the last one.
    const auto below = std::find_if(changes_.begin(), changes_.end(),
                                    [&](const auto& one) { return one.first.starts_with(*folder + "/"); });
    if (below == changes_.end()) continue;
    auto& kept = below->second.folders;
    kept.insert(
        std::find_if(kept.begin(), kept.end(), [&](const auto& other) { return other.size() > folder->size(); }),
        *folder);
  }
  return write();
}

Result<void> ChangedFiles::take_out_of_all_but(const std::vector<fs::path>& files, std::string_view purpose) {
  Result<void> all;
  for (const std::string& known : files_of(purpose)) {
    const bool stays =
        std::any_of(files.begin(), files.end(), [&](const fs::path& one) { return real_name(one) == known; });
    if (stays) continue;
    auto done = take_out(purpose, known);
    if (!done && all) all = std::move(done);
  }
  return all;
}

}  // namespace fairlead::agent::cover
