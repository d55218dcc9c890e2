#pragma once
// Puts sections together to a ruleset file. One object for one file, from one thread.

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/match/file/file_view.hpp"
#include "rules/match/file/format.hpp"

namespace fairlead::rules::match {

class FileWriter {
 public:
  using Bytes = std::vector<std::byte>;

  void add(Section section, Bytes bytes);
  template <class T>
  void add_records(Section section, std::span<const T> records) {
    const auto bytes = std::as_bytes(records);
    add(section, Bytes(bytes.begin(), bytes.end()));
  }
  /// Keeps a text for the section of texts.
  [[nodiscard]] TextRef keep(std::string_view text);
  /// A text that was kept, until the next one is.
  [[nodiscard]] std::string_view text(TextRef kept) const {
    return std::string_view(texts_).substr(kept.begin, kept.size);
  }

  /// Fixes header and sums. Nothing may be added afterwards.
  void seal();
  [[nodiscard]] const Header& header() const { return header_; }
  /// The whole file, in pieces: for a disk, or for memory. Returns whether `out` took all of it.
  [[nodiscard]] bool write(std::ostream& out) const;
  [[nodiscard]] FileBytes to_memory() const;

 private:
  template <class Take>
  void each_piece(Take&& take) const;

  std::vector<std::pair<Section, Bytes>> sections_;
  std::string texts_;
  Bytes frame_;
  Header header_{};
};

}  // namespace fairlead::rules::match
