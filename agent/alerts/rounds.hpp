#pragma once
// The work of alerting, one round after the other: look at incidents, make messages, try to deliver them, write down
// what came of it. Time, incidents and the way out are handed in. One object, one thread; blocks.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/alerts/outbox.hpp"
#include "agent/events/entry.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::alerts {

/// What is asked of the event store.
struct Feed {
  std::function<Result<std::vector<events::Incident>>(const events::IncidentFilter&)> incidents;
  std::function<bool()> events_wait;  // could not be written yet, so that their time lies before their writing
  std::function<Result<std::vector<events::Entry>>(const events::EntryFilter&)> entries;
  std::function<Result<std::uint64_t>(events::Entry)> add;
};

/// Delivers one message over one route; blocks.
using Send = std::function<Outcome(const Route&, const Message&)>;

struct RoundsOptions {
  Feed feed;
  Send send;
  std::function<TimePoint()> now;
  std::function<double()> chance;                // 0 to 1, at random
  std::function<void(const std::string&)> tell;  // a line for the log: no address, no person, no server's words
  TimePoint started{};                           // incidents before it were nobody's to tell, where there is no outbox
};

class Rounds {
 public:
  Rounds(Outbox outbox, RoundsOptions options, bool was_damaged);

  /// What is in force; before the first round, and whenever the policy changed.
  /// catalog   borrowed until the next call.
  [[nodiscard]] Result<void> use(const rules::catalog::Catalog& catalog);

  /// One round. `look`: something was recorded since the last one.
  /// Returns  when the next round is due at the latest, if nothing wakes the thread before; nothing: not at all.
  [[nodiscard]] Result<std::optional<TimePoint>> run(bool look);

  /// A test arrived over this route: what waits for it is tried in the next round.
  [[nodiscard]] Result<void> try_now(std::string_view route);

  [[nodiscard]] const Outbox& outbox() const { return outbox_; }

 private:
  [[nodiscard]] Result<void> heed_clock();
  [[nodiscard]] Result<void> look();
  [[nodiscard]] Result<std::optional<TimePoint>> make_messages();
  [[nodiscard]] Result<void> make_message(const Route& route, const Due& due, TimePoint now);
  [[nodiscard]] Result<void> deliver();
  [[nodiscard]] Result<void> attempt(const Route& route, const Message& message);
  [[nodiscard]] Result<void> write_down(const Message& message, const Outcome& outcome);
  [[nodiscard]] Result<bool> enter();
  [[nodiscard]] Result<void> enter(const Message& message, std::uint64_t incident);
  [[nodiscard]] std::string device();
  [[nodiscard]] const Route* find_route(std::string_view name) const;
  void tell_of(const Route& route, Verdict verdict);

  Outbox outbox_;
  RoundsOptions options_;
  const rules::catalog::Catalog* catalog_ = nullptr;
  std::optional<rules::policy::Zone> zone_;
  std::string device_;  // the first letters of its id, which belong to an incident's number
  bool was_damaged_, far_back_ = true;
  std::optional<std::pair<Message, Outcome>> unwritten_;  // an attempt whose outcome the disk did not take
  std::vector<std::string> troubled_;                     // routes that the log was told of
  struct Entering {
    std::uint64_t message = 0;
    std::size_t next = 0;  // of its incidents
  } entering_;             // the message that is being written into the book
  TimePoint forgot_{};
  TimePoint seen_ =
      TimePoint::max();  // the clock's latest time; whether it was set back before the start, nobody knows
};

}  // namespace fairlead::agent::alerts
