#pragma once
// Compiles categories and the lists that feed them into one ruleset file. Blocking; seconds for millions of names, in
// little memory. One object for one file, from one thread.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/imports/import_report.hpp"
#include "rules/catalog/load.hpp"
#include "rules/catalog/values.hpp"
#include "rules/match/file/file_writer.hpp"

namespace fairlead::rules::match {

/// A list as it lies on the disk.
struct ListInput {
  const catalog::ListSource* source;  // in the catalog that is compiled
  std::filesystem::path path;
  std::string edition;  // names these bytes: their SHA-256
};

/// What became of the lines of one list.
struct ListReport {
  std::string id;
  catalog::ImportReport lines;            // taken and left out
  std::uint64_t folded = 0;               // of those taken: named twice, or below a name of the same category
  std::vector<std::string> folded_where;  // "domains:17", the first few
  struct Refused {
    std::string file;  // of an archive or folder
    std::uint32_t line;
    std::string why;
  };
  std::vector<Refused> refused;  // expressions that were read, and cannot be looked for
};

class Compiler {
 public:
  /// catalog  must outlive this, unchanged.
  explicit Compiler(const catalog::Catalog& catalog);
  ~Compiler();

  /// The rules of a category's own file. Each pattern that is refused is named in `problems`.
  void add_category(std::uint16_t category, std::vector<catalog::Problem>& problems);
  /// A list that some category names. A list that cannot be read is named in `problems`, at the list's entry.
  void add_list(const ListInput& input, std::vector<catalog::Problem>& problems);

  /// Writes everything; nothing may be added afterwards.
  /// name    64 hex digits that name the files which people edit and the editions of the lists.
  /// edited  those files, for whoever opens the ruleset later.
  [[nodiscard]] FileWriter finish(std::string_view name, const catalog::Texts& edited);
  /// One report a list, in the order in which they were added; complete after finish().
  [[nodiscard]] const std::vector<ListReport>& reports() const;

 private:
  struct Impl;
  class Taker;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::rules::match
