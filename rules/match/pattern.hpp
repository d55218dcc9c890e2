#pragma once
// One RE2 pattern, compiled under limits, with the literals that every match must contain. RE2 stays inside.
// Compiling costs tens of microseconds and happens at load; matching is const, linear in the text, from any thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace fairlead::rules::match {

/// What a pattern looks at; `words` are those typed into a search engine.
enum class Subject : std::uint8_t { host, path, query, url, words };

class Pattern {
 public:
  /// Compiles `text` for `subject`; hosts are lower case already, everything else is matched without regard to case.
  /// Errors   what is wrong and the mend, for people: empty, over 4 KiB, bad syntax, too big, matches everything.
  [[nodiscard]] static tl::expected<Pattern, std::string> compile(std::string_view text, Subject subject);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  [[nodiscard]] bool matches(std::string_view text) const;
  /// The leftmost match, a view into `text`; empty when there is none.
  [[nodiscard]] std::string_view span(std::string_view text) const;

  /// Literals (ASCII, lower case, two bytes to 32) of which at least one is in every text that matches.
  /// Empty: there is no such set, so the pattern must be tried on every text.
  [[nodiscard]] const std::vector<std::string>& triggers() const { return triggers_; }

 private:
  struct Compiled;
  explicit Pattern(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
  std::vector<std::string> triggers_;
};

}  // namespace fairlead::rules::match
