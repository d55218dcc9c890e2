#include "agent/console/accounts.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <semaphore>
#include <span>

#include "agent/console/accounts_sql.hpp"
#include "agent/console/password.hpp"
#include "agent/database/columns.hpp"
#include "agent/database/lent_connection.hpp"
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

constexpr std::size_t kMostHashing = 2;   // at once: 32 MiB each
constexpr std::size_t kMostNoted = 1000;  // peers whose tries are remembered

std::uint64_t new_generation() {
  std::uint64_t number = 0;
  events::fill_random(std::span(reinterpret_cast<char*>(&number), sizeof number));
  return number >> 1U;  // the integers of both databases are signed
}

Account account_at(const Row& row) {
  Account account;
  account.name = database::text_at(row, 0);
  account.role = account_role(database::text_at(row, 1)).value_or(Role::viewer);
  account.generation = database::count_at(row, 2);
  account.made = database::time_at(row, 3);
  account.seen = database::time_at(row, 4);
  account.locked_until = database::time_at(row, 5);
  return account;
}

/// Wrong passwords so far. A lock that has run out leaves none.
struct Tries {
  int wrong = 0;
  Moment locked_until{};

  [[nodiscard]] bool locked(Moment now) const { return locked_until > now; }
  void add(int most, Moment now) {
    if (locked_until != Moment{} && !locked(now)) *this = {};
    if (++wrong >= most) locked_until = now + kLockedFor;
  }
};

/// Of rows that are an account's with each of its sites.
std::vector<Account> accounts_in(const Rows& rows) {
  std::vector<Account> out;
  for (const Row& row : rows) {
    Account one = account_at(row);
    if (out.empty() || out.back().name != one.name) out.push_back(std::move(one));
    if (std::string site = database::text_at(row, 6); !site.empty()) out.back().sites.push_back(std::move(site));
  }
  return out;
}

struct Known {
  Account account;
  KeptPassword password;
};

Result<Known> find_in(Connection& connection, std::string_view name) {
  // A name that no account can have may hold what the database takes for no text.
  if (!is_account_name(name)) return fail(Errc::not_found, Side::client, "there is no such account");
  const auto rows = connection.run(sql::kFind, {std::string(name)});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return fail(Errc::not_found, Side::client, "there is no such account");
  const Row& row = rows->front();
  return Known{std::move(accounts_in(*rows).front()),
               {database::bytes_at(row, 7), database::count_at(row, 8), database::count_at(row, 9),
                database::count_at(row, 10), database::bytes_at(row, 11)}};
}

/// Errors  not_found: it changed no row.
Result<void> change_account(Connection& connection, std::string_view text,
                            std::initializer_list<database::Value> with) {
  const auto rows = connection.run(text, with);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return fail(Errc::not_found, Side::client, "there is no such account");
  return {};
}

Result<std::int64_t> version_in(Connection& connection) {
  const auto found = connection.run(in(connection, sql::sqlite::kVersion, sql::postgres::kVersion), {});
  if (!found) return tl::unexpected(found.error());
  const std::int64_t version = database::number_at(found->front(), 0);
  if (version > sql::kAccountsVersion)
    return fail(Errc::unsupported, Side::local, "the accounts were made by a newer version");
  return version;
}

Result<void> make_in_file(Connection& connection, std::int64_t version) {
  Result<void> made;
  if (version < 1) made = connection.execute(sql::sqlite::kAccounts);
  if (version < 2 && made) made = connection.execute(sql::sqlite::kAccountSites);
  if (version == 2 && made) made = connection.execute(sql::sqlite::kFromVersion2);
  return made ? connection.execute(sql::sqlite::kUnknownTries) : made;
}

Result<void> make_tables(Connection& connection) {
  // Nearly always they are there, and nobody who writes is in the way.
  const auto before = version_in(connection);
  if (!before) return tl::unexpected(before.error());
  if (*before == sql::kAccountsVersion) return {};
  return database::in_transaction(connection, [&]() -> Result<void> {  // two programs may make them at once
    const bool in_file = connection.dialect() == database::Dialect::sqlite;
    if (!in_file) {
      if (auto locked = connection.run(sql::postgres::kLock, {}); !locked) return tl::unexpected(locked.error());
    }
    const auto version = version_in(connection);
    if (!version) return tl::unexpected(version.error());
    if (*version == sql::kAccountsVersion) return {};
    return in_file ? make_in_file(connection, *version) : connection.execute(sql::postgres::kAccounts);
  });
}

/// Of a name that no account has.
std::int64_t bucket_of(std::string_view name) {
  const auto digest = events::Hasher().add("fairlead name 1").add(name).finish();
  return static_cast<unsigned char>(digest.view()[0]) << 8 | static_cast<unsigned char>(digest.view()[1]);
}

