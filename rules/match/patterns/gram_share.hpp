#pragma once
// How often a piece of text turns up in web addresses, roughly. Only an order: it says which of several sufficient
// literals is the cheapest to look for, and never decides about a URL. Built once; const afterwards.

#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace fairlead::rules::match {

class GramShares {
 public:
  GramShares();
  /// Expected occurrences of a gram of two to four bytes in one address: "http" about 1, "bet3" about one in 100,000.
  [[nodiscard]] double of_gram(std::string_view gram) const;
  /// Of a literal of any size from two bytes: that of its rarest gram.
  [[nodiscard]] double of_literal(std::string_view literal) const;

 private:
  std::unordered_map<std::uint32_t, double> common_[3];  // of two, three and four bytes; by key
};

}  // namespace fairlead::rules::match
