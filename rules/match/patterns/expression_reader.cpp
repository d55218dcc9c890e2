#include "rules/match/patterns/expression_reader.hpp"

#include <cstdint>
#include <utility>

namespace fairlead::rules::match {
namespace {

using ExpressionPart = PositionAutomaton::Part;

constexpr unsigned kMostDepth = 200;  // of groups in groups

/// One read from the first byte to the last. What it cannot read sets `failed_`, and from then on nothing it gives
/// counts.
class ExpressionReader {
 public:
  ExpressionReader(std::string_view re2, bool any_case) : re2_(re2), any_case_(any_case) {}

  std::optional<PositionAutomaton> read() {
    automaton_.finish(alternatives());
    if (failed_ || !at_end() || !automaton_.is_usable()) return std::nullopt;
    return std::move(automaton_);
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= re2_.size(); }
  [[nodiscard]] bool sees(std::string_view next) const { return re2_.substr(at_).starts_with(next); }
  bool take(std::string_view next) {
    if (!sees(next)) return false;
    at_ += next.size();
    return true;
  }
  char take() { return at_end() ? '\0' : re2_[at_++]; }

  ExpressionPart alternatives() {
    if (++depth_ > kMostDepth) failed_ = true;
    ExpressionPart part = sequence();
    while (!failed_ && take("|")) part = PositionAutomaton::either(std::move(part), sequence());
    --depth_;
    return part;
  }

  ExpressionPart sequence() {
    ExpressionPart part;
    while (!failed_ && automaton_.is_usable() && !at_end() && !sees("|") && !sees(")")) {
      part = automaton_.in_turn(std::move(part), counted(atom()));
    }
    return part;
  }

  /// With the counts behind it. How often does not matter here, only whether not at all or more than once.
  ExpressionPart counted(ExpressionPart part) {
    while (!at_end()) {
      bool may_be_left_out = false, more_than_once = true;
      if (take("?")) {
        may_be_left_out = true;
        more_than_once = false;
      } else if (take("*")) {
        may_be_left_out = true;
      } else if (const std::size_t size = size_of_count(); size > 0) {
        may_be_left_out = re2_[at_ + 1] == '0';
        at_ += size;
      } else if (!take("+")) {
        break;
      }
      take("?");  // as few as possible, or as many: the same texts
      if (more_than_once) part = automaton_.repeated(std::move(part));
      part.may_be_empty = part.may_be_empty || may_be_left_out;
    }
    return part;
  }

  /// Of "{2}", "{2,}" or "{2,5}"; 0: a brace that is a brace.
  [[nodiscard]] std::size_t size_of_count() const {
    if (!sees("{")) return 0;
    std::size_t at = at_ + 1;
    const auto digits = [&] {
      const std::size_t begin = at;
      while (at < re2_.size() && text::is_digit(re2_[at])) ++at;
      return at > begin;
    };
    if (!digits()) return 0;
    if (at < re2_.size() && re2_[at] == ',') ++at, digits();
    return at < re2_.size() && re2_[at] == '}' ? at + 1 - at_ : 0;
  }

  ExpressionPart atom() {
    Bytes bytes;
    const char c = take();
    switch (c) {
      case '(':
        return group();
      case '[':
        return automaton_.one_of(byte_class());
      case '.':
        bytes.add_all();
        return automaton_.one_of(bytes);
      case '^':
        bytes.begin = true;
        return automaton_.one_of(bytes);
      case '$':
        bytes.end = true;
        return automaton_.one_of(bytes);
      case '\\':
        return escape();
      default:
        --at_;
        return one_character(character());
    }
  }

  ExpressionPart group() {
    if (take("?")) {
      if (take("P<") || take("<")) {
        while (!at_end() && take() != '>') continue;
      } else if (!flags()) {
        return {};
      }
    }
    ExpressionPart part = alternatives();
    if (!take(")")) failed_ = true;
    return part;
  }

  /// Behind "(?". False: they are for what follows the group, which holds nothing else.
  bool flags() {
    while (!at_end()) {
      if (take(":")) return true;
      if (take(")")) return false;
      const char flag = take();
      const bool changes_nothing = flag == 's' || flag == 'U' || (flag == 'i' && any_case_);
      if (!changes_nothing) break;
    }
    failed_ = true;
    return false;
  }

  ExpressionPart escape() {
    Bytes bytes;
    if (take("b") || take("B")) return {};  // between two bytes: leaving it out takes more
    if (take("A")) {
      bytes.begin = true;
    } else if (take("z")) {
      bytes.end = true;
    } else if (!named_class(bytes)) {
      return one_character(escaped_character());
    }
    return automaton_.one_of(bytes);
  }

  ExpressionPart one_character(std::uint32_t character) {
    Bytes bytes;
    add_range(bytes, character, character);
    if (any_case_) ignore_case(bytes), add_hidden_letters(bytes);
    return automaton_.one_of(bytes);
  }

