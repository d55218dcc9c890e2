#include "rules/match/patterns/filter_match.hpp"

#include "rules/base/text.hpp"
#include "rules/match/patterns/pattern_records.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t npos = std::string_view::npos;

/// "anything but a letter, a digit, or one of _ - . %"
bool is_separator(char c) {
  return !text::is_alnum(c) && c != '_' && c != '-' && c != '.' && c != '%' && static_cast<unsigned char>(c) < 0x80;
}

/// Matches a filter text at one place; steps back to the last '*' only, which is enough.
class Glob {
 public:
  Glob(std::string_view text, std::string_view href, bool match_case, bool to_end)
      : text_(text), href_(href), match_case_(match_case), to_end_(to_end) {}

  /// The end of the match, or npos.
  [[nodiscard]] std::size_t from(std::size_t at) const {
    std::size_t i = 0, star = npos, star_at = 0;
    while (true) {
      if (i == text_.size()) {
        if (!to_end_ || at == href_.size() || (star != npos && star + 1 == text_.size())) return at;
      } else if (text_[i] == '*') {
        star = i++;
        star_at = at;
        continue;
      } else if (at < href_.size() ? fits(text_[i], href_[at]) : text_[i] == '^') {
        ++i;
        if (at < href_.size()) ++at;
        continue;
      }
      if (star == npos || star_at >= href_.size()) return npos;
      i = star + 1;
      at = ++star_at;
    }
  }

 private:
  [[nodiscard]] bool fits(char wanted, char c) const {
    if (wanted == '^') return is_separator(c);
    return wanted == (match_case_ ? c : text::to_lower(c));
  }

  std::string_view text_, href_;
  bool match_case_, to_end_;
};

bool begins_label(const FilteredText& address, std::size_t at) {
  return at == address.host_begin || (at > address.host_begin && at <= address.host_end && address.href[at - 1] == '.');
}

}  // namespace

std::size_t match_filter(std::string_view text, std::uint8_t anchors, const FilteredText& address, std::size_t& begin) {
  const Glob glob(text, address.href, (anchors & kMatchCase) != 0, (anchors & kAtEnd) != 0);
  const auto may_begin = [&](std::size_t at) {
    if ((anchors & kAtHostLabel) != 0) return begins_label(address, at);
    return (anchors & kAtBegin) == 0 || at == 0;
  };
  if (begin != npos) return may_begin(begin) ? glob.from(begin) : npos;
  const std::size_t last = (anchors & kAtBegin) != 0       ? 0
                           : (anchors & kAtHostLabel) != 0 ? address.host_end
                                                           : address.href.size();
  for (std::size_t at = (anchors & kAtHostLabel) != 0 ? address.host_begin : 0; at <= last; ++at) {
    if (!may_begin(at)) continue;
    if (const std::size_t end = glob.from(at); end != npos) {
      begin = at;
      return end;
    }
  }
  return npos;
}

}  // namespace fairlead::rules::match
