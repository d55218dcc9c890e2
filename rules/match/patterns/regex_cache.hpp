#pragma once
// RE2 programs, compiled when they are first needed and kept while they are used: least recently used first to go, and
// together never above a fixed amount of memory. What each may take is accounted for whole, though few use it. Any
// thread.

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "rules/match/patterns/regex.hpp"

namespace fairlead::rules::match {

class RegexCache {
 public:
  /// What all programs and what RE2 caches for them may take, in bytes.
  static constexpr std::size_t kDefaultMost = std::size_t{64} << 20U;

  explicit RegexCache(std::size_t most = kDefaultMost) : most_(most) {}

  /// The program of a pattern. Null when RE2 does not take it, or when it alone would pass the limit: then the pattern
  /// cannot be judged, which is not the same as "does not match".
  /// memory  as for Regex::compile().
  [[nodiscard]] std::shared_ptr<const Regex> get(std::uint32_t pattern, std::string_view text, bool any_case,
                                                 std::size_t memory);

  void clear();
  /// Bytes that are accounted for now.
  [[nodiscard]] std::size_t used() const;

 private:
  struct Entry {
    std::shared_ptr<const Regex> regex;
    std::list<std::uint32_t>::iterator place;
  };
  const std::size_t most_;
  void make_room();

  mutable std::mutex mutex_;
  std::size_t used_ = 0;
  std::list<std::uint32_t> order_;  // the most recently used first
  std::unordered_map<std::uint32_t, Entry> entries_;
};

}  // namespace fairlead::rules::match
