#pragma once
// One RE2 pattern under limits, and what can be said about it before it is used. RE2 stays inside. Matching is const,
// linear in the text, from any thread.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "rules/match/patterns/gram_share.hpp"

namespace fairlead::rules::match {

class Regex {
 public:
  /// any_case  hosts are lower case already; everything else is matched without regard to case.
  /// memory    that it may take, with what RE2 caches while it matches; in bytes: Examined::memory.
  /// Errors    what is wrong and the mend, for people: empty, over 4 KiB, bad syntax, too big.
  [[nodiscard]] static tl::expected<Regex, std::string> compile(std::string_view text, bool any_case,
                                                                std::size_t memory = std::size_t{2} << 20);

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  [[nodiscard]] bool matches(std::string_view text) const;
  /// The leftmost match, a view into `text`; empty when there is none.
  [[nodiscard]] std::string_view span(std::string_view text) const;
  [[nodiscard]] std::size_t memory() const;

 private:
  struct Compiled;
  explicit Regex(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

/// What is known of a pattern before it is used.
struct Examined {
  /// Literals (ASCII, lower case, two bytes or more) of which at least one is in every text that matches: the rarest
  /// such set. Empty: there is none, so the pattern must be tried on every text.
  std::vector<std::string> triggers;
  /// More sets of that kind.
  std::vector<std::vector<std::string>> required;
  /// What RE2 needs to match it fast, in bytes.
  std::size_t memory = 0;
};

/// Errors   as Regex::compile; and a pattern that matches everything.
/// Cost     ten to a hundred microseconds.
[[nodiscard]] tl::expected<Examined, std::string> examine(std::string_view text, bool any_case,
                                                          const GramShares& shares);

}  // namespace fairlead::rules::match
