#include "agent/bundles/in_force.hpp"

#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/bundles/contents.hpp"
#include "agent/bundles/manifest.hpp"
#include "agent/lists/utc_time.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"

namespace fairlead::agent::bundles {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto kPointer = "in_force.json", kIncoming = "incoming";

}  // namespace

Result<std::optional<InForce>> BundleStore::in_force() const {
  const auto text = platform::read_small_file(folder_ / kPointer);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return std::nullopt;
  const json parsed = json::parse(**text, nullptr, false);
  const auto at = [&](const char* name) {
    const json found = parsed.is_object() ? parsed.value(name, json()) : json();
    return found.is_string() ? found.get<std::string>() : std::string();
  };
  const auto not_before = lists::from_utc_text(at("not_before")), expires = lists::from_utc_text(at("expires"));
  const json version = parsed.is_object() ? parsed.value("version", json()) : json();
  if (!version.is_number_unsigned() || !is_digest(at("digest")) || !not_before || !expires ||
      (!at("previous").empty() && !is_digest(at("previous"))))
    return fail(Errc::bad_file, Side::local, (folder_ / kPointer).string() + " cannot be read");
  return InForce{version, at("digest"), *not_before, *expires, at("previous")};
}

Result<BundleStore::Incoming> BundleStore::prepare() const {
  std::error_code failed;
  fs::create_directories(folder_, failed);
  if (failed) return fail(Errc::denied, Side::local, folder_.string() + ": " + failed.message());
  const Incoming out{folder_ / (std::string(kIncoming) + ".zst"), folder_ / (std::string(kIncoming) + ".tar"),
                     folder_ / kIncoming};
  for (const fs::path& path : {out.packed, out.archive, out.folder}) {
    fs::remove_all(path, failed);
    if (failed) return fail(Errc::denied, Side::local, path.string() + ": " + failed.message());
  }
  fs::create_directory(out.folder, failed);
  if (failed) return fail(Errc::denied, Side::local, out.folder.string() + ": " + failed.message());
  return out;
}

Result<void> BundleStore::keep(const Incoming& incoming, const std::string& digest) const {
  std::error_code failed;
  fs::remove(incoming.packed, failed);
  // What was unpacked under this name and did not come into force may be half of it.
  fs::remove_all(folder_of(digest), failed);
  if (failed) return fail(Errc::denied, Side::local, folder_of(digest).string() + ": " + failed.message());
  if (auto synced = platform::sync_file(incoming.archive); !synced) return synced;
  if (auto named = platform::rename_durably(incoming.archive, archive_of(digest)); !named) return named;
  return platform::rename_durably(incoming.folder, folder_of(digest));
}

Result<void> BundleStore::switch_to(const InForce& next) const {
  const json out = {{"version", next.version},
                    {"digest", next.digest},
                    {"not_before", lists::utc_text(next.not_before)},
                    {"expires", lists::utc_text(next.expires)},
                    {"previous", next.previous}};
  if (auto done = platform::replace_file(folder_ / kPointer, out.dump(1) + "\n"); !done) return done;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder_, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
    const std::string name = entry->path().filename().string(), digest = name.substr(0, name.find('.'));
    std::error_code failed;
    if (is_digest(digest) && digest != next.digest && digest != next.previous) fs::remove_all(entry->path(), failed);
  }
  return {};
}

Result<void> BundleStore::begin_anew() const {
  const auto found = in_force();
  if (!found || !*found) return forget();
  InForce kept = **found;
  kept.version = 0;
  kept.not_before = {};
  return switch_to(kept);
}

Result<void> BundleStore::forget() const {
  std::error_code failed;
  fs::remove(folder_ / kPointer, failed);  // first: the rest may be cut off
  if (!failed) fs::remove_all(folder_, failed);
  if (failed) return fail(Errc::denied, Side::local, folder_.string() + ": " + failed.message());
  return {};
}

fs::path config_in_force(const fs::path& local, const fs::path& state) {
  const BundleStore store(state);
  const auto found = store.in_force();
  if (!found) return config_of(store.folder_of("damaged"));
  return *found ? config_of(store.folder_of((*found)->digest)) : local;
}

}  // namespace fairlead::agent::bundles
