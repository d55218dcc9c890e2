#pragma once
// How often a piece of text turns up in web addresses, roughly. Only an order: it says which of several sufficient
// literals is the cheapest to look for, and never decides about a URL. One object for one ruleset.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fairlead::rules::match {

class GramShares {
 public:
  GramShares();
  /// Expected occurrences of a gram of two to four bytes in one address: "http" about 1, "bet3" about one in 100,000.
  [[nodiscard]] double of_gram(std::string_view gram) const;
  /// Of a text of any size from two bytes: that of its rarest gram.
  [[nodiscard]] double of_text(std::string_view text) const;
  /// The same of a literal, for each pattern that is woken by it already.
  /// Words that many patterns share wake all of them, so another word of the pattern is the better one to look for.
  [[nodiscard]] double of_literal(std::string_view literal) const;
  /// One more pattern is woken by this literal.
  void note_use(const std::string& literal) { ++uses_[literal]; }

 private:
  std::unordered_map<std::uint32_t, double> common_[3];  // of two, three and four bytes; by key
  std::unordered_map<std::string, std::uint32_t> uses_;
};

}  // namespace fairlead::rules::match
