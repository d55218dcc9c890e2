#include "agent/alerts/outbox.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <nlohmann/json.hpp>

#include "agent/alerts/sql.hpp"
#include "agent/events/digest.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::alerts {
namespace {

using events::Database;
using events::Statement;
using events::Transaction;

constexpr auto kFile = "alerts.db";
constexpr std::chrono::days kRemembered{400}, kGivenUpAfter{30}, kShownFor{60};
constexpr std::chrono::hours kLongestWait{24};  // a server's own wish; see outcome.cpp
constexpr auto kAlertStates =
    std::to_array<std::string_view>({"waiting", "sending", "delivered", "parked", "withdrawn"});

std::uint64_t number_of(TimePoint time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time.time_since_epoch().count(), 0));
}
TimePoint time_of(std::uint64_t number) { return TimePoint(std::chrono::milliseconds(number)); }
std::optional<TimePoint> time_or_none(std::uint64_t number) {
  return number == 0 ? std::nullopt : std::optional(time_of(number));
}

std::vector<std::uint64_t> numbers_in(std::string_view list) {
  const auto parsed = nlohmann::json::parse(list, nullptr, false);
  return parsed.is_array() ? parsed.get<std::vector<std::uint64_t>>() : std::vector<std::uint64_t>{};
}

Item item_at(const Statement& row) {
  Item item;
  item.incident = row.integer_at(0);
  item.way = static_cast<AlertWay>(row.integer_at(1));
  item.reason = static_cast<Reason>(row.integer_at(2));
  item.severity = static_cast<Severity>(row.integer_at(3));
  item.since = time_of(row.integer_at(4));
  item.risk = row.bytes_at(5);
  item.category = row.bytes_at(6);
  item.title = row.bytes_at(7);
  item.person = row.bytes_at(8);
  item.host = row.bytes_at(9);
  return item;
}

Message message_at(const Statement& row) {
  Message message;
  message.id = row.integer_at(0);
  message.key = row.bytes_at(1);
  message.route = row.bytes_at(2);
  message.way = static_cast<AlertWay>(row.integer_at(3));
  message.created = time_of(row.integer_at(4));
  message.subject = row.bytes_at(5);
  message.body = row.bytes_at(6);
  message.incidents = numbers_in(row.bytes_at(7));
  message.beyond = row.integer_at(8);
  message.attempts = static_cast<std::uint32_t>(row.integer_at(9));
  return message;
}

/// Runs a statement to its end, `row` for each row.
template <class Row>
Result<void> each(Result<Statement> statement, const Row& row) {
  if (!statement) return tl::unexpected(std::move(statement).error());
  for (;;) {
    const auto more = statement->step();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
    row(*statement);
  }
}

/// Prepares and binds: texts and numbers in the order of the parameters. Texts are borrowed until it ran.
template <class... Values>
Result<Statement> bound(const Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return statement;
  [[maybe_unused]] const auto bind = [&](const auto& value) {
    if constexpr (std::is_convertible_v<decltype(value), std::string_view>) {
      statement->text(value);
    } else {
      statement->integer(static_cast<std::uint64_t>(value));
    }
  };
  (bind(values), ...);
  return statement;
}

template <class... Values>
Result<void> run(const Database& database, std::string_view sql, const Values&... values) {
  auto statement = bound(database, sql, values...);
  if (!statement) return tl::unexpected(std::move(statement).error());
  return statement->run();
}

Waiting::Ways& ways_of(Waiting& waiting, AlertWay way) {
  if (way == AlertWay::at_once) return waiting.at_once;
  return way == AlertWay::daily ? waiting.daily : waiting.weekly;
}

}  // namespace

std::string_view to_string(MessageState state) { return kAlertStates[static_cast<std::size_t>(state)]; }

