#pragma once
// What pages do with the files that people edit: read, look at what a change would do, make it, or let it wait. An
// interface: the agent gives it (agent/command), tests give their own. Every method may block, seconds for millions of
// names: for the console's own threads alone. No answer holds a person.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/sessions.hpp"
#include "rules/base/result.hpp"
#include "rules/catalog/exception_edit.hpp"

namespace fairlead::agent::console {

/// A file as it is on the disk. digest: of its bytes, so that nobody writes over what somebody else has written.
struct EditedFile {
  std::string name;  // "conduct/gambling.yaml"
  std::string text, digest;
};

/// What another text of one file would do.
struct Preview {
  bool usable = false;                        // no errors
  bool same = false;                          // the text is the one on the disk
  std::vector<std::string> errors, warnings;  // "conduct/gambling.yaml:12:5: error: unknown key ..."
  std::vector<std::string> removed, added;    // lines of the file; the first of them
  struct Rules {
    std::string category;            // its id
    std::vector<std::string> lines;  // "2 hosts more: casino.example (conduct/gambling.yaml:14)"
  };
  std::vector<Rules> rules;
  struct Replayed {
    std::string host;  // empty: of a critical category, and withheld
    std::string was, becomes;
    std::uint64_t count = 0;
  };
  std::vector<Replayed> replay;  // of what was stopped or noted lately: what would be decided otherwise
  std::uint64_t replayed = 0;    // entries that were judged anew
  std::vector<std::string> loosens;
};

/// waiting: not on the disk yet; refused: could not be made when its time came.
enum class ChangeState : std::uint8_t { waiting, applied, withdrawn, refused };

struct Change {
  std::string id, file, account, why;
  Moment time{};
  std::optional<Moment> due;  // of a waiting one: when it holds by itself
  std::vector<std::string> loosens;
  ChangeState state = ChangeState::waiting;
  std::string decided_by;  // empty: its time had come, or nobody had to
  Moment decided{};
  std::string says;  // why it was refused
};

struct Proposal {
  std::string file, text, digest;  // the digest of the text that was edited
  std::string account, why;
  bool released = false;  // by whoever may decide alone
};

struct Outcome {
  std::string change;
  bool waiting = false;
  std::optional<Moment> due;
  std::vector<std::string> loosens;
};

class Workshop {
 public:
  Workshop() = default;
  virtual ~Workshop() = default;
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  /// The names of all files that may be edited.
  [[nodiscard]] virtual std::vector<std::string> files() const = 0;
  /// Errors   not_found: no such file among files(), whatever the name holds.
  [[nodiscard]] virtual Result<EditedFile> read(std::string_view name) const = 0;
  /// text  as a browser sends it, with any line ends; those of the file are kept.
  [[nodiscard]] virtual Result<Preview> preview(std::string_view name, std::string_view text, Moment now) = 0;
  /// Makes the change, or lets it wait when it loosens a serious category and is not released.
  /// Errors   refused: the file was changed meanwhile, has errors, or nothing differs; not_found; those of the disk.
  [[nodiscard]] virtual Result<Outcome> propose(const Proposal& proposal, Moment now) = 0;
  /// Adds an exception to policy.yaml, or puts it in the place of one for the same address and groups.
  [[nodiscard]] virtual Result<Outcome> except(const rules::catalog::ExceptionText& exception,
                                               const std::string& account, bool released, Moment now) = 0;

  /// The newest first.
  [[nodiscard]] virtual Result<std::vector<Change>> changes() const = 0;
  /// Another account than the one that asked for it makes a waiting change hold.
  /// Errors   refused: the same account, or it cannot be made any more; not_found: it does not wait.
  [[nodiscard]] virtual Result<void> release(std::string_view change, const std::string& account, Moment now) = 0;
  /// Nobody makes it any more. Errors: not_found.
  [[nodiscard]] virtual Result<void> withdraw(std::string_view change, const std::string& account, Moment now) = 0;
  /// Proposes the text from before an applied change. Errors: refused when the file was changed since.
  [[nodiscard]] virtual Result<Outcome> undo(std::string_view change, const std::string& account, Moment now) = 0;
};

}  // namespace fairlead::agent::console
