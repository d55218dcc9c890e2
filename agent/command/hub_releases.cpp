#include "agent/command/hub_releases.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <system_error>
#include <utility>

#include "agent/command/bundle.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/hub_authority.hpp"
#include "agent/events/export.hpp"
#include "agent/hub/releases.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"
#include "agent/tls/request.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;

constexpr auto kKeyFile = "rules_root.pub";

/// As every laptop of the fleet will read it.
Result<hub::Release> read_release(const HubOptions& hub, const ReleaseOptions& options) {
  const auto key = rules_key_of(hub);
  if (!key)
    return fail(Errc::not_found, Side::local, "the hub knows no root key of rules yet: say --rules-key LINE once");
  const auto root = bundles::read_public_key(*key);
  if (!root) return tl::unexpected(root.error());
  const auto authority = read_hub_authority(hub.state);
  if (!authority) return tl::unexpected(authority.error());
  const auto organisation = tls::organisation_of(authority->certificate_pem());
  if (!organisation) return tl::unexpected(organisation.error());
  auto stages = hub::read_stages(options.stages);
  if (!stages) return tl::unexpected(stages.error());
  auto given = read_signed_manifest(options.manifest);
  if (!given) return tl::unexpected(given.error());
  const auto now = platform::wall_clock();
  const auto manifest = bundles::check(*given, *root, std::chrono::floor<std::chrono::seconds>(now));
  if (!manifest) return tl::unexpected(manifest.error());
  if (manifest->organisation != *organisation)
    return fail(Errc::refused, Side::local,
                "the manifest is of '" + manifest->organisation + "', the hub of '" + *organisation + "'");
  if (auto good = check_files(*manifest, options.bundles); !good) return tl::unexpected(std::move(good).error());
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double, std::ratio<3600>>(options.wait));
  return hub::Release{manifest->version, *std::move(given), now, {*std::move(stages), 0, now, wait, {}}};
}

Result<void> put_files(const HubOptions& hub, const ReleaseOptions& options, const std::string& manifest) {
  const auto read = bundles::read_manifest(manifest);
  if (!read) return tl::unexpected(read.error());
  const fs::path to = files_folder(hub);
  std::error_code failed;
  fs::create_directories(to, failed);
  for (const bundles::Packed& packed : files_of(*read)) {
    const fs::path aside = to / ("incoming." + std::to_string(platform::process_id()));
    fs::copy_file(options.bundles / packed.digest, aside, fs::copy_options::overwrite_existing, failed);
    if (failed) return fail(Errc::denied, Side::local, aside.string() + ": " + failed.message());
    if (auto synced = platform::sync_file(aside); !synced) return synced;
    if (auto named = platform::rename_durably(aside, to / packed.digest); !named) return named;
  }
  return {};
}

}  // namespace

std::optional<std::string> rules_key_of(const HubOptions& hub) {
  const std::string text(text::trim(platform::text_of_small_file(hub.state / kKeyFile)));
  return text.empty() ? std::nullopt : std::optional(text);
}

Result<void> keep_rules_key(const HubOptions& hub, const std::string& key) {
  if (auto good = bundles::read_public_key(key); !good) return tl::unexpected(std::move(good).error());
  const auto there = rules_key_of(hub);
  if (there == key) return {};
  if (there)
    return fail(Errc::refused, Side::local,
                "the laptops of this hub believe another root key: with this one each would have to join again");
  return platform::replace_file(hub.state / kKeyFile, key + "\n");
}

int hub_failed(const Error& error) { return could_not(error, {Errc::not_found, Errc::refused}); }

int publish_release(const HubOptions& hub, const ReleaseOptions& options) {
  if (!options.rules_key.empty()) {
    if (auto kept = keep_rules_key(hub, options.rules_key); !kept) return hub_failed(kept.error());
  }
  auto store = open_store(hub);
  if (!store) return hub_failed(store.error());
  const auto release = read_release(hub, options);
  if (!release) {
    if (release.error().code == Errc::refused)
      static_cast<void>(
          (*store)->note({platform::wall_clock(), "", "-", "rules not published", release.error().context}));
    return hub_failed(release.error());
  }
  if (auto put = put_files(hub, options, release->manifest.manifest); !put) return hub_failed(put.error());
  if (auto done = hub::Releases((*store)->connection()).publish(*release); !done) {
    static_cast<void>((*store)->note({platform::wall_clock(), "", "-", "rules not published", done.error().context}));
    return hub_failed(done.error());
  }
  std::cout << "version " << release->version << " goes to " << release->rollout.stages.front()
            << " % of the laptops; 'fairlead hub rollout' shows how it goes\n";
  return kDone;
}

int show_rollout(const HubOptions& hub, const ReleaseOptions& options) {
  auto store = open_store(hub);
  if (!store) return hub_failed(store.error());
  hub::Releases releases((*store)->connection());
  auto all = releases.latest();
  if (!all) return hub_failed(all.error());
  if (all->empty()) {
    std::cout << "no rules are published\n";
    return options.stop || options.go_on ? kNo : kDone;
  }
  const std::uint64_t latest = all->front().version;
  const auto now = platform::wall_clock();
  if (options.stop) {
    if (auto done = releases.stop(latest, "by hand", now); !done) return hub_failed(done.error());
  }
  if (options.go_on) {
    if (auto done = releases.go_on(latest, now); !done) return hub_failed(done.error());
  }
  if (options.stop || options.go_on) all = releases.latest();
  if (!all) return hub_failed(all.error());
  for (const hub::Release& release : *all) {
    const auto heard = releases.heard(release);
    if (!heard) return hub_failed(heard.error());
    const hub::Rollout& rollout = release.rollout;
    std::cout << "version " << release.version << "  published " << events::utc_text(release.published) << "  "
              << rollout.stages[rollout.stage] << " % since " << events::utc_text(rollout.stage_since) << "  "
              << heard->on_it << " laptops have it, " << heard->failing << " cannot use it"
              << (rollout.stopped.empty() ? "" : "  STOPPED: " + std::string(printable(rollout.stopped))) << "\n";
  }
  return kDone;
}

}  // namespace fairlead::agent::command