/// Of peers: in memory, bounded.
class NotedTries {
 public:
  Tries& of(std::string_view who, Moment now) {
    if (tries_.size() >= kMostNoted) {
      std::erase_if(tries_, [&](const auto& entry) { return !entry.second.locked(now); });
      if (tries_.size() >= kMostNoted) tries_.clear();
    }
    return tries_[std::string(who)];
  }

 private:
  std::map<std::string, Tries, std::less<>> tries_;
};

using Hashing = std::counting_semaphore<kMostHashing>;

/// Gives a turn back, however its holder ends.
class Turn {
 public:
  explicit Turn(Hashing& hashing) : hashing_(hashing) {}
  ~Turn() { hashing_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Hashing& hashing_;
};

}  // namespace

bool is_account_name(std::string_view name) {
  const auto allowed = [](char c) {
    return text::is_digit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), allowed);
}

struct Accounts::Impl {
  explicit Impl(std::string place) : store(std::move(place), make_tables) {}

  /// What there is to check, or why nothing is checked.
  struct Admitted {
    SignIn outcome;              // if the password is wrong, or when nothing is checked
    std::optional<Known> known;  // nothing: no such account
    bool refused = false;        // nothing is to be checked
  };

  /// Counts a try of a name, at whichever program it is made: one statement reads and writes.
  struct Counted {
    bool locked_before = false;
    Moment locked_until{};
  };
  Result<Counted> count_try(Connection& on, const std::optional<Known>& known, std::string_view name, Moment now) {
    const database::Value key = known ? database::Value(known->account.name) : database::Value(bucket_of(name));
    const std::int64_t most = kMostWrong, until = column_of(now + kLockedFor);
    const auto counted = known ? on.run(sql::kTry, {most, until, key, column_of(now)})
                               : on.run(sql::kTryUnknown, {key, most, until, column_of(now)});
    if (!counted) return tl::unexpected(counted.error());
    if (!counted->empty()) return Counted{false, database::time_at(counted->front(), 0)};
    // It may have been locked at another hub a moment ago.
    if (known) return Counted{true, std::max(known->account.locked_until, now + std::chrono::minutes(1))};
    const auto locked = on.run(sql::kUnknownLocked, {key});
    if (!locked) return tl::unexpected(locked.error());
    return Counted{true, locked->empty() ? Moment{} : database::time_at(locked->front(), 0)};
  }

  Admitted admit(std::string_view name, std::string_view peer, Moment now) {
    const std::lock_guard hold(mutex);
    Admitted admitted;
    const auto refuse = [&](SignInResult result, Moment until) {
      admitted.refused = true;
      admitted.outcome.result = result;
      admitted.outcome.until = until;
      return admitted;
    };
    Tries& of_peer = peers.of(peer, now);
    if (of_peer.locked(now)) return refuse(SignInResult::peer_locked, of_peer.locked_until);
    std::optional<Known> known;
    const auto counted = store.run<Counted>([&](Connection& on) -> Result<Counted> {
      auto found = find_in(on, name);
      if (!found && found.error().code != Errc::not_found) return tl::unexpected(found.error());
      known = found ? std::optional(std::move(*found)) : std::nullopt;
      return count_try(on, known, name, now);
    });
    if (!counted) {
      admitted.outcome.why = counted.error().context;
      return refuse(SignInResult::unavailable, {});
    }
    if (counted->locked_before) return refuse(SignInResult::locked, counted->locked_until);
    of_peer.add(kMostWrongOfPeer, now);
    SignIn& outcome = admitted.outcome;
    outcome.known = known.has_value();
    outcome.locked_now = counted->locked_until > now;
    outcome.peer_locked_now = of_peer.locked(now);
    if (outcome.peer_locked_now) outcome.result = SignInResult::peer_locked;
    if (outcome.locked_now) outcome.result = SignInResult::locked;
    outcome.until = outcome.locked_now ? counted->locked_until : of_peer.locked_until;
    admitted.known = std::move(known);
    return admitted;
  }

  SignIn accept(Known known, std::string_view peer, Moment now) {
    SignIn outcome;
    // Between the check and now the account may have been removed or have got another password.
    const auto taken_back = store.run<void>([&](Connection& on) {
      return change_account(on, sql::kForgetTries, {known.account.name, column_of(known.account.generation)});
    });
    if (!taken_back && taken_back.error().code == Errc::not_found) return outcome;
    outcome.known = true;
    if (!taken_back) {
      outcome.result = SignInResult::unavailable;
      outcome.why = taken_back.error().context;
      return outcome;
    }
    {
      const std::lock_guard hold(mutex);
      peers.of(peer, now) = {};
    }
    outcome.result = SignInResult::done;
    outcome.account = std::move(known.account);
    outcome.account.locked_until = {};
    return outcome;
  }

  Result<void> change(std::string_view text, std::initializer_list<database::Value> with) {
    const auto done = store.run<Rows>([&](Connection& on) { return on.run(text, with); });
    if (!done) return tl::unexpected(done.error());
    return {};
  }

  Result<Known> find(std::string_view name) {
    return store.run<Known>([&](Connection& on) { return find_in(on, name); });
  }

