#include "agent/console/sessions.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "agent/console/sessions_sql.hpp"
#include "agent/database/columns.hpp"
#include "agent/database/transaction.hpp"
#include "agent/events/digest.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console {

using database::Bytes;
using database::column_of;
using database::Connection;
using database::Row;
using database::Rows;

namespace {

/// A use is written down when the last one that was is so long ago.
constexpr std::chrono::seconds kUseNoted{30};
constexpr std::chrono::seconds kClocksApart{30};

std::string random_token() {
  std::array<char, 32> bytes{};
  events::fill_random(bytes);
  return text::hex(std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

Bytes digest_of(std::string_view token) { return {std::string(events::Hasher().add(token).finish().view())}; }

/// Known to whoever knows the token, so that it need not be kept.
std::string form_token_of(std::string_view token) {
  return events::hex(events::Hasher().add("fairlead form 1").add(token).finish().view());
}

bool over(const Session& session, Moment now) {
  return now - session.began >= kLongest || now - session.used >= kIdleFor;
}

/// A clock that was set back: nobody can tell how long it has lasted. Those of several hubs differ by a little.
bool is_ahead(const Session& session, Moment now) { return now < session.began - kClocksApart; }

Result<void> make_table(Connection& connection) {
  // Nearly always it is there, and nobody who writes is in the way.
  const auto there = connection.run(in(connection, sql::sqlite::kHasSessions, sql::postgres::kHasSessions), {});
  if (!there) return tl::unexpected(there.error());
  if (database::number_at(there->front(), 0) > 0) return {};
  return database::in_transaction(connection, [&]() -> Result<void> {
    if (connection.dialect() == database::Dialect::postgres) {
      if (auto locked = connection.run(sql::postgres::kLockSessions, {}); !locked)
        return tl::unexpected(locked.error());
    }
    return connection.execute(database::in(connection, sql::sqlite::kSessions, sql::postgres::kSessions));
  });
}

// With "__Host-" a browser takes the cookie over TLS alone, for this host and every path.
std::string_view name_of(bool secure) { return secure ? "__Host-fairlead" : "fairlead"; }

std::string cookie(std::string_view value, bool secure) {
  std::string text(name_of(secure));
  text.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict");
  if (secure) text += "; Secure";
  return text;
}

}  // namespace

Sessions::Sessions(std::string place) : store_(std::move(place), make_table) {}

Result<std::string> Sessions::begin(const Account& account, std::string_view person, Moment now) {
  std::string token = random_token();
  const auto begun = store_.run<void>([&](Connection& on) {
    return database::in_transaction(on, [&]() -> Result<void> {
      auto done = on.run(sql::kEndOldSessions, {column_of(now - kIdleFor), column_of(now - kLongest)});
      if (done)
        done = on.run(sql::kBeginSession, {digest_of(token), account.name, column_of(account.generation),
                                           std::string(person), column_of(now), column_of(account.seen)});
      if (done) done = on.run(sql::kEndIdlestSessions, {column_of(kMostSessions)});
      if (!done) return tl::unexpected(done.error());
      return {};
    });
  });
  if (!begun) return tl::unexpected(begun.error());
  return token;
}

std::optional<Session> Sessions::find(std::string_view token, Moment now) {
  if (token.empty()) return std::nullopt;
  const auto found = store_.run<Rows>([&](Connection& on) { return on.run(sql::kSession, {digest_of(token)}); });
  if (!found || found->empty()) return std::nullopt;
  const Row& row = found->front();
  const Session session{database::text_at(row, 0), database::count_at(row, 1), database::text_at(row, 2),
                        form_token_of(token),      database::time_at(row, 3),  database::time_at(row, 4),
                        database::time_at(row, 5)};
  if (is_ahead(session, now)) return std::nullopt;
  if (over(session, now)) {
    (void)end(token);  // one that stays is as much over
    return std::nullopt;
  }
  // A use that cannot be written down ends it the earlier.
  if (now - session.used >= kUseNoted)
    (void)store_.run<Rows>([&](Connection& on) {
      return on.run(sql::kUseSession, {column_of(now), digest_of(token)});
    });
  return session;
}

Result<void> Sessions::end(std::string_view token) {
  if (token.empty()) return {};
  const auto ended = store_.run<Rows>([&](Connection& on) { return on.run(sql::kEndSession, {digest_of(token)}); });
  if (!ended) return tl::unexpected(ended.error());
  return {};
}

std::string session_cookie(std::string_view token, bool secure) { return cookie(token, secure); }

std::string ended_cookie(bool secure) { return cookie("", secure) + "; Max-Age=0"; }

std::string_view token_in(std::string_view cookie_field, bool secure) {
  while (!cookie_field.empty()) {
    const std::size_t end = std::min(cookie_field.find(';'), cookie_field.size());
    const std::string_view pair = text::trim(cookie_field.substr(0, end));
    cookie_field.remove_prefix(std::min(end + 1, cookie_field.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name_of(secure)) return pair.substr(equals + 1);
  }
  return {};
}

}  // namespace fairlead::agent::console
