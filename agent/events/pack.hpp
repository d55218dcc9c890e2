#pragma once
// An evidence pack: chosen events with what was said and done about them, as one HTML file that a person can read and
// `fairlead events verify PACK` can check on another machine, without the store. FORMAT.md says what it proves.
// Pure, but for the store that fills it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/event.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::events {

/// A pack is handed over and read by people.
inline constexpr std::size_t kMostPacked = 5'000;                    // events
inline constexpr std::size_t kLargestPack = std::size_t{64} << 20U;  // bytes

struct PackRequest {
  std::vector<std::uint64_t> incidents;  // each with all its events
  std::vector<std::string> events;       // ids, besides
  std::string made_by;                   // account, for the page
  TimePoint made{};
};

struct PackVerified {
  std::string first_bad;           // empty when clean: "events[3].url: it was changed"
  std::string device, public_key;  // whose signature it is: to be compared with what the organisation has on record
  TimePoint made{};
  std::uint64_t events = 0, reports = 0, entries = 0;
};

/// pack     any bytes; those over kLargestPack are refused unread.
/// Returns  what is wrong, as an answer; no input is an error.
[[nodiscard]] PackVerified verify_pack(std::string_view pack);

}  // namespace fairlead::agent::events
