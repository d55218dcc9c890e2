#include "agent/fleet/updater.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

#include "agent/bundles/archive.hpp"
#include "agent/bundles/contents.hpp"
#include "agent/bundles/in_force.hpp"
#include "agent/bundles/packing.hpp"
#include "agent/bundles/trust.hpp"
#include "agent/events/device.hpp"
#include "agent/lists/build_rules.hpp"
#include "agent/lists/fetch.hpp"
#include "agent/lists/file_digests.hpp"
#include "agent/tls/request.hpp"

namespace fairlead::agent::fleet {
namespace {

namespace fs = std::filesystem;
using bundles::BundleStore;
using bundles::InForce;
using std::chrono::milliseconds;
using std::chrono::sys_seconds;

constexpr long kOk = 200, kNotModified = 304, kNotFound = 404;

/// Of the way to the rules, not of the rules: what is on it now may be gone with the next try.
bool is_of_the_way(const Error& error) {
  return error.code == Errc::unreachable || error.code == Errc::timed_out || error.code == Errc::closed ||
         error.code == Errc::untrusted;
}

sys_seconds seconds_of(events::TimePoint time) { return std::chrono::floor<std::chrono::seconds>(time); }

}  // namespace

struct Updater::Impl {
  explicit Impl(UpdaterOptions given) : options(std::move(given)), store(options.state) {}

  void run(const std::stop_token& stop);
  void round(const std::stop_token& stop);
  void ask_hub(const Membership& membership, const Way& way);
  Result<void> take(const Membership& membership, const HubAnswer& answer, HubClient& hub, const Way& way);
  Result<void> put_in_force(const bundles::Manifest& manifest, const bundles::Bundle& bundle, const std::string& group,
                            HubClient& hub, const Way& way);
  Result<void> fetch(const bundles::Manifest& manifest, const bundles::Bundle& bundle,
                     const BundleStore::Incoming& incoming, HubClient& hub, const Way& way);
  Result<void> fetch_one(const std::string& base, const bundles::Packed& packed, const BundleStore::Incoming& incoming,
                         HubClient& hub, const Way& way) const;
  Result<void> try_rules(const fs::path& folder) const;
  /// Empty: all is well.
  void could_not(const std::string& why);
  void refuse(std::uint64_t version, const Error& why);
  void look_at_store(const std::optional<Membership>& membership);
  [[nodiscard]] std::string decided_about(const Membership& membership) const;
  milliseconds pause();
  void set(const std::function<void(UpdaterStatus&)>& change);

  UpdaterOptions options;

  mutable std::mutex mutex;
  std::condition_variable_any woken;
  bool at_once = false;
  UpdaterStatus status;

  // The thread's own.
  const BundleStore store;
  TlsSessions sessions;
  std::optional<InForce> in_force;
  std::string etag;             // of a manifest about which everything is decided,
  std::string etag_stands_for;  // as long as this is so
  bool news = false;            // that the hub does not know yet
  std::chrono::seconds retry_after{0};
  std::mt19937_64 random{std::random_device{}()};

  std::jthread thread;  // last: it ends before what it uses
};

void Updater::Impl::set(const std::function<void(UpdaterStatus&)>& change) {
  const std::lock_guard lock(mutex);
  change(status);
}

void Updater::Impl::run(const std::stop_token& stop) {
  milliseconds wait(
      std::uniform_int_distribution<std::int64_t>(0, std::max<std::int64_t>(options.before_first.count(), 1))(random));
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex);
      woken.wait_for(lock, stop, wait, [&] { return at_once; });
      at_once = false;
    }
    if (stop.stop_requested()) return;
    round(stop);
    wait = std::max<milliseconds>(pause(), std::exchange(retry_after, std::chrono::seconds(0)));
  }
}

/// Give or take a fifth: laptops that were switched on by one bell do not ask at one moment for ever.
milliseconds Updater::Impl::pause() {
  const std::int64_t between = options.between.count();
  return milliseconds(std::uniform_int_distribution<std::int64_t>(between * 4 / 5, between * 6 / 5)(random));
}

void Updater::Impl::look_at_store(const std::optional<Membership>& membership) {
  const auto found = store.in_force();
  if (!found) options.tell("fleet: " + found.error().context);
  in_force = found.value_or(std::nullopt);
  set([&](UpdaterStatus& told) {
    told.awaits_rules = membership && !membership->rules_key.empty();
    told.version = in_force ? in_force->version : 0;
    told.digest = in_force ? in_force->digest : "";
    told.expires = in_force ? in_force->expires : sys_seconds();
    told.stale = in_force && in_force->expires < seconds_of(options.now());
  });
}

