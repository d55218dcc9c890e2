#pragma once
// Sorts millions of names in little memory: batches are sorted, packed tightly, and merged at the end. One object for
// one ruleset, from one thread.

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::rules::match {

/// Where a name was read: the number of the file, and the line in it; for a category file the number of the rule.
struct Posting {
  std::uint32_t file = 0, place = 0;
  friend constexpr auto operator<=>(const Posting&, const Posting&) = default;
};

class NameSorter {
 public:
  /// key  as names/name_key.hpp makes it, under 64 KiB.
  void add(std::string_view key, Posting posting);

  /// How many were added.
  [[nodiscard]] std::size_t size() const { return added_; }

  /// What some keys have that the key before does not, spread over all of them: to learn symbols from.
  [[nodiscard]] std::vector<std::string> sample_tails();

  using Each = std::function<void(std::string_view key, std::span<const Posting> postings)>;
  /// Calls `each` for every key in order, with its postings in order. Once: memory is freed on the way.
  void merge(const Each& each);

 private:
  struct Record {
    std::uint64_t prefix;
    std::uint32_t text_begin, text_size;
    Posting posting;
  };
  using Run = std::deque<std::string>;  // packed entries, in pieces that can be freed one by one
  class RunReader;

  void pack();
  [[nodiscard]] std::string_view text_of(const Record& record) const {
    return std::string_view(texts_).substr(record.text_begin, record.text_size);
  }

  std::size_t added_ = 0;
  std::vector<Record> records_;
  std::string texts_;
  std::vector<Run> runs_;
};

}  // namespace fairlead::rules::match
