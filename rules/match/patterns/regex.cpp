#include "rules/match/patterns/regex.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include "rules/match/patterns/gram.hpp"
#include "rules/match/patterns/optional_parts.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostSets = 3;  // of literals that must be there, beside the one that is waited for
constexpr std::size_t kMostMemory = std::size_t{2} << 20;

/// RE2 is given an amount of memory for its program and for the states that it caches while it matches. With room for
/// some dozen states it reads a byte in a nanosecond; with less it falls back to a way that is ten times slower.
/// Measured over the patterns of the shipped categories, that takes this much for each instruction.
constexpr std::size_t kMemoryAnInstruction = 768;
constexpr std::size_t kLeastMemory = std::size_t{48} << 10;

re2::RE2::Options options_for(bool any_case, std::size_t memory) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(static_cast<std::int64_t>(memory));
  options.set_case_sensitive(!any_case);
  return options;
}

std::string explain(const re2::RE2& re2) {
  const std::string part = re2.error_arg().empty() ? "" : " at '" + re2.error_arg() + "'";
  switch (re2.error_code()) {
    case re2::RE2::ErrorBadEscape:
      return "unknown escape" + part + "; write the character itself, or \\. for a dot";
    case re2::RE2::ErrorBadCharClass:
    case re2::RE2::ErrorBadCharRange:
      return "bad character class" + part + "; write it like [a-z0-9-]";
    case re2::RE2::ErrorMissingBracket:
      return "a '[' has no ']'" + part + "; close it";
    case re2::RE2::ErrorMissingParen:
    case re2::RE2::ErrorUnexpectedParen:
      return "brackets do not pair" + part + "; write as many ')' as '('";
    case re2::RE2::ErrorTrailingBackslash:
      return "a '\\' stands at the end; write '\\\\' or take it out";
    case re2::RE2::ErrorRepeatArgument:
    case re2::RE2::ErrorRepeatOp:
      return "nothing to repeat" + part + "; put a character or (...) before it";
    case re2::RE2::ErrorRepeatSize:
      return "a count is too high" + part + "; keep counts under 1000";
    case re2::RE2::ErrorBadPerlOp:
      return "RE2 has no look-ahead, look-behind or back-reference" + part + "; put the look-alike under 'allow'";
    case re2::RE2::ErrorPatternTooLarge:
      return "it compiles too big; shorten its counts or split it";
    default:
      return "RE2 does not take it: " + re2.error();
  }
}

/// The part of a literal that may be looked for: its rarest run of ASCII bytes. Empty: there is none long enough.
std::string usable_part(std::string_view atom, const GramShares& shares) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  std::string_view best;
  for (std::size_t begin = 0; begin < atom.size();) {
    std::size_t end = begin;
    while (end < atom.size() && is_ascii(atom[end])) ++end;
    const std::string_view run = atom.substr(begin, end - begin);
    if (run.size() >= kShortest && (best.empty() || shares.of_literal(run) < shares.of_literal(best))) {
      best = run;
    }
    begin = end + 1;
  }
  return std::string(best);
}

/// Picks sets of literals without any of which a pattern cannot match, the rarest first, no literal in two of them. RE2
/// knows, for literals found in a text, whether the pattern still could match; so a set is one to wait for when the
/// pattern cannot match a text that holds all the *other* literals. Dropping one literal after the other, the most
/// common first, leaves such a set.
class LiteralSets {
 public:
  LiteralSets(re2::FilteredRE2& filter, const GramShares& shares) : filter_(filter) {
    filter.Compile(&atoms_);
    for (const std::string& atom : atoms_) {
      usable_.push_back(usable_part(atom, shares));
      share_.push_back(usable_.back().empty() ? 0 : shares.of_literal(usable_.back()));
    }
    free_.resize(atoms_.size());
    for (std::size_t i = 0; i < atoms_.size(); ++i) free_[i] = !usable_[i].empty();
  }

