#include "rules/match/names/fuse_filter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "rules/match/names/name_hash.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kMostInShard = std::size_t{64} * 1024;

struct Places {
  std::uint32_t at[3];
};

constexpr std::byte fingerprint_of(std::uint64_t mixed) { return static_cast<std::byte>(mixed ^ (mixed >> 32)); }

/// The three places of a hash: in three segments that follow one another, the first anywhere.
Places places_of(std::uint64_t mixed, const FuseShard& shard) {
  __extension__ using Wide = unsigned __int128;
  const auto span = std::uint64_t{shard.segments} * shard.segment_length;
  const auto first = static_cast<std::uint32_t>((static_cast<Wide>(mixed) * span) >> 64U);
  const std::uint32_t mask = shard.segment_length - 1;
  return {{first, (first + shard.segment_length) ^ (static_cast<std::uint32_t>(mixed >> 18U) & mask),
           (first + 2 * shard.segment_length) ^ (static_cast<std::uint32_t>(mixed) & mask)}};
}

std::uint32_t slots_of(const FuseShard& shard) { return (shard.segments + 2) * shard.segment_length; }

/// The sizes that the paper found to work: longer segments and less room to spare for more keys.
FuseShard shape_for(std::size_t keys) {
  FuseShard shard{};
  const double n = static_cast<double>(std::max<std::size_t>(keys, 2));
  shard.segment_length = std::uint32_t{1}
                         << static_cast<unsigned>(std::clamp(std::log(n) / std::log(3.33) + 2.25, 2.0, 18.0));
  const double factor = std::max(1.125, 0.875 + 0.25 * std::log(1e6) / std::log(n));
  const auto slots = static_cast<std::uint32_t>(std::max(n * factor, 4.0));
  const std::uint32_t segments = (slots + shard.segment_length - 1) / shard.segment_length;
  shard.segments = segments > 2 ? segments - 2 : 1;
  return shard;
}

/// Tries one seed: peels keys off that have a place of their own, then gives each key its place's fingerprint, the last
/// peeled first. Nothing when some keys have none.
bool fill(std::span<const std::uint64_t> keys, const FuseShard& shard, std::span<std::byte> fingerprints) {
  const std::uint32_t slots = slots_of(shard);
  std::vector<std::uint64_t> sums(slots);  // XOR of the mixed hashes that fall on a place
  std::vector<std::uint8_t> counts(slots);
  for (const std::uint64_t key : keys) {
    const std::uint64_t mixed = mix(key ^ shard.seed, kNameHashSeed);
    for (const std::uint32_t at : places_of(mixed, shard).at) {
      sums[at] ^= mixed;
      if (++counts[at] == 0) return false;  // 256 on one place
    }
  }
  std::vector<std::uint32_t> alone;
  for (std::uint32_t at = 0; at < slots; ++at) {
    if (counts[at] == 1) alone.push_back(at);
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> peeled;
  peeled.reserve(keys.size());
  while (!alone.empty()) {
    const std::uint32_t at = alone.back();
    alone.pop_back();
    if (counts[at] != 1) continue;
    const std::uint64_t mixed = sums[at];
    peeled.emplace_back(mixed, at);
    for (const std::uint32_t other : places_of(mixed, shard).at) {
      sums[other] ^= mixed;
      if (--counts[other] == 1) alone.push_back(other);
    }
  }
  if (peeled.size() != keys.size()) return false;
  for (auto key = peeled.rbegin(); key != peeled.rend(); ++key) {
    auto value = fingerprint_of(key->first);
    for (const std::uint32_t at : places_of(key->first, shard).at) {
      if (at != key->second) value ^= fingerprints[at];
    }
    fingerprints[key->second] = value;
  }
  return true;
}

}  // namespace

