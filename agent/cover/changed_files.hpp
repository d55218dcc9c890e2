#pragma once
// What Fairlead changed in files outside its own folders, for several purposes that may share a file: written down
// before it is done, so that each purpose can be undone by itself, in any order, at any time. What others have written
// in the same files since then stays. Blocks; changes need the administrator.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::cover {

/// One thing that is put into a file.
struct Edit {
  enum class Kind : std::uint8_t {
    list_item,  // a text as the first of a list in a JSON file
    value,      // a value in a JSON file, in the place of what stood there
    text,       // lines at the end of a file of another kind
  };
  Kind kind = Kind::value;
  std::vector<std::string> keys;  // the way in a JSON file
  std::string value;              // the item, the value as JSON, or the lines, each with its end
};

/// `text` with these edits in it. Pure.
///
/// before   all of the file, nothing when it is not there.
/// Errors   Errc::bad_file when it is no JSON object, or has something else where an object or a list has to be.
[[nodiscard]] Result<std::string> with_edits(const std::optional<std::string>& before, const std::vector<Edit>& edits);

/// `now` without these edits: where they took the place of something in `before`, that comes back. What others have put
/// in their place stays. Pure.
/// Errors   Errc::bad_file when it is no JSON object any more; Errc::refused when lines that were put in are no longer
///          there as they were.
[[nodiscard]] Result<std::string> without_edits(const std::string& now, const std::optional<std::string>& before,
                                                const std::vector<Edit>& edits);

class ChangedFiles {
 public:
  enum class Whose : std::uint8_t {
    others,  // what stands in it already stays
    ours,    // a file that only Fairlead writes: what stands in it is from a record that was lost
  };

  /// Nothing is recorded when nothing was changed.
  /// Errors   bad_file, denied.
  [[nodiscard]] static Result<ChangedFiles> read(const std::filesystem::path& state);

  /// The files that were changed for this purpose, by their real names.
  [[nodiscard]] std::vector<std::string> files_of(std::string_view purpose) const;
  [[nodiscard]] bool is_changed_for(std::string_view purpose, const std::filesystem::path& file) const;

  /// Puts the edits into the file, in the place of those that this purpose put into it before; makes the file and its
  /// folders, for everybody to read.
  /// Errors   as with_edits(), with the file's name; denied, disk_full. Nothing of the file is changed then.
  [[nodiscard]] Result<void> put(std::string_view purpose, const std::filesystem::path& file, Whose whose,
                                 std::vector<Edit> edits);

  /// Takes out of the file what put() put into it for this purpose. With the last purpose the file is what it was
  /// before the first, if nobody else has changed it; a file and folders that were made for it go.
  /// Errors   as without_edits(), with the file's name; denied, disk_full. It stays recorded then.
  [[nodiscard]] Result<void> take_out(std::string_view purpose, const std::string& file);

  /// take_out() for every file but these: those that programs no longer read, as when an administrator has put another
  /// in their place.
  /// Errors   of the first file that could not be changed; all are tried.
  [[nodiscard]] Result<void> take_out_of_all_but(const std::vector<std::filesystem::path>& files,
                                                 std::string_view purpose);

 private:
  struct OwnedEdit {
    std::string purpose;
    Edit edit;
  };
  struct Change {
    std::optional<std::string> before;  // all of the file without any edit of ours, when it was there
    std::vector<std::string> folders;   // that were made for it, the outermost first
    std::vector<OwnedEdit> edits;
  };
  explicit ChangedFiles(std::filesystem::path record) : record_(std::move(record)) {}
  static std::vector<Edit> edits_in(const Change& change);
  static Result<void> find_base(const std::string& file, Change& change, const std::optional<std::string>& now);
  [[nodiscard]] Result<void> write() const;

  std::filesystem::path record_;
  std::map<std::string, Change, std::less<>> changes_;  // by file
};

}  // namespace fairlead::agent::cover
