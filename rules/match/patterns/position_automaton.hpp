#pragma once
// The automaton of an expression with one state for each place where it names bytes (Glushkov's construction). It takes
// all that the expression matches, and more: counts and word boundaries are left out. It only says what cannot be. Used
// while a ruleset is written; one thread.

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/match/patterns/neighbours.hpp"

namespace fairlead::rules::match {

/// What a position may stand for: ASCII bytes, any other character, or an edge of the text.
struct Bytes {
  std::bitset<128> ascii;
  bool others = false, begin = false, end = false;

  void add_all() { ascii.set(), others = true; }
};

class PositionAutomaton {
 public:
  using Position = std::uint16_t;
  /// A part of the expression: the positions that its texts begin and end with.
  struct Part {
    bool may_be_empty = true;
    std::vector<Position> first, last;
  };

  // To build, from the smallest part outwards; an expression has no more positions than its 4096 bytes.
  [[nodiscard]] Part one_of(const Bytes& bytes);
  [[nodiscard]] Part in_turn(Part left, Part right);
  [[nodiscard]] static Part either(Part left, Part right);
  [[nodiscard]] Part repeated(Part part);
  /// To be called once, with the part that is the whole expression; the rest is for afterwards.
  void finish(const Part& whole);

  /// False when it has grown past what is reasonable; then it says nothing.
  [[nodiscard]] bool is_usable() const { return steps_.size() <= kMostSteps; }

  /// What may stand beside `text`, where a text that the expression matches holds it.
  ///
  /// text     lower-case ASCII, one byte or more.
  /// Returns  every kind when the automaton has no way to spell it with positions that name few bytes.
  [[nodiscard]] Neighbours beside(std::string_view text) const;

 private:
  static constexpr std::size_t kMostSteps = std::size_t{1} << 16;
  using Positions = std::vector<Position>;
  struct Step {
    Position from, to;
  };
  /// The positions one step from each, in one direction.
  struct Steps {
    std::vector<std::size_t> begin;  // of each position, and the end
    Positions to;
    [[nodiscard]] std::span<const Position> from(Position position) const {
      return std::span(to).subspan(begin[position], begin[position + std::size_t{1}] - begin[position]);
    }
  };
  void join(const Positions& from, const Positions& to);
  [[nodiscard]] Steps sorted(bool forwards) const;
  [[nodiscard]] Positions reached(const Positions& from, const Steps& steps) const;
  [[nodiscard]] BesideKinds kinds_beyond(Positions positions, const Steps& steps,
                                         const std::vector<char>& outermost) const;

  std::vector<Bytes> bytes_;
  std::vector<Step> steps_;
  // After finish():
  Steps forwards_, backwards_;
  std::vector<Kinds> kinds_;
  std::vector<char> first_, last_;  // whether a text may begin or end with a position
};

}  // namespace fairlead::rules::match