FuseFilter::Built FuseFilter::build(std::vector<std::uint64_t>& hashes) {
  Built built;
  if (hashes.empty()) return built;
  std::sort(hashes.begin(), hashes.end());
  // Two names may share a hash, and a path rule for all of a host has that of the host's mark: once is enough.
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  const std::size_t shards = std::bit_ceil((hashes.size() + kMostInShard - 1) / kMostInShard);
  const unsigned shift = 64 - static_cast<unsigned>(std::countr_zero(shards));
  auto begin = hashes.cbegin();
  for (std::size_t i = 0; i < shards; ++i) {
    const auto end = shards == 1 ? hashes.cend() : std::partition_point(begin, hashes.cend(), [&](std::uint64_t hash) {
      return hash >> shift <= i;
    });
    const std::span<const std::uint64_t> keys(begin, end);
    FuseShard shard = shape_for(keys.size());
    shard.begin = static_cast<std::uint32_t>(built.fingerprints.size());
    built.fingerprints.resize(built.fingerprints.size() + slots_of(shard));
    const std::span<std::byte> place = std::span(built.fingerprints).subspan(shard.begin);
    // One try in a hundred fails; seeds are counted and not drawn, so that the same names give the same file.
    constexpr int kMostTries = 1000;
    int tries = 0;
    do {
      if (++tries > kMostTries) throw std::logic_error("no seed fits the names of a filter");
      shard.seed = mix(static_cast<std::uint64_t>(tries), kNameHashSeed + i);
    } while (!fill(keys, shard, place));
    built.shards.push_back(shard);
    begin = end;
  }
  return built;
}

FuseFilter::FuseFilter(const FileView& file, std::span<const FuseShard> shards, std::span<const std::byte> fingerprints)
    : file_(&file), shards_(shards), fingerprints_(fingerprints) {
  // A shard is read for every name that is looked up: they are checked here, once and all of them.
  const auto fits = [&](const FuseShard& shard) {
    return std::has_single_bit(shard.segment_length) &&
           std::uint64_t{shard.begin} + (std::uint64_t{shard.segments} + 2) * shard.segment_length <=
               fingerprints.size();
  };
  const bool good =
      shards.empty() || (std::has_single_bit(shards.size()) && file.sound(shards.data(), shards.size_bytes()) &&
                         std::all_of(shards.begin(), shards.end(), fits));
  if (!good) {
    file.report();
    shards_ = {};
  }
  shift_ = 64 - static_cast<unsigned>(std::countr_zero(std::max<std::size_t>(shards_.size(), 1)));
  states_ = std::vector<std::atomic<State>>(shards_.size());
}

bool FuseFilter::check(std::size_t number) const {
  const FuseShard& shard = shards_[number];
  const bool sound = file_->sound(&fingerprints_[shard.begin], slots_of(shard));
  states_[number].store(sound ? State::sound : State::damaged, std::memory_order_relaxed);
  return sound;
}

FuseFilter::Probe FuseFilter::aim(std::uint64_t hash) const {
  constexpr Probe kNowhere{{nullptr, nullptr, nullptr}, std::byte{0}};
  if (shards_.empty()) return kNowhere;
  const std::size_t number = shards_.size() == 1 ? 0 : hash >> shift_;
  const State state = states_[number].load(std::memory_order_relaxed);
  if (state != State::sound && (state == State::damaged || !check(number))) return kNowhere;
  const FuseShard& shard = shards_[number];
  const std::uint64_t mixed = mix(hash ^ shard.seed, kNameHashSeed);
  const Places places = places_of(mixed, shard);
  const std::byte* begin = &fingerprints_[shard.begin];
  const Probe probe{{begin + places.at[0], begin + places.at[1], begin + places.at[2]}, fingerprint_of(mixed)};
  for (const std::byte* at : probe.at) __builtin_prefetch(at);
  return probe;
}

bool FuseFilter::may_hold(const Probe& probe) const {
  if (probe.at[0] == nullptr) return file_ != nullptr && file_->damaged();
  return (*probe.at[0] ^ *probe.at[1] ^ *probe.at[2]) == probe.fingerprint;
}

}  // namespace fairlead::rules::match
