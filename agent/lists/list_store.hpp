#pragma once
// The downloaded lists of this laptop, a folder each below STATE/lists:
//   list        the newest edition that was verified and accepted, as it was downloaded
//   previous    the accepted one before it
//   candidate   a verified one that waits to be accepted
//   meta.json   what they are and how asking for new ones goes
//   incoming.*  a download under way, or what is left of one
// At every moment, also after a loss of power, `list` is one accepted edition, whole, and meta.json says which. All of
// it blocks. Whoever changes something holds the lock; reading needs none.

#include <filesystem>
#include <optional>
#include <string>

#include "agent/lists/list_meta.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::lists {

/// What lies in a list's folder.
struct StoredList {
  std::optional<Edition> edition;   // what `list` is, proven by its digest
  std::optional<Edition> previous;  // the accepted one before it, as meta.json has it
  Check check;
  std::string trouble;  // a sentence when what lies there cannot be what was put there
};

struct Candidate {
  std::string id;
  Edition edition;
  Check check;  // what accept() or reject() writes down; until then the list stays as due as it was
};

class ListStore {
 public:
  /// folder  STATE/lists; made when something is first held.
  explicit ListStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// One updater at a time. Errors: denied ("another process ...").
  [[nodiscard]] Result<platform::FileLock> hold() const;

  /// id  a list's id: letters, digits, '-' and '_'.
  [[nodiscard]] std::filesystem::path folder(const std::string& id) const { return folder_ / id; }
  [[nodiscard]] std::filesystem::path list(const std::string& id) const { return folder(id) / "list"; }
  [[nodiscard]] std::filesystem::path candidate(const std::string& id) const { return folder(id) / "candidate"; }

  /// Never fails: garbage is nothing, with `trouble` saying so. Reads the whole list for its digest.
  [[nodiscard]] StoredList read(const std::string& id) const;

  /// The same without looking at the list.
  [[nodiscard]] Check last_check(const std::string& id) const;

  /// Makes the folder; removes a candidate that nobody decided about.
  [[nodiscard]] Result<void> prepare(const std::string& id) const;

  /// Makes incoming.part, whose bytes were verified, the candidate. edition: without digest and size, which are taken
  /// from the file.
  [[nodiscard]] Result<Candidate> stage(const std::string& id, Edition edition, const Check& check) const;
  /// Puts the candidate in the place of the list, and that in the place of the previous one.
  [[nodiscard]] Result<void> accept(const Candidate& candidate) const;
  /// Removes it; the reason stands in meta.json. The next edition is awaited as if this one were in force.
  [[nodiscard]] Result<void> reject(const Candidate& candidate, const std::string& reason) const;

  [[nodiscard]] Result<void> note(const std::string& id, const Check& check) const;
  /// The server calls the edition that is there by other validators now.
  [[nodiscard]] Result<void> note_validators(const std::string& id, const Validators& validators) const;

 private:
  [[nodiscard]] std::optional<Meta> read_meta(const std::string& id) const;
  [[nodiscard]] Result<void> write_meta(const std::string& id, const Meta& meta) const;

  std::filesystem::path folder_;
};

}  // namespace fairlead::agent::lists