void Updater::Impl::round(const std::stop_token& stop) {
  const auto membership = read_membership(options.state);
  if (!membership) return set([&](UpdaterStatus& told) { told.trouble = membership.error().context; });
  look_at_store(*membership);
  if (!*membership && in_force) {  // left while an update was under way
    if (store.forget()) options.changed();
    return look_at_store(*membership);
  }
  if (!*membership || (*membership)->rules_key.empty()) return;
  Way way = options.way();
  way.stop = stop;
  if (decided_about(**membership) != etag_stands_for) etag.clear();
  ask_hub(**membership, way);
  etag_stands_for = decided_about(**membership);  // as this round knows it: somebody may have left and joined meanwhile
  look_at_store(*membership);
  if (std::exchange(news, false)) options.news();  // who hears of it asks for the status, which has it only now
}

/// Who asked which hub, whose rules are believed, and what is in force: a laptop that left and joined anew has nothing
/// of it.
std::string Updater::Impl::decided_about(const Membership& membership) const {
  const std::string rules = in_force ? std::to_string(in_force->version) + " " + in_force->digest : "";
  return membership.hub + " " + membership.rules_key + " " + membership.certificate + " " + rules;
}

void Updater::Impl::ask_hub(const Membership& membership, const Way& way) {
  const auto device = events::Device::read(options.state / "events");
  if (!device) return could_not(device.error().context);
  const auto key = device->key().private_key_pem();
  if (!key) return could_not(key.error().context);
  HubClient hub(membership, *key, &sessions);
  const auto answer = hub.get("/v1/manifest", etag, way);
  if (!answer) return could_not(answer.error().context);
  retry_after = answer->retry_after;
  if (answer->status == kNotModified || answer->status == kNotFound) return could_not("");
  if (answer->status != kOk) return could_not("the hub answers " + std::to_string(answer->status));
  could_not("");
  const auto taken = take(membership, *answer, hub, way);
  // What another try could mend is asked for again.
  const bool decided = taken || taken.error().code == Errc::refused || taken.error().code == Errc::test_failed;
  etag = decided ? answer->etag : "";
  if (taken) set([](UpdaterStatus& told) { told.refused_version = 0, told.refused.clear(); });
}

void Updater::Impl::could_not(const std::string& why) {
  set([&](UpdaterStatus& told) {
    if (told.trouble != why && !why.empty()) options.tell("fleet: no rules can be had: " + why);
    told.trouble = why;
  });
}

void Updater::Impl::refuse(std::uint64_t version, const Error& why) {
  bool is_new = false;
  set([&](UpdaterStatus& told) {
    is_new = told.refused != why.context || told.refused_version != version;
    told.refused_version = version;
    told.refused = why.context;
  });
  if (!is_new) return;
  options.tell("fleet: the rules that the hub hands out are refused: " + why.context);
  news = true;
}

Result<void> Updater::Impl::take(const Membership& membership, const HubAnswer& answer, HubClient& hub,
                                 const Way& way) {
  const auto refused = [&](std::uint64_t version, const Error& why) -> Result<void> {
    refuse(version, why);
    return tl::unexpected(why);
  };
  const auto handed = bundles::read_handed(answer.body);
  if (!handed) return refused(0, handed.error());
  const auto root = bundles::read_public_key(membership.rules_key);
  if (!root) return refused(0, root.error());
  const auto organisation = tls::organisation_of(membership.authority);
  if (!organisation) return refused(0, organisation.error());
  const sys_seconds now = std::max({handed->time.value_or(seconds_of(options.now())), options.built,
                                    in_force ? in_force->not_before : sys_seconds()});
  const auto manifest = bundles::check(handed->manifest, *root, now);
  if (!manifest) return refused(0, manifest.error());
  bundles::Standing standing{*organisation, membership.group, 0, {}};
  if (in_force) standing.version = in_force->version, standing.digest = in_force->digest;
  const auto next = bundles::next_bundle(*manifest, standing, now);
  if (!next && next.error().code == Errc::timed_out) return tl::unexpected(next.error());  // its time comes
  if (!next) return refused(manifest->version, next.error());
  if (*next == nullptr) return {};
  auto done = put_in_force(*manifest, **next, membership.group, hub, way);
  if (done) return done;
  if (!is_of_the_way(done.error())) return refused(manifest->version, done.error());
  could_not(done.error().context);
  return done;
}

