#include "agent/lists/ruleset_store.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::lists {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnd = ".rules";
constexpr std::string_view kAside = "new";

/// A name is the content hash of the sources: 64 hex digits, and nothing that leads out of the folder.
bool is_name(std::string_view name) {
  return name.size() == 64 && std::all_of(name.begin(), name.end(), [](char c) { return text::hex_value(c) >= 0; });
}

}  // namespace

fs::path RulesetStore::path_of(std::string_view name) const { return folder_ / (std::string(name).append(kEnd)); }

std::optional<std::string> RulesetStore::read(std::string_view file) const {
  std::ifstream in(folder_ / file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string_view name = text::trim(text);
  return is_name(name) ? std::optional(std::string(name)) : std::nullopt;
}

Result<rules::match::FileBytes> RulesetStore::open(std::string_view name) const {
  if (!is_name(name)) return fail(Errc::not_found, Side::local, "'" + std::string(name) + "' is no name of a ruleset");
  auto mapped = platform::map_file(path_of(name));
  if (!mapped) return tl::unexpected(std::move(mapped).error());
  return rules::match::FileBytes{mapped->bytes, std::move(mapped->owner)};
}

Result<RulesetStore::Aside> RulesetStore::put_aside(const rules::match::FileWriter& file) const {
  std::error_code code;
  fs::create_directories(folder_, code);
  const fs::path path = folder_ / (std::string(kAside) + "." + std::to_string(platform::process_id()));
  const auto could_not = [&](std::string why) {
    fs::remove(path, code);
    return fail(Errc::disk_full, Side::local, path.string() + " cannot be written: " + std::move(why));
  };
  {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    if (!file.write(out)) return could_not("is the disk full?");
  }
  if (auto synced = platform::sync_file(path); !synced) return could_not(synced.error().context);
  auto mapped = platform::map_file(path);
  if (!mapped) return could_not(mapped.error().context);
  return Aside{path, {mapped->bytes, std::move(mapped->owner)}};
}

Result<void> RulesetStore::name(const Aside& aside, const std::string& name) const {
  return platform::rename_durably(aside.path, path_of(name));
}

Result<void> RulesetStore::adopt(const Aside& aside, const std::string& name) const {
  if (auto named = this->name(aside, name); !named) return named;
  return make_current(name);
}

void RulesetStore::drop(const Aside& aside) const {
  std::error_code ignored;
  fs::remove(aside.path, ignored);
}

Result<void> RulesetStore::make_current(const std::string& name) const {
  std::error_code ignored;
  fs::remove(folder_ / "held", ignored);
  const auto before = current();
  if (before == name) return {};
  if (before) {
    if (auto kept = platform::replace_file(folder_ / "previous", *before + "\n"); !kept) return kept;
    fs::last_write_time(path_of(*before), fs::file_time_type::clock::now(), ignored);  // last in force: now
  }
  return platform::replace_file(folder_ / "current", name + "\n");
}

Result<std::string> RulesetStore::roll_back() const {
  const auto now = current(), before = previous();
  if (!now || !before) return fail(Errc::not_found, Side::local, "there is no ruleset to go back to");
  auto bytes = open(*before);
  if (!bytes) return tl::unexpected(std::move(bytes).error());
  if (auto opened = rules::match::FileView::open(*std::move(bytes)); !opened) {
    return tl::unexpected(std::move(opened).error());
  }
  if (auto held = platform::replace_file(folder_ / "held", *now + "\n"); !held) return tl::unexpected(held.error());
  if (auto kept = platform::replace_file(folder_ / "previous", *now + "\n"); !kept) return tl::unexpected(kept.error());
  if (auto back = platform::replace_file(folder_ / "current", *before + "\n"); !back)
    return tl::unexpected(back.error());
  return *before;
}

void RulesetStore::remove_expired(std::chrono::sys_seconds before) const {
  const auto now = current(), last = previous();
  std::error_code code;
  for (fs::directory_iterator entry(folder_, code), end; !code && entry != end; entry.increment(code)) {
    const std::string file = entry->path().filename().string();
    const bool aside = file.starts_with(std::string(kAside) + ".");
    if (!file.ends_with(kEnd) && !aside) continue;
    const std::string name = file.substr(0, file.size() - std::min(file.size(), kEnd.size()));
    if (name == now || name == last) continue;
    std::error_code ignored;
    const auto used = fs::file_time_type::clock::to_sys(fs::last_write_time(entry->path(), ignored));
    if (used < before) fs::remove(entry->path(), ignored);
  }
}

}  // namespace fairlead::agent::lists
