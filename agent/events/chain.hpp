#pragma once
// The chain of digests over stored rows: how a row is hashed, sealed, linked to the next and proved erased. Pure, given
// the key; writing and verifying both go through here, so that they cannot disagree. FORMAT.md holds the definition.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/digest.hpp"
#include "agent/events/event.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::events {

/// How the columns of a chained table stand: `numbers` integers (sequence and epoch first), `texts` public texts,
/// `personal` fields that can be erased; then salt, commitment, digest, seal, proof of erasure.
struct Shape {
  std::string_view name;
  int numbers, texts, personal;
  [[nodiscard]] constexpr int salt() const { return numbers + texts + personal; }
  [[nodiscard]] constexpr int commitment() const { return salt() + 1; }
  [[nodiscard]] constexpr int digest() const { return salt() + 2; }
  [[nodiscard]] constexpr int seal() const { return salt() + 3; }
  [[nodiscard]] constexpr int erased() const { return salt() + 4; }
};
inline constexpr Shape kEventShape{"event", 3, 16, 6};
inline constexpr Shape kReportShape{"report", 4, 1, 2};
inline constexpr Shape kEntryShape{"entry", 5, 3, 3};

/// As long as a proof of erasure, which takes its place: a row must not grow when it is erased (sql.hpp).
inline constexpr std::size_t kSaltSize = 32;
inline constexpr std::size_t kOldSaltSize = 16;  // in rows of version 1

/// One row as it is hashed; the views are the caller's.
struct Row {
  std::vector<std::uint64_t> numbers;
  std::vector<std::string_view> texts, personal;
};

/// Where a chain stands: the last sequence and its digest, which the next row builds on.
struct Link {
  std::uint64_t sequence = 0;
  Digest digest;
  bool operator==(const Link&) const = default;
};

/// The end of everything, signed at each commit.
struct Head {
  std::uint64_t epoch = 0;
  Link events, reports, entries;
  std::uint64_t counters = 0;  // rows in that table
};

[[nodiscard]] Row row_of(const Event& event, std::uint64_t sequence, std::uint64_t epoch);
[[nodiscard]] Row row_of(const Report& report, std::uint64_t sequence, std::uint64_t epoch, std::uint64_t event);
/// state    what a review makes of its incident, else empty. Public, so that it outlives the body.
[[nodiscard]] Row row_of(const Entry& entry, std::uint64_t sequence, std::uint64_t epoch, std::string_view state);

/// What the first row of a table builds on: bound to the device of this public key.
[[nodiscard]] Link first_link(Hasher& hasher, const Shape& shape, std::string_view public_key);
/// The commitment to the personal fields; without the salt it tells nothing about them.
[[nodiscard]] Digest commitment(Hasher& hasher, const Shape& shape, std::string_view salt,
                                std::span<const std::string_view> personal);
[[nodiscard]] Digest row_digest(Hasher& hasher, const Shape& shape, const Link& before, const Row& row,
                                std::string_view committed);

/// What the device signs for the head, and proves (see DeviceKey::proof) for a row, an erasure and a counter.
[[nodiscard]] Digest seal_message(Hasher& hasher, const Shape& shape, std::string_view digest);
/// An event's seal covers where it was placed as well.
[[nodiscard]] Digest event_seal_message(Hasher& hasher, std::string_view digest, std::uint64_t incident,
                                        std::uint64_t marks);
[[nodiscard]] Digest head_message(Hasher& hasher, const Head& head);
/// Of version 1, which had no entries.
[[nodiscard]] Digest old_head_message(Hasher& hasher, const Head& head);
[[nodiscard]] Digest erasure_message(Hasher& hasher, const Shape& shape, std::string_view digest);
[[nodiscard]] Digest counter_message(Hasher& hasher, std::uint64_t day, std::string_view category,
                                     std::string_view group, std::uint64_t count);

}  // namespace fairlead::agent::events
