#pragma once
// Short codes for the pieces that names are made of (".com", "online", "shop"): each byte of coded text stands for one
// to eight bytes, so that any entry can be read by itself and compared as it is decoded (the idea of FSST, Boncz,
// Neumann and Leis, 2020). Half the size of names, at about a nanosecond a code.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::rules::match {

/// What one code stands for. Part of the file format.
struct Symbol {
  std::array<char, 8> text;
  std::uint8_t size;  // 1 to 8; 0: this code is not used
  std::array<std::uint8_t, 7> unused;
  [[nodiscard]] std::string_view view() const { return {text.data(), size}; }
};

/// Behind this code stands one byte as it is.
inline constexpr std::uint8_t kEscape = 255;
inline constexpr std::size_t kMostSymbols = 255;

/// Picks the symbols that shorten `sample` most.
[[nodiscard]] std::vector<Symbol> train_symbols(std::span<const std::string> sample);

class TextEncoder {
 public:
  explicit TextEncoder(std::span<const Symbol> symbols);
  /// Appends the codes of `text`: at each place the longest symbol that fits.
  void encode(std::string_view text, std::string& out) const;

 private:
  struct Entry {
    std::uint64_t text, mask;
    std::uint8_t size, code;
  };
  std::array<std::vector<Entry>, 256> by_first_;  // the longest first
};

/// Reads coded text symbol by symbol. Codes without a symbol give an empty piece and end the text.
class TextDecoder {
 public:
  TextDecoder(std::span<const Symbol> symbols, std::span<const std::byte> codes) : symbols_(symbols), codes_(codes) {}
  /// The next piece; empty at the end. A view into the symbols or the codes.
  [[nodiscard]] std::string_view next() {
    if (codes_.empty()) return {};
    const auto code = static_cast<std::uint8_t>(codes_[0]);
    if (code == kEscape) {
      if (codes_.size() < 2) return codes_ = {}, std::string_view{};
      const std::string_view piece(reinterpret_cast<const char*>(&codes_[1]), 1);
      codes_ = codes_.subspan(2);
      return piece;
    }
    codes_ = codes_.subspan(1);
    if (code >= symbols_.size() || symbols_[code].size > 8) return codes_ = {}, std::string_view{};
    return symbols_[code].view();
  }

 private:
  std::span<const Symbol> symbols_;
  std::span<const std::byte> codes_;
};

}  // namespace fairlead::rules::match
