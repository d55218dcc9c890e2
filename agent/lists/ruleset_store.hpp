#pragma once
// The compiled rulesets of this laptop, below STATE/rulesets:
//   <name>.rules   one compiled ruleset; never changed once it has its name
//   current        the name of the one that is in force, or was last
//   previous       the one before it: for going back, and for explaining events that were judged by it
//   held           the name of one that an administrator has gone back from, so that it does not come again by itself
// At every moment, also after a loss of power, `current` names a whole file. All of it blocks. Any process of this
// laptop that may write here.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"
#include "rules/match/file/file_view.hpp"
#include "rules/match/file/file_writer.hpp"

namespace fairlead::agent::lists {

class RulesetStore {
 public:
  /// folder  STATE/rulesets; made when something is first put there.
  explicit RulesetStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] std::optional<std::string> current() const { return read("current"); }
  [[nodiscard]] std::optional<std::string> previous() const { return read("previous"); }
  [[nodiscard]] std::optional<std::string> held() const { return read("held"); }

  /// Errors: not_found, denied, bad_file.
  [[nodiscard]] Result<rules::match::FileBytes> open(std::string_view name) const;

  /// Writes a ruleset beside the others, under no name yet, and maps it. Errors: disk_full, denied.
  struct Aside {
    std::filesystem::path path;
    rules::match::FileBytes bytes;
  };
  [[nodiscard]] Result<Aside> put_aside(const rules::match::FileWriter& file) const;
  /// Gives it its name.
  [[nodiscard]] Result<void> name(const Aside& aside, const std::string& name) const;
  /// Gives it its name and makes it the current one; the one before becomes the previous. Ends what was held.
  [[nodiscard]] Result<void> adopt(const Aside& aside, const std::string& name) const;
  /// Removes what was put aside and is not wanted.
  void drop(const Aside& aside) const;
  /// Makes a ruleset that has its name already the current one.
  [[nodiscard]] Result<void> make_current(const std::string& name) const;

  /// Goes back to the previous one and holds the current one; returns the name that is current now.
  /// Errors   not_found: there is no previous one, or it does not open.
  [[nodiscard]] Result<std::string> roll_back() const;

  /// Removes rulesets that nobody can ask for any more: not current, not previous, and last in force before `before`.
  void remove_expired(std::chrono::sys_seconds before) const;

 private:
  [[nodiscard]] std::filesystem::path path_of(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> read(std::string_view file) const;

  std::filesystem::path folder_;
};

}  // namespace fairlead::agent::lists
