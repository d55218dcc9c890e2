#pragma once
// Collects what is wrong with the files of one load, so that all of it is told at once and in order. Inside this room
// only; one object for one load, from one thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

class Problems {
 public:
  /// Begins a file; its index goes into every Position of that file.
  [[nodiscard]] std::uint32_t add_file(std::string name);

  void error(Position at, std::string text);
  void warning(Position at, std::string text);
  /// A mistake about the file or folder as a whole.
  void file_error(std::string file, std::string text);
  void file_warning(std::string file, std::string text);

  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }
  /// Sorted by file, line and column, each said once. Leaves this object empty.
  [[nodiscard]] std::vector<Problem> take();

 private:
  void add(Problem::Kind kind, Position at, std::string text);

  std::vector<std::string> files_;
  std::vector<std::size_t> counts_;  // problems told of each file
  std::vector<Problem> problems_;
};

/// "'a', 'b' or 'c'", for the mend of a wrong word.
[[nodiscard]] std::string one_of(const std::vector<std::string>& words);

/// "'text'", shortened and with control bytes replaced, so that a message stays one readable line.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// "; write 'x'" when `word` is close to one of `known`, else "; known are 'a', 'b' or 'c'" (at most twelve), or "".
[[nodiscard]] std::string mend(std::string_view word, const std::vector<std::string>& known);

}  // namespace fairlead::rules::catalog
