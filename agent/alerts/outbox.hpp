#pragma once
// What is still to be said, and what was: one SQLite file, alerts.db. Every method is one transaction that is on the
// disk when it returns, so that an agent that is killed at any moment begins again where it was. Blocks; one object
// belongs to one thread at a time. OutboxReader looks at the file beside it.
//
// A message is `sending` from before the first byte goes out until the server's answer is written down. An agent that
// dies in between cannot know whether the server took it: it sends the message again, with the same Message-ID and
// Idempotency-Key, by which servers and mail programs fold the two. FORMAT.md says more.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/alerts/alert.hpp"
#include "agent/alerts/outcome.hpp"
#include "agent/alerts/plan.hpp"
#include "agent/events/database.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::alerts {

enum class MessageState : std::uint8_t { waiting, sending, delivered, parked, withdrawn };
[[nodiscard]] std::string_view to_string(MessageState state);

/// 32 hex digits at random.
[[nodiscard]] std::string new_key();

/// How one route is.
struct RouteStatus {
  std::string route;
  std::uint64_t incidents = 0;  // that wait to become a message
  std::uint64_t waiting = 0, parked = 0, delivered = 0;
  std::optional<TimePoint> last_delivered, next_try;
  std::uint64_t in_doubt = 0;  // attempts of which nobody knows how they ended
  std::uint64_t beyond = 0;    // incidents for which there was no room; the next message counts them
  std::string trouble;         // why the last attempt failed; empty when nothing waits
};

/// A row of the console's page of alerts.
struct SentAlert {
  TimePoint created{};
  std::optional<TimePoint> delivered;
  std::string route;
  AlertWay way = AlertWay::at_once;
  MessageState state = MessageState::waiting;
  std::uint32_t attempts = 0, in_doubt = 0;
  std::string error;
  std::vector<std::uint64_t> incidents;
  std::uint64_t beyond = 0;
};

/// An incident that is due, and how many events it had.
struct DueIncident {
  Item item;
  std::uint64_t count = 0;
};

class Outbox {
 public:
  static constexpr std::uint64_t kMostItems = 5000;  // waiting incidents a route

  /// Opens or makes `folder`/alerts.db. Messages that were being sent when the last agent ended wait again; all that
  /// wait are tried soon, because the network may be another one now. A damaged file is set aside as evidence, and
  /// `notice` tells.
  /// Errors   denied, disk_full, broken_store.
  [[nodiscard]] static Result<Outbox> open(const std::filesystem::path& folder, TimePoint now, std::string& notice);
  /// The same for a file that opened and then proved damaged: it is set aside whatever it looks like.
  [[nodiscard]] static Result<Outbox> open_anew(const std::filesystem::path& folder, TimePoint now,
                                                std::string& notice);

  /// What policy.yaml names now. What waits for a route that is gone goes to one of the same kind that is new (an
  /// address was mended); where there is none it is withdrawn, and counted.
  [[nodiscard]] Result<void> set_routes(const std::vector<Route>& routes);
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  /// The clock was set back: times that lie ahead of it were written by a false one and hold nothing back any more.
  /// Messages that were made or tried ahead of it, or whose turn would come later than any wait can last, are due now.
  [[nodiscard]] Result<void> heed_clock(TimePoint now);

  [[nodiscard]] Result<std::optional<TimePoint>> number(std::string_view name) const;
  [[nodiscard]] Result<void> set_number(std::string_view name, TimePoint value);
  [[nodiscard]] Result<std::optional<Told>> told(std::uint64_t incident) const;

  /// Hands the incidents to every route and moves the cursor, all or nothing.
  [[nodiscard]] Result<void> queue(const std::vector<DueIncident>& due, TimePoint cursor, TimePoint now);

  /// nullopt while a message of the route still waits for its server: what comes meanwhile goes with the next one.
  [[nodiscard]] Result<std::optional<Waiting>> waiting(const Route& route, TimePoint since) const;

  /// Makes one message of what waits for it.
  /// compose   given the items (the gravest first), how many more there are, and the key; fills in subject and body.
  using Compose = std::function<void(const std::vector<Item>&, std::uint64_t beyond, Message&)>;
  [[nodiscard]] Result<void> make_message(const Route& route, const Due& due, TimePoint now, const Compose& compose);

  /// The message whose turn it is; none when all have to wait.
  [[nodiscard]] Result<std::optional<Message>> next_message(TimePoint now) const;
  [[nodiscard]] Result<std::optional<TimePoint>> next_try() const;
  /// Before the first byte goes out.
  [[nodiscard]] Result<void> begin(const Message& message, TimePoint now);
  /// next_try   for an outcome that is not `delivered`.
  [[nodiscard]] Result<void> finish(const Message& message, const Outcome& outcome, TimePoint next_try, TimePoint now);
  /// The same server could not be reached for another message.
  [[nodiscard]] Result<void> postpone(const Route& route, TimePoint next_try, const std::string& error);
  /// A route works again, or somebody asks: its parked messages are tried.
  [[nodiscard]] Result<void> try_parked(const Route& route, TimePoint now);
  /// All of its messages are.
  [[nodiscard]] Result<void> try_now(const Route& route, TimePoint now);
  /// Something critical waits behind what waits for its server: that is tried now, whatever wait it was given, or as
  /// soon as kBetweenCritical has passed since its last attempt.
  [[nodiscard]] Result<void> hurry(TimePoint now);

  /// After what is told, or no longer to be told, was deleted: takes its text out of the write-ahead log too.
  /// Returns  whether that is done; somebody who reads the file may hold it up.
  bool clear_log();

  /// Delivered messages that the event store has no entry of yet.
  [[nodiscard]] Result<std::vector<Message>> not_entered() const;
  [[nodiscard]] Result<void> entered(const Message& message);

  /// Forgets what is 400 days old. A message that could not be delivered for thirty days is withdrawn, and counted:
  /// its text may hold what retention would have erased by then.
  [[nodiscard]] Result<void> forget(TimePoint now);

  [[nodiscard]] Result<std::vector<RouteStatus>> status() const;
  /// Of the last sixty days.
  [[nodiscard]] Result<std::uint64_t> withdrawn(TimePoint now) const;

 private:
  explicit Outbox(events::Database database) : database_(std::move(database)) {}
  [[nodiscard]] static Result<Outbox> open_file(const std::filesystem::path& file, TimePoint now);
  [[nodiscard]] Result<void> drop_route(const std::string& gone, const std::string* instead);
  [[nodiscard]] Result<std::uint64_t> count(std::string_view sql, std::string_view route, std::uint64_t second) const;
  [[nodiscard]] Result<void> add_item(const Route& route, const Item& item);

  events::Database database_;
  std::vector<Route> routes_;
  bool text_in_log_ = true;  // an agent that was killed may have left some
};

/// The latest alerts, for the console's page; beside a running or a stopped agent. None where there is no file yet.
[[nodiscard]] Result<std::vector<SentAlert>> recent_alerts(const std::filesystem::path& folder, std::size_t limit,
                                                           std::size_t offset);

}  // namespace fairlead::agent::alerts
