#pragma once
// "Certainly not listed": a binary fuse filter of eight bits (Graf and Lemire, 2022) over hashes of names, about nine
// bits a name. It says yes to one in 256 of what was never put in, and never no to what was. Split into shards by the
// upper bits of the hash: each is built by itself in little memory, and its three look-ups stay close together.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rules/match/file/file_view.hpp"

namespace fairlead::rules::match {

/// One shard. Part of the file format.
struct FuseShard {
  std::uint64_t seed;
  std::uint32_t begin;           // its first byte in the section of fingerprints
  std::uint32_t segment_length;  // a power of two
  std::uint32_t segments;        // where a first look-up may lie; two more follow
  std::uint32_t unused;
};

class FuseFilter {
 public:
  struct Built {
    std::vector<FuseShard> shards;
    std::vector<std::byte> fingerprints;
  };
  /// hashes  sorted by this call, and each kept once.
  [[nodiscard]] static Built build(std::vector<std::uint64_t>& hashes);

  FuseFilter() = default;
  FuseFilter(const FileView& file, std::span<const FuseShard> shards, std::span<const std::byte> fingerprints);

  [[nodiscard]] bool empty() const { return shards_.empty(); }

  /// Where one hash is looked up. Found for all suffixes of a host before the first is read, so that the waits for
  /// memory overlap.
  struct Probe {
    const std::byte* at[3];  // null: there is no such shard, or it is damaged
    std::byte fingerprint;
  };
  [[nodiscard]] Probe aim(std::uint64_t hash) const;
  /// False: certainly not in. Damage answers true: the exact store has the last word.
  [[nodiscard]] bool may_hold(const Probe& probe) const;
  [[nodiscard]] bool may_hold(std::uint64_t hash) const { return may_hold(aim(hash)); }

 private:
  enum class State : std::uint8_t { unread, sound, damaged };
  [[nodiscard]] bool check(std::size_t shard) const;

  const FileView* file_ = nullptr;
  std::span<const FuseShard> shards_;
  std::span<const std::byte> fingerprints_;
  unsigned shift_ = 0;  // hash >> shift_ is the shard
  // Each shard is checked whole when it is first asked: page by page would cost more than the look-ups themselves.
  mutable std::vector<std::atomic<State>> states_;
};

}  // namespace fairlead::rules::match