std::string new_key() {
  std::array<char, 16> bytes{};
  events::fill_random(bytes);
  return text::hex(std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

Result<Outbox> Outbox::open(const std::filesystem::path& folder, TimePoint now, std::string& notice) {
  std::error_code ignored;
  if (std::filesystem::create_directories(folder, ignored))
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
  const std::filesystem::path file = folder / kFile;
  auto opened = open_file(file, now);
  if (opened || opened.error().code != Errc::broken_store) return opened;
  return open_anew(folder, now, notice);
}

Result<Outbox> Outbox::open_anew(const std::filesystem::path& folder, TimePoint now, std::string& notice) {
  const std::filesystem::path file = folder / kFile;
  const std::filesystem::path aside = folder / ("alerts-set-aside-" + std::to_string(number_of(now)) + ".db");
  std::error_code error, ignored;
  std::filesystem::rename(file, aside, error);
  const bool is_gone = error == std::errc::no_such_file_or_directory;
  if (error && !is_gone)
    return fail(Errc::denied, Side::local, "alerts.db is damaged and cannot be set aside: " + error.message());
  std::filesystem::rename(file.string() + "-wal", aside.string() + "-wal", ignored);  // it belongs to that file alone
  std::filesystem::remove(file.string() + "-shm", ignored);
  notice = "The list of alerts to send was damaged and set aside as " + aside.filename().string() +
           ": incidents of the last days are told of again.";
  return open_file(file, now);
}

Result<Outbox> Outbox::open_file(const std::filesystem::path& file, TimePoint now) {
  auto database = Database::open_to_write(file);
  if (!database) return tl::unexpected(std::move(database).error());
  if (auto ready = database->execute(sql::kPrepare); !ready) return tl::unexpected(std::move(ready).error());
  const auto version = database->number(sql::kVersion);
  if (!version) return tl::unexpected(version.error());
  if (*version > 1) return fail(Errc::denied, Side::local, "alerts.db was made by a newer version of this program");
  auto transaction = Transaction::begin(*database);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  if (*version == 0) {
    if (auto made = database->execute(sql::kSchema); !made) return tl::unexpected(std::move(made).error());
  }
  if (auto done = run(*database, sql::kRecover); !done) return tl::unexpected(std::move(done).error());
  if (auto done = run(*database, sql::kTryAgain, number_of(now)); !done) return tl::unexpected(std::move(done).error());
  if (auto done = transaction->commit(); !done) return tl::unexpected(std::move(done).error());
  return Outbox(std::move(*database));
}

Result<void> Outbox::drop_route(const std::string& gone, const std::string* instead) {
  Result<void> done;
  if (instead != nullptr) {
    done = run(database_, sql::kMoveItems, *instead, gone);
    if (done) done = run(database_, sql::kMoveMessages, *instead, gone);
  }
  if (done) done = run(database_, sql::kDropItems, gone);
  if (done) done = run(database_, sql::kDropRoute, gone);
  return done;
}

Result<void> Outbox::set_routes(const std::vector<Route>& routes) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  std::vector<std::string> known;
  auto done = each(database_.prepare(sql::kRoutes), [&](const Statement& row) { known.emplace_back(row.bytes_at(0)); });
  if (!done) return done;
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::string> wanted;
  for (const Route& route : routes) {
    wanted.push_back(route.name);
    if (done) done = run(database_, sql::kAddRoute, route.name);
  }
  for (const std::string& gone : known) {
    if (has(wanted, gone)) continue;
    const bool is_webhook = gone.starts_with("webhook ");
    const auto instead = std::find_if(routes.begin(), routes.end(), [&](const Route& route) {
      return route.webhook == is_webhook && !has(known, route.name);
    });
    if (done) done = drop_route(gone, instead == routes.end() ? nullptr : &instead->name);
  }
  if (done) done = run(database_, sql::kWithdraw);
  if (!done) return done;
  if (auto committed = transaction->commit(); !committed) return committed;
  text_in_log_ = true;  // of what was withdrawn
  routes_ = routes;
  return {};
}

Result<void> Outbox::heed_clock(TimePoint now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  auto done = run(database_, sql::kHeedMessages, number_of(now), number_of(now + kLongestWait));
  if (done) done = run(database_, sql::kHeedItems, number_of(now));
  if (done) done = run(database_, sql::kHeedTold, number_of(now));
  if (!done) return done;
  return transaction->commit();
}

Result<std::optional<TimePoint>> Outbox::number(std::string_view name) const {
  std::optional<TimePoint> value;
  auto done =
      each(bound(database_, sql::kReadNumber, name), [&](const Statement& row) { value = time_of(row.integer_at(0)); });
  if (!done) return tl::unexpected(std::move(done).error());
  return value;
}

Result<void> Outbox::set_number(std::string_view name, TimePoint value) {
  return run(database_, sql::kWriteNumber, name, number_of(value));
}

Result<std::optional<Told>> Outbox::told(std::uint64_t incident) const {
  std::optional<Told> told;
  auto done = each(bound(database_, sql::kReadTold, incident), [&](const Statement& row) {
    told = Told{static_cast<Severity>(row.integer_at(0)), time_of(row.integer_at(1)), row.integer_at(2)};
  });
  if (!done) return tl::unexpected(std::move(done).error());
  return told;
}

Result<std::uint64_t> Outbox::count(std::string_view sql, std::string_view route, std::uint64_t second) const {
  std::uint64_t found = 0;
  const bool one = sql.find('?') == sql.rfind('?');
  auto statement = one ? bound(database_, sql, route) : bound(database_, sql, route, second);
  auto done = each(std::move(statement), [&](const Statement& row) { found = row.integer_at(0); });
  if (!done) return tl::unexpected(std::move(done).error());
  return found;
}

Result<void> Outbox::add_item(const Route& route, const Item& item) {
  const auto size = count(sql::kCountItems, route.name, 0);
  if (!size) return tl::unexpected(size.error());
  const auto known = count(sql::kHasItem, route.name, item.incident);
  if (!known) return tl::unexpected(known.error());
  if (*size >= kMostItems && *known == 0) return run(database_, sql::kAddBeyond, route.name);
  return run(database_, sql::kAddItem, route.name, item.incident, static_cast<unsigned>(item.way),
             static_cast<unsigned>(item.reason), static_cast<unsigned>(item.severity), number_of(item.since), item.risk,
             item.category, item.title, item.person, item.host);
}

Result<void> Outbox::queue(const std::vector<DueIncident>& due, TimePoint cursor, TimePoint now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  for (const DueIncident& one : due) {
    for (const Route& route : routes_) {
      if (auto added = add_item(route, one.item); !added) return added;
    }
    auto written = run(database_, sql::kWriteTold, one.item.incident, static_cast<unsigned>(one.item.severity),
                       number_of(now), one.count);
    if (!written) return written;
  }
  if (auto moved = set_number("cursor", cursor); !moved) return moved;
  return transaction->commit();
}

Result<std::optional<Waiting>> Outbox::waiting(const Route& route, TimePoint since) const {
  for (const MessageState state : {MessageState::waiting, MessageState::sending}) {
    const auto busy = count(sql::kCountInState, route.name, static_cast<std::uint64_t>(state));
    if (!busy) return tl::unexpected(busy.error());
    if (*busy > 0) return std::nullopt;
  }
  Waiting waiting;
  auto done = each(bound(database_, sql::kWaiting, route.name), [&](const Statement& row) {
    auto& ways = ways_of(waiting, static_cast<AlertWay>(row.integer_at(0)));
    ways.oldest = time_of(row.integer_at(1));
    ways.gravest = static_cast<Severity>(row.integer_at(2));
  });
  if (!done) return tl::unexpected(std::move(done).error());
  done = each(bound(database_, sql::kMadeSince, route.name, static_cast<unsigned>(AlertWay::at_once), number_of(since)),
              [&](const Statement& row) { waiting.sent.push_back(time_of(row.integer_at(0))); });
  if (!done) return tl::unexpected(std::move(done).error());
  const auto parked = count(sql::kCountInState, route.name, static_cast<std::uint64_t>(MessageState::parked));
  if (!parked) return tl::unexpected(parked.error());
  waiting.parked = *parked > 0;
  return waiting;
}

Result<void> Outbox::make_message(const Route& route, const Due& due, TimePoint now, const Compose& compose) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  const auto way = static_cast<unsigned>(due.way);
  const auto least = static_cast<unsigned>(due.least);
  std::vector<Item> items;
  auto done = each(bound(database_, sql::kTake, route.name, way, least),
                   [&](const Statement& row) { items.push_back(item_at(row)); });
  if (!done || items.empty()) return done;
  const auto beyond = count(sql::kReadBeyond, route.name, 0);
  if (!beyond) return tl::unexpected(beyond.error());
  Message message;
  message.key = new_key();
  message.route = route.name;
  message.way = due.way;
  message.created = now;
  message.beyond = *beyond;
  nlohmann::json incidents = nlohmann::json::array();
  for (const Item& item : items) incidents.push_back(item.incident);
  compose(items, *beyond, message);
  done = run(database_, sql::kAddMessage, message.key, route.name, way, number_of(now), number_of(now), message.subject,
             message.body, incidents.dump(), *beyond);
  if (done) done = run(database_, sql::kDropTaken, route.name, way, least);
  if (done) done = run(database_, sql::kClearBeyond, route.name);
  if (!done) return done;
  return transaction->commit();
}

