#pragma once
// Gathers the patterns of a ruleset and writes the index by which they are found. One object for one index, from one
// thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "rules/catalog/imports/filter.hpp"
#include "rules/match/file/file_writer.hpp"
#include "rules/match/match.hpp"
#include "rules/match/patterns/gram_share.hpp"
#include "rules/match/patterns/pattern_records.hpp"
#include "rules/match/patterns/required_grams.hpp"

namespace fairlead::rules::match {

class PatternWriter {
 public:
  /// Patterns that no literal can wake are tried on every URL; more of them than this are refused.
  static constexpr std::size_t kMostAlwaysTried = 256;

  /// shares  must outlive this.
  PatternWriter(GramShares& shares, FileWriter& out) : shares_(shares), out_(out) {}

  /// Errors   what is wrong with the pattern and the mend, for people.
  [[nodiscard]] tl::expected<void, std::string> add_regex(std::string_view re2, Subject subject, Part part, Posting at);
  [[nodiscard]] tl::expected<void, std::string> add_filter(const catalog::Filter& filter, Posting at);

  [[nodiscard]] std::size_t size() const { return patterns_.size(); }
  [[nodiscard]] std::size_t always_tried() const { return always_.size(); }
  [[nodiscard]] std::size_t asking_for_context() const { return asking_for_context_; }
  /// Puts the sections into the file, counting from `base`.
  void finish(Section base);

 private:
  struct Literal {
    std::string text;
    std::uint32_t pattern;
    std::size_t in_filter = 0;  // where it begins in a plain filter's text
  };
  struct Found {
    std::uint32_t key;
    std::uint32_t gram;  // the key of the first four bytes, or of less
    std::size_t size;    // of the gram
    LiteralRecord record;
  };
  [[nodiscard]] tl::expected<void, std::string> keep_regex(std::string_view re2, bool any_case, PatternRecord& record);
  void wake_by_piece_of(std::string_view filter_text);
  [[nodiscard]] Found file(const Literal& literal, std::unordered_map<std::uint32_t, std::uint32_t>& crowd) const;
  void add_neighbours(std::vector<Found>& found) const;
  void write_maps(Section base, const std::vector<Found>& literals);
  [[nodiscard]] std::uint32_t keep_options(const catalog::Filter& filter);
  void keep_pages(const std::vector<std::string>& hosts);

  GramShares& shares_;
  FileWriter& out_;
  std::vector<PatternRecord> patterns_;
  std::vector<FilterRecord> filters_;
  std::vector<PageRecord> pages_;
  std::vector<std::uint32_t> always_;
  std::vector<RequiredGram> required_;
  std::vector<Literal> literals_;
  std::size_t asking_for_context_ = 0;
};

}  // namespace fairlead::rules::match
