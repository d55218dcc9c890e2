#pragma once
// The workshop of a running agent: previews, changes and their waiting over the real folder, store and rules. What
// waits lies below STATE/changes (its text) and in the store's book (who, why, until when); the file that people edit
// changes only when it is applied. On a laptop of a fleet the files of its bundle can be read, and the one of the
// desk's exceptions, and none is edited. Files edited on the disk by hand do not pass through here. Any thread but the
// event loop's; one change at a time.

#include <functional>
#include <memory>
#include <mutex>

#include "agent/command/change_book.hpp"
#include "agent/command/rules_source.hpp"
#include "agent/console/visit.hpp"
#include "agent/console/workshop.hpp"
#include "agent/exchange/notice.hpp"
#include "agent/lists/build_rules.hpp"

namespace fairlead::agent::command {

/// What became of a reload that a changed file asked for.
struct Reloaded {
  bool good = false;
  std::vector<std::string> problems;
};

class RuleWorkshop final : public console::Workshop {
 public:
  struct Place {
    RulesSource source;  // rules that come from the fleet can be read here, and not changed
    std::function<std::shared_ptr<const rules::policy::Rules>()> in_force;  // never null while the agent runs
    std::function<Reloaded()> reload;
  };
  /// store  outlives this object.
  RuleWorkshop(Place place, events::Store& store) : place_(std::move(place)), store_(store) {}

  [[nodiscard]] std::vector<std::string> files() const override;
  [[nodiscard]] Result<console::EditedFile> read(std::string_view name) const override;
  [[nodiscard]] Result<console::Preview> preview(std::string_view name, std::string_view text,
                                                 console::Moment now) override;
  [[nodiscard]] Result<console::Outcome> propose(const console::Proposal& proposal, console::Moment now) override;
  [[nodiscard]] Result<console::Outcome> except(const rules::catalog::ExceptionText& exception,
                                                const std::string& account, bool released,
                                                console::Moment now) override;
  [[nodiscard]] Result<std::vector<console::Change>> changes() const override;
  [[nodiscard]] Result<void> release(std::string_view change, const std::string& account, console::Moment now) override;
  [[nodiscard]] Result<void> withdraw(std::string_view change, const std::string& account,
                                      console::Moment now) override;
  [[nodiscard]] Result<console::Outcome> undo(std::string_view change, const std::string& account,
                                              console::Moment now) override;

  /// Makes the changes whose time has come. For the agent's own clock.
  void apply_due(console::Moment now);

  /// The exceptions that the organisation's desk released for this laptop, laid over its rules in the place of those
  /// before (agent/fleet/desk_exceptions.hpp). The book tells of each that comes or goes.
  /// Errors   closed: the agent is stopping; refused: the rules of this laptop cannot be loaded; those of the disk. The
  ///          set is to be told again.
  [[nodiscard]] Result<void> take_from_desk(const exchange::ExceptionSet& set, console::Moment now);
  /// Those of the desk that have ended leave their file.
  void drop_ended(std::chrono::sys_seconds now);

 private:
  [[nodiscard]] Result<console::Outcome> propose_locked(const console::Proposal& proposal, console::Moment now);
  [[nodiscard]] Result<BookedChange> waiting(std::string_view id) const;
  [[nodiscard]] Result<void> make_waiting(const BookedChange& booked, const std::string& account, console::Moment now);
  /// Writes the text, has the agent take it over, and puts the old one back when it does not.
  [[nodiscard]] Result<void> apply(ChangeStep step, const std::string& old, const std::string& text,
                                   console::Moment now);
  [[nodiscard]] Result<std::string> with_exception(const std::string& policy,
                                                   const rules::catalog::ExceptionText& exception) const;
  [[nodiscard]] Result<void> note(const ChangeStep& step, console::Moment now);
  [[nodiscard]] std::filesystem::path text_file(std::string_view id, const char* which) const;
  [[nodiscard]] Result<std::string> kept_text(std::string_view id, const char* which, const std::string& digest) const;

  Place place_;
  events::Store& store_;
  std::mutex one_at_a_time_;
};

}  // namespace fairlead::agent::command
