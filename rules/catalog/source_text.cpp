#include "rules/catalog/source_text.hpp"

#include <cstddef>
#include <utility>

#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {
namespace {

// Long lines make errors unreadable ("line 1, column 90,000") and parsers slow.
constexpr std::size_t kLongestLine = std::size_t{16} << 10U;

/// The size of the UTF-8 sequence at the beginning of `text`, or 0 when it is none (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
std::size_t sequence_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  return size;
}

std::string hex_digits(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {kDigits[byte >> 4U], kDigits[byte & 0xFU]};
}

/// What is wrong with the character at the beginning of `rest`, or "".
std::string fault_of(std::string_view rest, std::size_t size) {
  const auto byte = static_cast<unsigned char>(rest.front());
  if (size == 0) return "the byte 0x" + hex_digits(byte) + " is not UTF-8; save the file with the encoding UTF-8";
  if (byte == 0) return "there is a NUL byte here; save the file as plain UTF-8 text";
  if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) {
    return "there is a control byte (0x" + hex_digits(byte) + ") here; delete it";
  }
  return {};
}

}  // namespace

std::optional<std::string> unify(std::string_view text, std::uint32_t file, Problems& problems) {
  Position at{file, 1, 1};
  const auto refuse = [&](std::string why) -> std::optional<std::string> {
    problems.error(at, std::move(why));
    return std::nullopt;
  };
  if (text.size() > kLargestFile) {
    return refuse("the file is larger than 4 MiB; long lists belong in an imported list");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return refuse("the file is saved as UTF-16; save it with the encoding UTF-8");
  }
  std::string unified;
  unified.reserve(text.size());
  std::size_t line_begin = 0;
  while (!text.empty()) {
    if (text.front() == '\r') {  // "\r\n" and a lone "\r" both end a line
      text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
      unified += '\n';
    } else {
      const std::size_t size = sequence_size(text);
      if (std::string fault = fault_of(text, size); !fault.empty()) return refuse(std::move(fault));
      unified.append(text.substr(0, size));
      text.remove_prefix(size);
    }
    ++at.column;
    if (unified.back() == '\n') {
      ++at.line;
      at.column = 1;
      line_begin = unified.size();
    } else if (unified.size() - line_begin > kLongestLine) {
      return refuse("this line is longer than 16 KiB; write one entry a line");
    }
  }
  return unified;
}

}  // namespace fairlead::rules::catalog
