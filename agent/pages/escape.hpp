#pragma once
// The one way by which text gets into HTML. `Html` takes markup only as literals of the program and escapes all else,
// so that a host, a path or a learner's words cannot become markup by being forgotten. Without I/O; usable from any
// thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlead::agent::pages {

/// One code point at the front of UTF-8 text; `size` bytes were read (1 where they are not valid UTF-8).
struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t size = 1;
  bool valid = false;
};
/// text    not empty.
/// Source  Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] CodePoint read_code_point(std::string_view text);

/// May this be shown? Not controls other than TAB and LF, and not the marks that turn the direction of text around,
/// with which a host or a name can be made to read as another.
[[nodiscard]] bool is_showable(char32_t code_point);

/// Text for an element's content or a quoted attribute: & < > " ' ` become references; what is not showable becomes
/// U+FFFD.
[[nodiscard]] std::string escape(std::string_view text);

/// The address when it may stand in a link: http or https, printable ASCII without quotes, spaces or angle brackets;
/// else "".
[[nodiscard]] std::string_view link_address(std::string_view url);

/// Builds HTML. Markup is literal, everything else is escaped.
class Html {
 public:
  template <std::size_t N>
  Html& raw(const char (&markup)[N]) {
    out_.append(markup, N - 1);
    return *this;
  }
  Html& text(std::string_view plain) {
    out_ += escape(plain);
    return *this;
  }
  Html& part(const Html& other) {
    out_ += other.out_;
    return *this;
  }
  [[nodiscard]] bool empty() const { return out_.empty(); }
  [[nodiscard]] const std::string& str() const { return out_; }

 private:
  std::string out_;
};

}  // namespace fairlead::agent::pages