Result<void> Updater::Impl::put_in_force(const bundles::Manifest& manifest, const bundles::Bundle& bundle,
                                         const std::string& group, HubClient& hub, const Way& way) {
  InForce wanted{manifest.version, bundle.digest, manifest.not_before, manifest.expires, {}};
  const bool same = in_force && in_force->digest == bundle.digest;  // only the manifest is new
  if (same) {
    wanted.previous = in_force->previous;
  } else {
    if (in_force) wanted.previous = in_force->digest;
    const auto incoming = store.prepare();
    if (!incoming) return tl::unexpected(incoming.error());
    if (auto fetched = fetch(manifest, bundle, *incoming, hub, way); !fetched) return fetched;
    if (auto unpacked = bundles::read_archive(incoming->archive, incoming->folder); !unpacked) return unpacked;
    const auto of_group = bundles::group_of(incoming->folder);
    if (!of_group) return tl::unexpected(of_group.error());
    if (*of_group != group)
      return fail(Errc::refused, Side::upstream, "the bundle is of another group, '" + *of_group + "'");
    if (auto good = try_rules(incoming->folder); !good) return good;
    if (auto kept = store.keep(*incoming, bundle.digest); !kept) return kept;
  }
  if (auto switched = store.switch_to(wanted); !switched) return switched;
  in_force = wanted;
  options.tell("fleet: version " + std::to_string(wanted.version) + " of the rules is in force, bundle " +
               wanted.digest.substr(0, 16));
  if (!same) options.changed();
  news = true;
  return {};
}

/// As a delta where there is one from what is here, else whole.
Result<void> Updater::Impl::fetch(const bundles::Manifest& manifest, const bundles::Bundle& bundle,
                                  const BundleStore::Incoming& incoming, HubClient& hub, const Way& way) {
  const auto get = [&](const bundles::Packed& packed, const fs::path& base) -> Result<void> {
    if (auto fetched = fetch_one(manifest.base, packed, incoming, hub, way); !fetched) return fetched;
    if (auto unpacked = bundles::unpack(incoming.packed, base, bundle.size, incoming.archive); !unpacked)
      return unpacked;
    const auto digest = lists::sha256_of_file(incoming.archive);
    if (!digest) return tl::unexpected(digest.error());
    if (*digest != bundle.digest)
      return fail(Errc::bad_file, Side::upstream, "forged: the bundle is not the one that the manifest names");
    return {};
  };
  const std::string from = in_force ? in_force->digest : "";
  const auto delta = std::find_if(bundle.deltas.begin(), bundle.deltas.end(),
                                  [&](const bundles::Packed& one) { return one.from == from; });
  if (delta != bundle.deltas.end() && get(*delta, store.archive_of(from))) return {};
  return get(bundle.whole, {});
}

/// From where the manifest says that the files lie, else from the hub.
Result<void> Updater::Impl::fetch_one(const std::string& base, const bundles::Packed& packed,
                                      const BundleStore::Incoming& incoming, HubClient& hub, const Way& way) const {
  const auto is_right = [&]() -> Result<void> {
    const auto digest = lists::sha256_of_file(incoming.packed);
    if (!digest) return tl::unexpected(digest.error());
    if (*digest != packed.digest)
      return fail(Errc::bad_file, Side::upstream,
                  "forged: a file of the bundle is not the one that the manifest names");
    return {};
  };
  if (!base.empty()) {
    lists::FetchOptions how;
    how.proxy = way.proxy;
    how.proxy_authorization = way.proxy_authorization;
    how.proxy_except = way.proxy_except;
    how.stop = way.stop;
    lists::FetchRequest request{base + packed.digest, incoming.packed.parent_path(), {}, packed.size, false, {}};
    std::error_code failed;
    if (lists::fetch(request, how)) fs::rename(request.folder / "incoming.part", incoming.packed, failed);
    if (!failed && is_right()) return {};
  }
  if (auto done = hub.download("/v1/bundle/" + packed.digest, packed.size, incoming.packed, way); !done) return done;
  return is_right();
}

/// Compiles them and runs every test in their files. What was compiled is kept for the moment of the switch.
Result<void> Updater::Impl::try_rules(const fs::path& folder) const {
  const fs::path config = bundles::config_of(folder);
  const lists::ListStore stored(bundles::lists_of(config, {}));
  const lists::RulesetStore rulesets(options.state / "rulesets");
  lists::BuildRequest request{config, &stored, &rulesets};
  request.accept_loss = true;  // who signed the bundle meant it
  request.keep = lists::BuildRequest::Keep::for_later;
  const auto built = lists::build_rules(request);
  if (built.rules) return {};
  // What stands in the files may name people: only the place leaves this laptop.
  options.tell("fleet: " + lists::refusal_of(built).context);
  std::string place = "the rules";
  for (const auto& problem : built.problems) {
    if (problem.kind != rules::catalog::Problem::Kind::error) continue;
    place = problem.file + ":" + std::to_string(problem.line);
    break;
  }
  return fail(Errc::test_failed, Side::upstream, "they do not load, or a test in them fails: " + place);
}

Updater::Updater(UpdaterOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
  impl_->thread = std::jthread([this](const std::stop_token& stop) { impl_->run(stop); });
}
Updater::~Updater() = default;

void Updater::try_now() {
  const std::lock_guard lock(impl_->mutex);
  impl_->at_once = true;
  impl_->woken.notify_all();
}

UpdaterStatus Updater::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->status;
}

}  // namespace fairlead::agent::fleet