  database::LentConnection store;
  std::mutex mutex;  // of what follows
  NotedTries peers;
  Hashing hashing{kMostHashing};
};

Accounts::Accounts(std::string place) : impl_(std::make_unique<Impl>(std::move(place))) {}
Accounts::~Accounts() = default;

Result<void> Accounts::add(std::string_view name, Role role, std::string_view password, Moment now,
                           const std::vector<std::string>& sites) {
  if (!is_account_name(name))
    return fail(Errc::refused, Side::client,
                "an account's name is 1 to 64 of a-z, 0-9, '.', '-' and '_', and begins with a letter");
  if (role == Role::learner) return fail(Errc::refused, Side::client, "a learner needs no account");
  const auto kept = keep_password(password);
  if (!kept) return tl::unexpected(kept.error());
  return impl_->store.run_once<void>([&](Connection& on) {
    return database::in_transaction(on, [&]() -> Result<void> {  // an account without its sites would see all of them
      const auto added = on.run(sql::kAdd, {std::string(name), std::string(to_string(role)), Bytes{kept->salt},
                                            column_of(kept->n), column_of(kept->r), column_of(kept->p),
                                            Bytes{kept->hash}, column_of(new_generation()), column_of(now)});
      if (!added) return tl::unexpected(added.error());
      if (added->empty()) return fail(Errc::refused, Side::client, "there is an account of that name already");
      for (const std::string& site : sites)
        if (auto done = on.run(sql::kAddSite, {std::string(name), site}); !done) return tl::unexpected(done.error());
      return {};
    });
  });
}

Result<void> Accounts::remove(std::string_view name) {
  return impl_->store.run_once<void>(
      [&](Connection& on) { return change_account(on, sql::kRemove, {std::string(name)}); });
}

Result<void> Accounts::set_password(std::string_view name, std::string_view password) {
  const auto kept = keep_password(password);
  if (!kept) return tl::unexpected(kept.error());
  return impl_->store.run<void>([&](Connection& on) {
    return change_account(on, sql::kPassword,
                          {Bytes{kept->salt}, column_of(kept->n), column_of(kept->r), column_of(kept->p),
                           Bytes{kept->hash}, column_of(new_generation()), std::string(name)});
  });
}

Result<std::vector<Account>> Accounts::list() {
  return impl_->store.run<std::vector<Account>>([](Connection& on) -> Result<std::vector<Account>> {
    const auto rows = on.run(sql::kList, {});
    if (!rows) return tl::unexpected(rows.error());
    return accounts_in(*rows);
  });
}

Result<Account> Accounts::find(std::string_view name) {
  auto known = impl_->find(name);
  if (!known) return tl::unexpected(std::move(known).error());
  return std::move(known->account);
}

SignIn Accounts::sign_in(std::string_view name, std::string_view password, std::string_view peer, Moment now) {
  // Nobody waits for a turn: the console's threads are few, and other pages need them.
  if (!impl_->hashing.try_acquire()) {
    SignIn busy;
    busy.result = SignInResult::busy;
    return busy;
  }
  const Turn turn(impl_->hashing);
  auto admitted = impl_->admit(name.substr(0, 64), peer, now);
  if (admitted.refused) return std::move(admitted.outcome);
  const bool right = matches(admitted.known ? admitted.known->password : KeptPassword{}, password);
  if (right && admitted.known) return impl_->accept(std::move(*admitted.known), peer, now);
  return std::move(admitted.outcome);
}

Result<void> Accounts::mark_seen(std::string_view name, Moment now) {
  return impl_->change(sql::kSeen, {column_of(now), std::string(name)});
}

Result<std::vector<SavedView>> Accounts::views(std::string_view name) {
  return impl_->store.run<std::vector<SavedView>>([&](Connection& on) -> Result<std::vector<SavedView>> {
    const auto rows = on.run(sql::kViews, {std::string(name)});
    if (!rows) return tl::unexpected(rows.error());
    std::vector<SavedView> views;
    for (const Row& row : *rows) views.push_back({database::text_at(row, 0), database::text_at(row, 1)});
    return views;
  });
}

Result<void> Accounts::save_view(std::string_view name, const SavedView& view) {
  return impl_->store.run<void>([&](Connection& on) -> Result<void> {
    const auto others = on.run(sql::kCountViews, {std::string(name), view.title});
    if (!others) return tl::unexpected(others.error());
    if (database::count_at(others->front(), 0) >= kMostViews)
      return fail(Errc::refused, Side::client, "there are too many saved views");
    const auto saved = on.run(sql::kSaveView, {std::string(name), view.title, view.address});
    if (!saved) return tl::unexpected(saved.error());
    return {};
  });
}

Result<void> Accounts::remove_view(std::string_view name, std::string_view title) {
  return impl_->change(sql::kRemoveView, {std::string(name), std::string(title)});
}

}  // namespace fairlead::agent::console