  /// The next set; empty when there is none.
  std::vector<std::string> next() {
    std::vector<std::size_t> order;
    picked_.assign(atoms_.size(), false);
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      if (!free_[i]) continue;
      order.push_back(i);
      picked_[i] = true;
    }
    if (order.empty() || !sufficient()) return {};
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return share_[a] > share_[b]; });
    for (const std::size_t i : order) {
      picked_[i] = false;
      if (!sufficient()) picked_[i] = true;
    }
    std::vector<std::string> literals;
    for (const std::size_t i : order) {
      if (!picked_[i]) continue;
      literals.push_back(usable_[i]);
      free_[i] = false;
    }
    std::sort(literals.begin(), literals.end());
    literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
    return literals;
  }

 private:
  bool sufficient() {
    others_.clear();
    potential_.clear();
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      if (!picked_[i]) others_.push_back(static_cast<int>(i));
    }
    filter_.AllPotentials(others_, &potential_);
    return potential_.empty();
  }

  re2::FilteredRE2& filter_;
  std::vector<std::string> atoms_, usable_;
  std::vector<double> share_;
  std::vector<bool> free_, picked_;
  std::vector<int> others_, potential_;
};

tl::unexpected<std::string> refuse(std::string why) { return tl::unexpected<std::string>(std::move(why)); }

tl::expected<void, std::string> check_size(std::string_view text) {
  if (text.empty()) return refuse("the pattern is empty; write what it should find, or take it out");
  if (text.size() > kLongestText) {
    return refuse("the pattern is longer than 4096 bytes; split it, or use hosts and paths");
  }
  return {};
}

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct Regex::Compiled {
  Compiled(std::string_view text, bool any_case, std::size_t bytes)
      : re2(piece_of(text), options_for(any_case, bytes)), memory(bytes) {}
  re2::RE2 re2;
  std::size_t memory;
};

Regex::Regex(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

tl::expected<Regex, std::string> Regex::compile(std::string_view text, bool any_case, std::size_t memory) {
  if (auto checked = check_size(text); !checked) return tl::unexpected(std::move(checked).error());
  auto compiled = std::make_unique<Compiled>(text, any_case, memory);
  if (!compiled->re2.ok()) return refuse(explain(compiled->re2));
  return Regex(std::move(compiled));
}

bool Regex::matches(std::string_view text) const {
  return compiled_->re2.Match(piece_of(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::string_view Regex::span(std::string_view text) const {
  re2::StringPiece found;
  if (!compiled_->re2.Match(piece_of(text), 0, text.size(), re2::RE2::UNANCHORED, &found, 1)) return {};
  return {found.data(), found.size()};
}

std::size_t Regex::memory() const { return compiled_->memory; }

tl::expected<Examined, std::string> examine(std::string_view text, bool any_case, const GramShares& shares) {
  if (auto checked = check_size(text); !checked) return tl::unexpected(std::move(checked).error());
  re2::FilteredRE2 filter(static_cast<int>(kShortest));
  int id = 0;
  const re2::RE2::Options options = options_for(any_case, kMostMemory);
  const auto takes = [&](std::string_view re2) { return filter.Add(piece_of(re2), options, &id) == re2::RE2::NoError; };
  if (!takes(spell_out_optional(text)) && !takes(text)) {  // what is spelt out may be too big where the pattern is not
    return refuse(explain(re2::RE2(piece_of(text), options)));
  }
  if (re2::RE2::PartialMatch("", filter.GetRE2(id))) {
    return refuse(
        "the pattern matches an empty text, so it matches everything; "
        "write at least one character that must be there");
  }
  LiteralSets sets(filter, shares);
  Examined examined;
  examined.triggers = sets.next();
  while (examined.required.size() < kMostSets) {
    auto set = sets.next();
    if (set.empty()) break;
    examined.required.push_back(std::move(set));
  }
  const auto instructions = static_cast<std::size_t>(filter.GetRE2(id).ProgramSize());
  examined.memory = std::clamp(instructions * kMemoryAnInstruction, kLeastMemory, kMostMemory);
  return examined;
}

}  // namespace fairlead::rules::match
