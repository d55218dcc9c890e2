#include "agent/cover/settings.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/cover/changed_files.hpp"
#include "agent/cover/json_edit.hpp"
#include "agent/cover/proxy_settings.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"

namespace fairlead::agent::cover {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kPurpose = "settings";
/// Chromium reads every file of the folder, whatever its name, and of two that name one policy the last in the order of
/// bytes counts.
constexpr std::string_view kOwnPolicyFile = "zz-fairlead.json";
constexpr std::string_view kDesktop = "desktop";

bool is_there(std::string_view path) {
  std::error_code ignored;
  return path.empty() || fs::exists(path, ignored);
}

fs::path file_of(const BrowserPlace& place) {
  return place.browser == Browser::firefox ? policy_file(place) : fs::path(place.policies) / kOwnPolicyFile;
}

std::string name_of(const Edit& edit) {
  std::string name;
  for (const std::string& key : edit.keys) {
    if (!name.empty()) name += '/';
    name += key;
  }
  return name;
}

std::vector<std::string_view> views(const std::vector<std::string>& keys) { return {keys.begin(), keys.end()}; }

bool is_same(std::string_view a, std::string_view b) {
  return json::parse(a, nullptr, false) == json::parse(b, nullptr, false);
}

struct PolicyText {
  fs::path file;
  std::string text;
};

/// The files that this browser reads, the one that counts for most first.
std::vector<PolicyText> texts_of(const BrowserPlace& place) {
  std::vector<fs::path> files;
  std::error_code ignored;
  if (place.browser == Browser::firefox) {
    files.push_back(policy_file(place));
  } else {
    for (fs::directory_iterator entry(place.policies, ignored), end; !ignored && entry != end;
         entry.increment(ignored)) {
      files.push_back(entry->path());
    }
  }
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) { return a.native() > b.native(); });
  std::vector<PolicyText> texts;
  for (const fs::path& file : files) {
    if (!fs::is_regular_file(file, ignored)) continue;
    texts.push_back({file, platform::text_of_small_file(file)});
  }
  return texts;
}

SettingItem look_at(const BrowserPlace& place, const BrowserPolicy& policy, const std::vector<PolicyText>& texts) {
  SettingItem item{place.name, policy.setting,     name_of(policy.edit), file_of(place).string(), SettingState::missing,
                   "",         is_installed(place)};
  const auto keys = views(policy.edit.keys);
  // The first file that has the policy at all has all of it; in Firefox there is but one file.
  const std::size_t policy_depth = place.browser == Browser::firefox ? keys.size() : 1;
  for (const PolicyText& one : texts) {
    const auto named = json_at(one.text, std::span(keys).first(policy_depth));
    if (!named || !*named) continue;
    item.file = one.file.string();
    const auto there = json_at(one.text, keys);
    if (!there || !*there) break;
    item.state = is_same(**there, policy.edit.value) ? SettingState::in_place : SettingState::changed;
    item.says = item.state == SettingState::in_place ? "in place" : "changed by others: it says " + **there;
    return item;
  }
  item.says = "not set";
  return item;
}

SettingItem look_at(const ProxyFile& wanted) {
  SettingItem item{kDesktop, wanted.setting, "", std::string(wanted.file), SettingState::missing, "not there", true};
  const std::string text = platform::text_of_small_file(wanted.file);
  const bool is_ours = wanted.whose == ChangedFiles::Whose::ours;
  const bool holds = text.find(wanted.lines) != std::string::npos ||
                     (!wanted.lines_when_new.empty() && text.find(wanted.lines_when_new) != std::string::npos);
  if (holds && (!is_ours || text == wanted.lines)) {
    item.state = SettingState::in_place;
    item.says = "in place";
  } else if (is_ours && !text.empty()) {
    item.state = SettingState::changed;
    item.says = "changed by others";
  }
  return item;
}

/// A file that was there keeps its beginning; one that we began goes on as it began.
std::string lines_for(const ProxyFile& wanted) {
  const std::string text = platform::text_of_small_file(wanted.file);
  const bool is_new = text.empty() || text.find(wanted.lines_when_new) != std::string::npos;
  return is_new && !wanted.lines_when_new.empty() ? wanted.lines_when_new : wanted.lines;
}

/// GNOME reads a database that is made of the files.
void make_database(std::vector<Error>& problems) {
  if (!is_there(kDconf)) return;
  const auto code = platform::run_program({std::string(kDconf), "update"});
  if (!code) problems.push_back(code.error());
  if (code && *code != 0) {
    problems.push_back(
        {Errc::internal, Side::local,
         std::string(kDconf) + " update ended with " + std::to_string(*code) + "; run by hand, it says why"});
  }
}

void keep(Result<void> done, std::vector<Error>& problems) {
  if (!done) problems.push_back(std::move(done).error());
}

}  // namespace

std::vector<SettingItem> look_at_settings(const WantedSettings& wanted) {
  std::vector<SettingItem> items;
  for (const BrowserPlace& place : browser_places()) {
    const auto texts = texts_of(place);
    for (const BrowserPolicy& policy : policies_for(place.browser, wanted)) {
      items.push_back(look_at(place, policy, texts));
    }
  }
  for (const ProxyFile& file : proxy_files(wanted.proxy)) {
    if (is_there(file.program)) items.push_back(look_at(file));
  }
  return items;
}

std::vector<Error> put_settings(const WantedSettings& wanted, const fs::path& state) {
  auto changed = ChangedFiles::read(state);
  if (!changed) return {changed.error()};
  std::vector<Error> problems;
  std::vector<fs::path> files;
  for (const BrowserPlace& place : browser_places()) {
    const bool is_firefox = place.browser == Browser::firefox;
    std::vector<Edit> edits;
    for (BrowserPolicy& policy : policies_for(place.browser, wanted)) edits.push_back(std::move(policy.edit));
    files.push_back(file_of(place));
    keep(changed->put(kPurpose, files.back(), is_firefox ? ChangedFiles::Whose::others : ChangedFiles::Whose::ours,
                      std::move(edits)),
         problems);
  }
  for (const ProxyFile& file : proxy_files(wanted.proxy)) {
    if (!is_there(file.program)) continue;
    files.emplace_back(file.file);
    keep(changed->put(kPurpose, file.file, file.whose, {{Edit::Kind::text, {}, lines_for(file)}}), problems);
  }
  make_database(problems);
  keep(changed->take_out_of_all_but(files, kPurpose), problems);
  return problems;
}

std::vector<Error> take_settings_away(const fs::path& state) {
  auto changed = ChangedFiles::read(state);
  if (!changed) return {changed.error()};
  std::vector<Error> problems;
  const auto files = changed->files_of(kPurpose);
  // What dconf made of our folder would stay, and keep the folder above it.
  const bool has_database =
      std::any_of(files.begin(), files.end(), [](const std::string& file) { return file.starts_with(kDconfDatabase); });
  std::error_code ignored;
  if (has_database) fs::remove(kDconfDatabase, ignored);
  for (const std::string& file : files) keep(changed->take_out(kPurpose, file), problems);
  return problems;
}

}  // namespace fairlead::agent::cover
