#include "rules/match/pattern.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include "rules/match/gram_filter.hpp"
#include "rules/match/literal_share.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kLongestText = 4096;
constexpr std::int64_t kMostMemory = 1 << 20;  // a quarter of it bounds the program, the rest what matching may cache

re2::RE2::Options options_for(Subject subject) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(kMostMemory);
  options.set_case_sensitive(subject == Subject::host);
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

/// The part of a literal that may be looked for: its rarest run of ASCII bytes, no longer than the filter takes.
/// Empty: there is none long enough.
std::string usable_part(std::string_view atom) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  std::string_view best;
  for (std::size_t begin = 0; begin < atom.size();) {
    std::size_t end = begin;
    while (end < atom.size() && is_ascii(atom[end])) ++end;
    const std::string_view run = atom.substr(begin, std::min(end - begin, GramFilter::kLongest));
    if (run.size() >= GramFilter::kShortest && (best.empty() || share_of_literal(run) < share_of_literal(best))) {
      best = run;
    }
    begin = end + 1;
  }
  return std::string(best);
}

/// Picks the rarest set of literals without any of which the pattern cannot match. RE2 knows, for a set of literals
/// found in a text, whether the pattern still could match; so a set is sufficient when the pattern cannot match a text
/// that holds all the *other* literals. Dropping one literal after the other, the most common first, leaves such a set.
std::vector<std::string> pick_triggers(re2::FilteredRE2& filter) {
  std::vector<std::string> atoms;
  filter.Compile(&atoms);

  std::vector<std::string> usable(atoms.size());
  std::vector<bool> picked(atoms.size());
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    usable[i] = usable_part(atoms[i]);
    picked[i] = !usable[i].empty();
  }
  const auto still_sufficient = [&] {
    std::vector<int> others, potential;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (!picked[i]) others.push_back(static_cast<int>(i));
    }
    filter.AllPotentials(others, &potential);
    return potential.empty();
  };
  if (atoms.empty() || !still_sufficient()) return {};
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (picked[i]) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return share_of_literal(usable[a]) > share_of_literal(usable[b]);
  });
  for (const std::size_t i : order) {
    picked[i] = false;
    if (!still_sufficient()) picked[i] = true;
  }
  std::vector<std::string> triggers;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (picked[i]) triggers.push_back(usable[i]);
  }
  std::sort(triggers.begin(), triggers.end());
  triggers.erase(std::unique(triggers.begin(), triggers.end()), triggers.end());
  return triggers;
}

}  // namespace

struct Pattern::Compiled {
  Compiled(std::string_view text, Subject subject)
      : re2(re2::StringPiece(text.data(), text.size()), options_for(subject)) {}
  re2::RE2 re2;
};

Pattern::Pattern(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

tl::expected<Pattern, std::string> Pattern::compile(std::string_view text, Subject subject) {
  if (text.empty())
    return tl::unexpected<std::string>("the pattern is empty; write what it should find, or take it out");
  if (text.size() > kLongestText) {
    return tl::unexpected<std::string>("the pattern is longer than 4096 bytes; split it, or use hosts and paths");
  }
  Pattern pattern(std::make_unique<Compiled>(text, subject));
  if (!pattern.compiled_->re2.ok()) return tl::unexpected(explain(pattern.compiled_->re2));
  // A second copy, thrown away: what RE2 caches when it matches should be spent on URLs alone.
  re2::FilteredRE2 filter(static_cast<int>(GramFilter::kShortest));
  int id = 0;
  if (filter.Add(re2::StringPiece(text.data(), text.size()), options_for(subject), &id) != re2::RE2::NoError) {
    return tl::unexpected<std::string>("RE2 does not take it");
  }
  if (re2::RE2::PartialMatch("", filter.GetRE2(id))) {
    return tl::unexpected<std::string>(
        "the pattern matches an empty text, so it matches everything; "
        "write at least one character that must be there");
  }
  pattern.triggers_ = pick_triggers(filter);
  return pattern;
}

bool Pattern::matches(std::string_view text) const {
  const re2::StringPiece piece(text.data(), text.size());
  return compiled_->re2.Match(piece, 0, piece.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::string_view Pattern::span(std::string_view text) const {
  const re2::StringPiece piece(text.data(), text.size());
  re2::StringPiece found;
  if (!compiled_->re2.Match(piece, 0, piece.size(), re2::RE2::UNANCHORED, &found, 1)) return {};
  return {found.data(), found.size()};
}

}  // namespace fairlead::rules::match
