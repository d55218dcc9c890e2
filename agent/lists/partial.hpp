#pragma once
// What is left of a download that was cut: the bytes so far and what they are the beginning of. Kept so that a slow
// line gets a long list in the end. Blocks; one thread.
//
// The record beside the part is written only after an orderly end, with the part's digest: after a loss of power, or a
// process that was killed, the part does not fit its record and is thrown away.

#include <cstdint>
#include <filesystem>
#include <string>

#include "rules/base/result.hpp"

namespace fairlead::agent::lists {

/// What a server said a file's edition is, word for word; empty where it did not.
struct Validators {
  std::string etag, last_modified;
  bool operator==(const Validators&) const = default;
};

class Partial {
 public:
  /// Looks into the folder of the list; a part that does not fit its record or this url is removed.
  Partial(const std::filesystem::path& folder, std::string url);

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  /// Bytes that may be continued; 0 when there are none.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// For If-Range: the only edition that these bytes may be continued with.
  [[nodiscard]] const std::string& if_range() const { return if_range_; }

  /// Records the file as it lies there, as the beginning of the edition that `if_range` names; with an empty one it
  /// cannot be continued and goes.
  void keep(const std::string& if_range);
  void remove();

 private:
  std::filesystem::path file_, record_;
  std::string url_, if_range_;
  std::uint64_t bytes_ = 0;
};

}  // namespace fairlead::agent::lists
