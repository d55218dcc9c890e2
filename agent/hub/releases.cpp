#include "agent/hub/releases.hpp"

#include <algorithm>
#include <utility>

#include "agent/hub/database.hpp"
#include "agent/hub/releases_sql.hpp"
#include "agent/hub/sql.hpp"

namespace fairlead::agent::hub {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kLatest = 16;  // releases of which some laptop may be handed one
constexpr auto kLongestSilence = std::chrono::hours(1);
constexpr std::size_t kLongestReason = 300;
constexpr double kHour = 3600e3;

Result<Release> release_from(const Row& row) {
  auto stages = read_stages(text_at(row, 6));
  if (!stages || count_at(row, 8) >= stages->size())
    return fail(Errc::broken_store, Side::local, "a release in the store has no stages");
  return Release{
      count_at(row, 0),
      {text_at(row, 1), text_at(row, 2), text_at(row, 3), text_at(row, 4)},
      time_at(row, 5),
      {*std::move(stages), count_at(row, 8), time_at(row, 9), milliseconds(number_at(row, 7)), text_at(row, 10)}};
}

}  // namespace

Result<void> Releases::note(const std::string& what, const std::string& detail, Now now) {
  const auto done = connection_.run(sql::kNote, {column_of(now), std::string(), std::string("-"), what, detail});
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<void> Releases::publish(const Release& release) {
  const auto latest = connection_.run(sql::kLatestRelease, {});
  if (!latest) return tl::unexpected(latest.error());
  if (const std::uint64_t there = count_at(latest->front(), 0); there >= release.version)
    return fail(Errc::refused, Side::local,
                "version " + std::to_string(there) + " is published already: versions only grow");
  const bundles::SignedManifest& manifest = release.manifest;
  const Rollout& rollout = release.rollout;
  const auto added =
      connection_.run(sql::kAddRelease,
                      {column_of(release.version), manifest.manifest, manifest.signature, manifest.key,
                       manifest.key_signature, column_of(release.published), write_stages(rollout.stages),
                       rollout.wait.count(), column_of(std::uint64_t{rollout.stage}), column_of(rollout.stage_since)});
  if (!added) return tl::unexpected(added.error());
  return note("rules published",
              "version " + std::to_string(release.version) + " in stages of " + write_stages(rollout.stages) + " %",
              release.published);
}

Result<std::vector<Release>> Releases::latest() {
  const auto rows = connection_.run(sql::kReleases, {kLatest});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Release> out;
  for (const Row& row : *rows) {
    auto release = release_from(row);
    if (!release) return tl::unexpected(std::move(release).error());
    out.push_back(*std::move(release));
  }
  return out;
}

Result<void> Releases::stop(std::uint64_t version, const std::string& why, Now now) {
  const auto stopped = connection_.run(sql::kStopRelease, {why, column_of(version)});
  if (!stopped) return tl::unexpected(stopped.error());
  if (stopped->empty()) return fail(Errc::not_found, Side::client, "no release of that version is under way");
  return note("rules stopped", "version " + std::to_string(version) + ": " + why, now);
}

Result<void> Releases::go_on(std::uint64_t version, Now now) {
  const auto moved = connection_.run(sql::kGoOnWithRelease, {column_of(now), column_of(version)});
  if (!moved) return tl::unexpected(moved.error());
  if (moved->empty()) return fail(Errc::not_found, Side::client, "no release of that version is stopped");
  return note("rules go on", "version " + std::to_string(version), now);
}

Result<bool> Releases::tell(const std::string& device, const RulesTold& told, Now now) {
  const auto latest = connection_.run(sql::kLatestRelease, {});
  if (!latest) return tl::unexpected(latest.error());
  const std::uint64_t compared_with = count_at(latest->front(), 0);
  const auto before = connection_.run(sql::kDeviceRules, {device});
  if (!before) return tl::unexpected(before.error());
  std::uint64_t blocks = 0;
  milliseconds heard_for{0};
  const std::string failing = told.failing.substr(0, kLongestReason);
  bool is_new = !failing.empty();
  if (!before->empty()) {
    const Row& row = before->front();
    is_new = is_new && (text_at(row, 1) != failing || count_at(row, 2) != told.failing_version);
    // Laptops with the new rules and those with the old are compared over the same time: since it was published.
    if (count_at(row, 0) == told.version && count_at(row, 6) == compared_with) {
      const bool same_run = text_at(row, 3) == told.started && count_at(row, 4) <= told.blocked;
      blocks = count_at(row, 7) + told.blocked - (same_run ? count_at(row, 4) : 0);
      heard_for = milliseconds(number_at(row, 8)) +
                  std::clamp<milliseconds>(now - time_at(row, 5), milliseconds(0), kLongestSilence);
    }
  }
  const auto done =
      connection_.run(sql::kTellDeviceRules, {device, column_of(told.version), failing, column_of(told.failing_version),
                                              told.started.substr(0, 64), column_of(told.blocked), column_of(now),
                                              column_of(compared_with), column_of(blocks), heard_for.count()});
  if (!done) return tl::unexpected(done.error());
  return is_new;
}

Result<Heard> Releases::heard(const Release& release) {
  const auto rows = connection_.run(sql::kDevicesSince, {column_of(release.rollout.stage_since)});
  if (!rows) return tl::unexpected(rows.error());
  Heard out;
  const unsigned percent = release.rollout.stages[release.rollout.stage];
  for (const Row& row : *rows) {
    const bool has_it = count_at(row, 1) == release.version,
               fails = !text_at(row, 2).empty() && count_at(row, 3) == release.version;
    if (has_it || is_among(text_at(row, 0), release.version, percent)) ++out.chosen;
    if (fails) {
      ++out.failing;
      out.example = text_at(row, 2);
    } else if (has_it) {
      ++out.on_it;
    }
    if (count_at(row, 4) != release.version) continue;
    (has_it ? out.blocks : out.blocks_of_others) += static_cast<double>(count_at(row, 5));
    (has_it ? out.hours : out.hours_of_others) += static_cast<double>(number_at(row, 6)) / kHour;
  }
  return out;
}

Result<void> Releases::look(Now now) {
  const auto all = latest();
  if (!all) return tl::unexpected(all.error());
  if (all->empty() || !all->front().rollout.stopped.empty()) return {};
  const Release& release = all->front();
  const auto told = heard(release);
  if (!told) return tl::unexpected(told.error());
  const Judgement judgement = judge(release.rollout, *told, now);
  if (judgement.next == Next::wait) return {};
  if (judgement.next == Next::stop) {
    auto stopped = stop(release.version, judgement.why, now);
    return stopped || stopped.error().code == Errc::not_found ? Result<void>() : stopped;  // another hub was first
  }
  const std::size_t next = release.rollout.stage + 1;
  const auto moved =
      connection_.run(sql::kMoveRelease, {column_of(std::uint64_t{next}), column_of(now), column_of(release.version),
                                          column_of(std::uint64_t{release.rollout.stage})});
  if (!moved) return tl::unexpected(moved.error());
  if (moved->empty()) return {};
  return note(
      "rules go on",
      "version " + std::to_string(release.version) + " to " + std::to_string(release.rollout.stages[next]) + " %", now);
}

Result<std::set<std::string, std::less<>>> Releases::revoked() {
  const auto rows = connection_.run(sql::kRevoked, {});
  if (!rows) return tl::unexpected(rows.error());
  std::set<std::string, std::less<>> out;
  for (const Row& row : *rows) out.insert(text_at(row, 0));
  return out;
}

}  // namespace fairlead::agent::hub
