#include "rules/match/patterns/position_automaton.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "rules/base/text.hpp"

namespace fairlead::rules::match {
namespace {

Kinds kinds_of(const Bytes& bytes) {
  Kinds kinds = bytes.others ? kRest : 0;
  for (std::size_t c = 0; c < bytes.ascii.size(); ++c) {
    if (bytes.ascii[c]) kinds |= kind_of(static_cast<char>(c));
  }
  return bytes.begin || bytes.end ? kinds | kEdge : kinds;
}

/// Whether it names the byte, not just lets it pass: no literal is made of what may be nearly anything. (RE2 makes them
/// of classes of ten characters at most.)
bool names(const Bytes& bytes, char lower) {
  constexpr std::size_t kFew = 20;
  if (bytes.ascii.count() > kFew) return false;
  const auto byte = static_cast<unsigned char>(lower);
  if (byte >= bytes.ascii.size()) return false;
  return bytes.ascii[byte] || (text::is_alpha(lower) && bytes.ascii[byte - std::size_t{'a' - 'A'}]);
}

void append(std::vector<PositionAutomaton::Position>& to, std::span<const PositionAutomaton::Position> from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

PositionAutomaton::Part PositionAutomaton::one_of(const Bytes& bytes) {
  const auto position = static_cast<Position>(bytes_.size());
  bytes_.push_back(bytes);
  return {false, {position}, {position}};
}

PositionAutomaton::Part PositionAutomaton::in_turn(Part left, Part right) {
  join(left.last, right.first);
  if (left.may_be_empty) append(left.first, right.first);
  if (right.may_be_empty) append(right.last, left.last);
  return {left.may_be_empty && right.may_be_empty, std::move(left.first), std::move(right.last)};
}

PositionAutomaton::Part PositionAutomaton::either(Part left, Part right) {
  append(left.first, right.first);
  append(left.last, right.last);
  left.may_be_empty = left.may_be_empty || right.may_be_empty;
  return left;
}

PositionAutomaton::Part PositionAutomaton::repeated(Part part) {
  join(part.last, part.first);
  return part;
}

void PositionAutomaton::join(const Positions& from, const Positions& to) {
  for (const Position left : from) {
    if (!is_usable()) return;
    for (const Position right : to) steps_.push_back({left, right});
  }
}

void PositionAutomaton::finish(const Part& whole) {
  if (!is_usable()) return;
  forwards_ = sorted(true);
  backwards_ = sorted(false);
  for (const Bytes& bytes : bytes_) kinds_.push_back(kinds_of(bytes));
  first_.assign(bytes_.size(), 0);
  last_.assign(bytes_.size(), 0);
  for (const Position position : whole.first) first_[position] = 1;
  for (const Position position : whole.last) last_[position] = 1;
}

PositionAutomaton::Steps PositionAutomaton::sorted(bool forwards) const {
  const auto from = [&](const Step& step) -> std::size_t { return forwards ? step.from : step.to; };
  Steps steps{std::vector<std::size_t>(bytes_.size() + 1), Positions(steps_.size())};
  for (const Step& step : steps_) ++steps.begin[from(step) + 1];
  std::partial_sum(steps.begin.begin(), steps.begin.end(), steps.begin.begin());
  std::vector<std::size_t> next = steps.begin;
  for (const Step& step : steps_) steps.to[next[from(step)]++] = forwards ? step.to : step.from;
  return steps;
}

/// Each once.
PositionAutomaton::Positions PositionAutomaton::reached(const Positions& from, const Steps& steps) const {
  Positions reached;
  for (const Position position : from) append(reached, steps.from(position));
  std::sort(reached.begin(), reached.end());
  reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
  return reached;
}

Neighbours PositionAutomaton::beside(std::string_view text) const {
  if (!is_usable() || text.empty()) return Neighbours{};
  const auto keep_naming = [&](Positions& positions, char c) {
    std::erase_if(positions, [&](Position position) { return !names(bytes_[position], c); });
  };
  Positions all(bytes_.size());
  std::iota(all.begin(), all.end(), Position{0});
  // Where the ways that spell the text so far end; and then, from there back, where those begin that spell all of it.
  std::vector<Positions> ends{std::move(all)};
  keep_naming(ends.back(), text.front());
  for (const char c : text.substr(1)) {
    ends.push_back(reached(ends.back(), forwards_));
    keep_naming(ends.back(), c);
  }
  if (ends.back().empty()) return Neighbours{};
  Positions begins = ends.back();
  for (std::size_t i = text.size() - 1; i > 0; --i) {
    Positions both;
    std::ranges::set_intersection(reached(begins, backwards_), ends[i - 1], std::back_inserter(both));
    begins = std::move(both);
  }
  return {kinds_beyond(std::move(begins), backwards_, first_), kinds_beyond(std::move(ends.back()), forwards_, last_)};
}

/// outermost  whether what is matched may end with a position, so that anything may stand beyond.
BesideKinds PositionAutomaton::kinds_beyond(Positions positions, const Steps& steps,
                                            const std::vector<char>& outermost) const {
  BesideKinds beyond;
  if (std::any_of(positions.begin(), positions.end(), [&](Position p) { return outermost[p] != 0; })) return beyond;
  for (Kinds& kinds : beyond.at) {
    positions = reached(positions, steps);
    kinds = 0;
    for (const Position position : positions) {
      kinds |= kinds_[position];
      if (outermost[position] != 0) beyond.last |= kinds_[position];
    }
    beyond.last |= kinds & kEdge;  // beyond it stands another part of the address
  }
  return beyond;
}

}  // namespace fairlead::rules::match
