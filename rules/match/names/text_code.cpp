#include "rules/match/names/text_code.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kLongestSymbol = 8;
constexpr int kRounds = 5;

Symbol symbol_of(std::string_view text) {
  Symbol symbol{};
  std::copy(text.begin(), text.end(), symbol.text.begin());
  symbol.size = static_cast<std::uint8_t>(text.size());
  return symbol;
}

std::uint64_t mask_of(std::size_t size) { return size == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * size)) - 1; }

}  // namespace

/// Rounds of: code the sample with the symbols so far, count what each symbol and each pair of neighbours would save,
/// and keep the best. Pairs grow to longer symbols from round to round.
std::vector<Symbol> train_symbols(std::span<const std::string> sample) {
  std::vector<Symbol> symbols;
  for (int round = 0; round < kRounds; ++round) {
    std::unordered_map<std::string, std::size_t> gain;
    const TextEncoder encoder(symbols);
    std::string codes;
    for (const std::string& text : sample) {
      codes.clear();
      encoder.encode(text, codes);
      TextDecoder decoder(symbols, std::as_bytes(std::span(codes)));
      std::string_view before;
      for (std::string_view piece = decoder.next(); !piece.empty(); piece = decoder.next()) {
        gain[std::string(piece)] += piece.size();
        if (!before.empty() && before.size() + piece.size() <= kLongestSymbol) {
          gain[std::string(before).append(piece)] += before.size() + piece.size();
        }
        before = piece;
      }
    }
    std::vector<std::pair<std::string, std::size_t>> best(gain.begin(), gain.end());
    const auto better = [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    };
    const std::size_t kept = std::min(best.size(), kMostSymbols);
    std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(kept), best.end(), better);
    symbols.clear();
    for (std::size_t i = 0; i < kept; ++i) symbols.push_back(symbol_of(best[i].first));
  }
  return symbols;
}

TextEncoder::TextEncoder(std::span<const Symbol> symbols) {
  for (std::size_t code = 0; code < symbols.size(); ++code) {
    const Symbol& symbol = symbols[code];
    if (symbol.size == 0) continue;
    Entry entry{0, mask_of(symbol.size), symbol.size, static_cast<std::uint8_t>(code)};
    std::memcpy(&entry.text, symbol.text.data(), 8);
    by_first_[static_cast<unsigned char>(symbol.text[0])].push_back(entry);
  }
  for (auto& entries : by_first_) {
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.size > b.size; });
  }
}

void TextEncoder::encode(std::string_view text, std::string& out) const {
  while (!text.empty()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), std::min<std::size_t>(text.size(), 8));
    const auto& entries = by_first_[static_cast<unsigned char>(text[0])];
    const auto fit = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
      return entry.size <= text.size() && (word & entry.mask) == entry.text;
    });
    if (fit == entries.end()) {
      out += static_cast<char>(kEscape);
      out += text[0];
      text.remove_prefix(1);
    } else {
      out += static_cast<char>(fit->code);
      text.remove_prefix(fit->size);
    }
  }
}

}  // namespace fairlead::rules::match