  /// Behind a backslash: a class that has a letter for a name.
  bool named_class(Bytes& bytes) {
    constexpr std::string_view kClassNames = "dDwWsSCpP";
    if (at_end() || kClassNames.find(re2_[at_]) == std::string_view::npos) return false;
    const char name = take();
    const char of = text::to_lower(name);
    if (of == 'c' || of == 'p') {  // any byte, or a class of Unicode, which may be any as far as this knows
      if (of == 'p' && take("{")) {
        while (!at_end() && !take("}")) ++at_;
      } else if (of == 'p') {
        take();
      }
      bytes.add_all();
      return true;
    }
    const bool negated = name != of;
    for (std::size_t c = 0; c < bytes.ascii.size(); ++c) {
      if (is_of_class(of, static_cast<char>(c)) != negated) bytes.ascii.set(c);
    }
    bytes.others = bytes.others || negated;
    return true;
  }
  static bool is_of_class(char name, char c) {
    if (name == 'd') return text::is_digit(c);
    if (name == 'w') return text::is_alnum(c) || c == '_';
    return std::string_view("\t\n\f\r ").find(c) != std::string_view::npos;
  }

  /// Behind '['.
  Bytes byte_class() {
    const bool negated = take("^");
    bool may_be_all = false;  // it holds a class whose members this does not know
    Bytes bytes;
    for (bool first = true; !failed_ && (first || !sees("]")); first = false) {
      if (at_end()) failed_ = true;
      if (sees("[:") || sees("\\p") || sees("\\P")) may_be_all = true;
      if (take("[:")) {
        while (!at_end() && !take(":]")) ++at_;
        continue;
      }
      const bool escaped = take("\\");
      if (escaped && named_class(bytes)) continue;
      const std::uint32_t low = escaped ? escaped_character() : character();
      const bool is_range = sees("-") && !sees("-]");
      if (is_range) take();
      add_range(bytes, low, !is_range ? low : take("\\") ? escaped_character() : character());
    }
    take("]");
    if (any_case_) ignore_case(bytes);
    if (negated) bytes.ascii.flip(), bytes.others = true;
    if (any_case_ && !negated) add_hidden_letters(bytes);
    if (may_be_all) bytes.add_all();
    return bytes;
  }

  /// A character as it stands, of UTF-8. Those that are not ASCII are all the same here.
  std::uint32_t character() {
    const char c = take();
    if (is_ascii(c)) return static_cast<std::uint32_t>(c);
    while (!at_end() && (static_cast<unsigned char>(re2_[at_]) & 0xC0U) == 0x80U) ++at_;
    return kNotAscii;
  }

  /// Behind a backslash.
  std::uint32_t escaped_character() {
    constexpr std::string_view kLetters = "afnrtv", kStandFor = "\a\f\n\r\t\v";
    const char c = take();
    if (const std::size_t letter = kLetters.find(c); letter != std::string_view::npos) {
      return static_cast<std::uint32_t>(kStandFor[letter]);
    }
    if (c == 'x') return hex_character();
    failed_ = failed_ || text::is_alnum(c) || !is_ascii(c);  // octal, \Q and what may come
    return static_cast<std::uint32_t>(c);
  }

  /// Behind "\x": two digits, or as many as stand in braces.
  std::uint32_t hex_character() {
    const bool braced = take("{");
    std::uint32_t character = 0;
    for (unsigned digits = 0; braced ? !take("}") : digits < 2; ++digits) {
      const int value = text::hex_value(take());
      if (value < 0 || digits > 8) {
        failed_ = true;
        return 0;
      }
      character = character * 16 + static_cast<std::uint32_t>(value);
    }
    return character;
  }

  static bool is_ascii(char c) { return static_cast<unsigned char>(c) < kNotAscii; }

  static void add_range(Bytes& bytes, std::uint32_t low, std::uint32_t high) {
    for (std::uint32_t c = low; c <= high && c < kNotAscii; ++c) bytes.ascii.set(c);
    bytes.others = bytes.others || high >= kNotAscii;
  }
  static void ignore_case(Bytes& bytes) {
    for (std::size_t upper = 'A'; upper <= 'Z'; ++upper) {
      const std::size_t lower = upper + ('a' - 'A');
      if (bytes.ascii[upper] || bytes.ascii[lower]) bytes.ascii.set(upper).set(lower);
    }
  }
  /// KELVIN SIGN is a 'k' without regard to case, LONG S an 's'.
  static void add_hidden_letters(Bytes& bytes) {
    const bool others = bytes.others;
    bytes.others = others || bytes.ascii['k'] || bytes.ascii['s'];
    if (others) bytes.ascii.set('k').set('s');
  }

  static constexpr std::uint32_t kNotAscii = 0x80;  // and above
  std::string_view re2_;
  bool any_case_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  bool failed_ = false;
  PositionAutomaton automaton_;
};

}  // namespace

std::optional<PositionAutomaton> read_expression(std::string_view re2, bool any_case) {
  return ExpressionReader(re2, any_case).read();
}

}  // namespace fairlead::rules::match