Result<std::optional<Message>> Outbox::next_message(TimePoint now) const {
  std::optional<Message> message;
  auto done = each(bound(database_, sql::kNextMessage, number_of(now)),
                   [&](const Statement& row) { message = message_at(row); });
  if (!done) return tl::unexpected(std::move(done).error());
  return message;
}

Result<std::optional<TimePoint>> Outbox::next_try() const {
  std::optional<TimePoint> time;
  auto done = each(database_.prepare(sql::kNextTry), [&](const Statement& row) {
    if (!row.null_at(0)) time = time_of(row.integer_at(0));
  });
  if (!done) return tl::unexpected(std::move(done).error());
  return time;
}

Result<void> Outbox::begin(const Message& message, TimePoint now) {
  return run(database_, sql::kBegin, number_of(now), message.id);
}

Result<void> Outbox::finish(const Message& message, const Outcome& outcome, TimePoint next_try, TimePoint now) {
  if (outcome.verdict == Verdict::delivered) {
    text_in_log_ = true;
    return run(database_, sql::kDelivered, number_of(now), message.id);
  }
  const auto state = outcome.verdict == Verdict::parked ? MessageState::parked : MessageState::waiting;
  return run(database_, sql::kFailed, static_cast<unsigned>(state), number_of(next_try), outcome.says,
             outcome.in_doubt ? 1U : 0U, message.id);
}

Result<void> Outbox::postpone(const Route& route, TimePoint next_try, const std::string& error) {
  return run(database_, sql::kPostpone, number_of(next_try), error, route.name);
}

Result<void> Outbox::try_parked(const Route& route, TimePoint now) {
  return run(database_, sql::kTryParked, number_of(now), route.name);
}

Result<void> Outbox::try_now(const Route& route, TimePoint now) {
  return run(database_, sql::kTryNow, number_of(now), route.name);
}

Result<void> Outbox::hurry(TimePoint now) {
  constexpr std::chrono::milliseconds kBetween = kBetweenCritical;
  return run(database_, sql::kHurry, number_of(now), kBetween.count());
}

Result<std::vector<Message>> Outbox::not_entered() const {
  std::vector<Message> messages;
  auto done =
      each(database_.prepare(sql::kNotEntered), [&](const Statement& row) { messages.push_back(message_at(row)); });
  if (!done) return tl::unexpected(std::move(done).error());
  return messages;
}

Result<void> Outbox::entered(const Message& message) { return run(database_, sql::kEntered, message.id); }

Result<void> Outbox::forget(TimePoint now) {
  auto done = run(database_, sql::kForgetTold, number_of(now - kRemembered));
  if (done) done = run(database_, sql::kForgetMessages, number_of(now - kRemembered));
  if (done) done = run(database_, sql::kGiveUp, number_of(now - kGivenUpAfter));
  text_in_log_ = true;
  return done;
}

bool Outbox::clear_log() {
  if (text_in_log_) text_in_log_ = !database_.checkpoint(true);
  return !text_in_log_;
}

Result<std::vector<RouteStatus>> Outbox::status() const {
  std::vector<RouteStatus> out;
  for (const Route& route : routes_) {
    RouteStatus status;
    status.route = route.name;
    auto done = each(bound(database_, sql::kStatus, route.name), [&](const Statement& row) {
      status.incidents = row.integer_at(0);
      status.waiting = row.integer_at(1);
      status.parked = row.integer_at(2);
      status.delivered = row.integer_at(3);
      status.last_delivered = time_or_none(row.integer_at(4));
      status.next_try = time_or_none(row.integer_at(5));
      status.in_doubt = row.integer_at(6);
      status.beyond = row.integer_at(7);
      status.trouble = row.bytes_at(8);
    });
    if (!done) return tl::unexpected(std::move(done).error());
    out.push_back(std::move(status));
  }
  return out;
}

Result<std::uint64_t> Outbox::withdrawn(TimePoint now) const {
  std::uint64_t found = 0;
  auto done = each(bound(database_, sql::kWithdrawn, number_of(now - kShownFor)),
                   [&](const Statement& row) { found = row.integer_at(0); });
  if (!done) return tl::unexpected(std::move(done).error());
  return found;
}

Result<std::vector<SentAlert>> recent_alerts(const std::filesystem::path& folder, std::size_t limit,
                                             std::size_t offset) {
  std::vector<SentAlert> out;
  auto database = Database::open_to_read(folder / kFile);
  if (!database && database.error().code == Errc::not_found) return out;
  if (!database) return tl::unexpected(std::move(database).error());
  auto done = each(bound(*database, sql::kRecent, limit, offset), [&](const Statement& row) {
    SentAlert alert;
    alert.created = time_of(row.integer_at(0));
    alert.delivered = time_or_none(row.integer_at(1));
    alert.route = row.bytes_at(2);
    alert.way = static_cast<AlertWay>(row.integer_at(3));
    alert.state = static_cast<MessageState>(row.integer_at(4));
    alert.attempts = static_cast<std::uint32_t>(row.integer_at(5));
    alert.in_doubt = static_cast<std::uint32_t>(row.integer_at(6));
    alert.error = row.bytes_at(7);
    alert.incidents = numbers_in(row.bytes_at(8));
    alert.beyond = row.integer_at(9);
    out.push_back(std::move(alert));
  });
  if (!done) return tl::unexpected(std::move(done).error());
  return out;
}

}  // namespace fairlead::agent::alerts
