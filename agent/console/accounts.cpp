#include "agent/console/accounts.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <semaphore>
#include <span>

#include "agent/console/accounts_sql.hpp"
#include "agent/console/password.hpp"
#include "agent/events/database.hpp"
#include "agent/events/digest.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console {

using events::Database;
using events::Statement;
using events::Transaction;

namespace {

constexpr std::size_t kMostHashing = 2;   // at once: 32 MiB each
constexpr std::size_t kMostNoted = 1000;  // unknown names and peers whose tries are remembered

std::uint64_t in_file(Moment moment) { return static_cast<std::uint64_t>(moment.time_since_epoch().count()); }
Moment moment_of(std::uint64_t kept) {
  return Moment(std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(kept)));
}

std::uint64_t new_generation() {
  std::uint64_t number = 0;
  events::fill_random(std::span(reinterpret_cast<char*>(&number), sizeof number));
  return number >> 1U;  // SQLite's integers are signed
}

Account account_at(const Statement& row) {
  Account account;
  account.name = row.bytes_at(0);
  account.role = account_role(row.bytes_at(1)).value_or(Role::viewer);
  account.generation = row.integer_at(2);
  account.made = moment_of(row.integer_at(3));
  account.seen = moment_of(row.integer_at(4));
  account.locked_until = moment_of(row.integer_at(6));
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

Result<std::vector<std::string>> sites_of(const Database& database, std::string_view account) {
  auto statement = database.prepare(sql::kSites);
  if (!statement) return tl::unexpected(std::move(statement).error());
  statement->text(account);
  std::vector<std::string> out;
  for (;;) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.emplace_back(statement->bytes_at(0));
  }
}

struct Known {
  Account account;
  KeptPassword password;
  Tries tries;
};

/// Of names that are no account, and of peers: in memory, bounded.
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
  explicit Impl(std::filesystem::path path) : file(std::move(path)) {}

  /// With the lock held.
  Result<Database*> open() {
    if (database) return &*database;
    auto opened = Database::open_to_write(file);
    if (!opened) return tl::unexpected(std::move(opened).error());
    if (auto prepared = opened->execute(sql::kPrepare); !prepared) return tl::unexpected(std::move(prepared).error());
    auto begun = Transaction::begin(*opened);  // two programs may make the file at once
    if (!begun) return tl::unexpected(std::move(begun).error());
    auto version = opened->number(sql::kVersion);
    if (!version) return tl::unexpected(std::move(version).error());
    if (*version > 2) return fail(Errc::unsupported, Side::local, "accounts.db was made by a newer version");
    Result<void> made;
    if (*version < 1) made = opened->execute(sql::kSchema);
    if (*version < 2 && made) made = opened->execute(sql::kFromVersion1);
    if (!made) return tl::unexpected(std::move(made).error());
    if (auto done = begun->commit(); !done) return tl::unexpected(std::move(done).error());
    database.emplace(std::move(*opened));
    return &*database;
  }

  /// Runs a statement that changes; `fill` gives its parameters. Returns how many rows it changed.
  template <class Fill>
  Result<std::uint64_t> change(std::string_view text, const Fill& fill) {
    auto opened = open();
    if (!opened) return tl::unexpected(std::move(opened).error());
    auto statement = (*opened)->prepare(text);
    if (!statement) return tl::unexpected(std::move(statement).error());
    fill(*statement);
    if (auto done = statement->run(); !done) return tl::unexpected(std::move(done).error());
    return (*opened)->changes();
  }

  Result<Known> find(std::string_view name) {
    auto opened = open();
    if (!opened) return tl::unexpected(std::move(opened).error());
    auto statement = (*opened)->prepare(sql::kFind);
    if (!statement) return tl::unexpected(std::move(statement).error());
    auto row = statement->text(name).step();
    if (!row) return tl::unexpected(std::move(row).error());
    if (!*row) return fail(Errc::not_found, Side::client, "there is no such account");
    Known known;
    known.account = account_at(*statement);
    known.tries = {static_cast<int>(statement->integer_at(5)), known.account.locked_until};
    auto sites = sites_of(**opened, known.account.name);
    if (!sites) return tl::unexpected(std::move(sites).error());
    known.account.sites = std::move(*sites);
    known.password = {std::string(statement->bytes_at(7)), statement->integer_at(8), statement->integer_at(9),
                      statement->integer_at(10), std::string(statement->bytes_at(11))};
    return known;
  }

  Result<std::uint64_t> keep_tries(std::string_view name, const Tries& tries) {
    return change(sql::kTries, [&](Statement& statement) {
      statement.integer(static_cast<std::uint64_t>(tries.wrong)).integer(in_file(tries.locked_until)).text(name);
    });
  }

  /// Counts the try. What there is to check, or why nothing is checked.
  struct Admitted {
    SignIn outcome;              // if the password is wrong, or when nothing is checked
    std::optional<Known> known;  // nothing: no such account
    bool refused = false;        // nothing is to be checked
  };
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
    auto found = find(name);
    if (!found && found.error().code != Errc::not_found) return refuse(SignInResult::unavailable, {});

    Tries& tries = found ? found->tries : unknowns.of(name, now);
    if (tries.locked(now)) return refuse(SignInResult::locked, tries.locked_until);
    of_peer.add(kMostWrongOfPeer, now);
    tries.add(kMostWrong, now);
    if (found && !keep_tries(name, tries)) return refuse(SignInResult::unavailable, {});
    SignIn& outcome = admitted.outcome;
    outcome.known = found.has_value();
    outcome.locked_now = tries.locked(now);
    outcome.peer_locked_now = of_peer.locked(now);
    if (outcome.peer_locked_now) outcome.result = SignInResult::peer_locked;
    if (outcome.locked_now) outcome.result = SignInResult::locked;
    outcome.until = outcome.locked_now ? tries.locked_until : of_peer.locked_until;
    if (found) admitted.known = std::move(*found);
    return admitted;
  }

  SignIn accept(Known known, std::string_view peer, Moment now) {
    const std::lock_guard hold(mutex);
    // Between the check and now the account may have been removed or have got another password.
    const auto still = find(known.account.name);
    SignIn outcome;
    if (!still || still->account.generation != known.account.generation) return outcome;
    outcome.known = true;
    outcome.result = SignInResult::unavailable;
    if (!keep_tries(known.account.name, {})) return outcome;
    peers.of(peer, now) = {};
    outcome.result = SignInResult::done;
    outcome.account = std::move(known.account);
    outcome.account.locked_until = {};
    return outcome;
  }

  std::filesystem::path file;
  std::mutex mutex;
  std::optional<Database> database;
  NotedTries unknowns, peers;
  Hashing hashing{kMostHashing};
};

Accounts::Accounts(std::filesystem::path file) : impl_(std::make_unique<Impl>(std::move(file))) {}
Accounts::~Accounts() = default;

Result<void> Accounts::add(std::string_view name, Role role, std::string_view password, Moment now,
                           const std::vector<std::string>& sites) {
  if (!is_account_name(name))
    return fail(Errc::refused, Side::client,
                "an account's name is 1 to 64 of a-z, 0-9, '.', '-' and '_', and begins with a letter");
  if (role == Role::learner) return fail(Errc::refused, Side::client, "a learner needs no account");
  const auto kept = keep_password(password);
  if (!kept) return tl::unexpected(kept.error());
  const std::lock_guard hold(impl_->mutex);
  auto opened = impl_->open();
  if (!opened) return tl::unexpected(std::move(opened).error());
  auto whole = Transaction::begin(**opened);  // an account without its sites would see all of them
  if (!whole) return tl::unexpected(std::move(whole).error());
  const auto rows = impl_->change(sql::kAdd, [&](Statement& statement) {
    statement.text(name).text(to_string(role)).bytes(kept->salt).integer(kept->n).integer(kept->r).integer(kept->p);
    statement.bytes(kept->hash).integer(new_generation()).integer(in_file(now));
  });
  if (!rows) return tl::unexpected(rows.error());
  if (*rows == 0) return fail(Errc::refused, Side::client, "there is an account of that name already");
  for (const std::string& site : sites) {
    const auto added = impl_->change(sql::kAddSite, [&](Statement& statement) { statement.text(name).text(site); });
    if (!added) return tl::unexpected(added.error());
  }
  return whole->commit();
}

Result<void> Accounts::remove(std::string_view name) {
  const std::lock_guard hold(impl_->mutex);
  const auto rows = impl_->change(sql::kRemove, [&](Statement& statement) { statement.text(name); });
  if (!rows) return tl::unexpected(rows.error());
  if (*rows == 0) return fail(Errc::not_found, Side::client, "there is no such account");
  return {};
}

Result<void> Accounts::set_password(std::string_view name, std::string_view password) {
  const auto kept = keep_password(password);
  if (!kept) return tl::unexpected(kept.error());
  const std::lock_guard hold(impl_->mutex);
  const auto rows = impl_->change(sql::kPassword, [&](Statement& statement) {
    statement.bytes(kept->salt).integer(kept->n).integer(kept->r).integer(kept->p).bytes(kept->hash);
    statement.integer(new_generation()).text(name);
  });
  if (!rows) return tl::unexpected(rows.error());
  if (*rows == 0) return fail(Errc::not_found, Side::client, "there is no such account");
  return {};
}

Result<std::vector<Account>> Accounts::list() {
  const std::lock_guard hold(impl_->mutex);
  auto opened = impl_->open();
  if (!opened) return tl::unexpected(std::move(opened).error());
  auto statement = (*opened)->prepare(sql::kList);
  if (!statement) return tl::unexpected(std::move(statement).error());
  std::vector<Account> accounts;
  for (;;) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return accounts;
    accounts.push_back(account_at(*statement));
    auto sites = sites_of(**opened, accounts.back().name);
    if (!sites) return tl::unexpected(std::move(sites).error());
    accounts.back().sites = std::move(*sites);
  }
}

Result<Account> Accounts::find(std::string_view name) {
  const std::lock_guard hold(impl_->mutex);
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
  const std::lock_guard hold(impl_->mutex);
  const auto rows =
      impl_->change(sql::kSeen, [&](Statement& statement) { statement.integer(in_file(now)).text(name); });
  if (!rows) return tl::unexpected(rows.error());
  return {};
}

Result<std::vector<SavedView>> Accounts::views(std::string_view name) {
  const std::lock_guard hold(impl_->mutex);
  auto opened = impl_->open();
  if (!opened) return tl::unexpected(std::move(opened).error());
  auto statement = (*opened)->prepare(sql::kViews);
  if (!statement) return tl::unexpected(std::move(statement).error());
  statement->text(name);
  std::vector<SavedView> views;
  for (;;) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return views;
    views.push_back({std::string(statement->bytes_at(0)), std::string(statement->bytes_at(1))});
  }
}

Result<void> Accounts::save_view(std::string_view name, const SavedView& view) {
  const std::lock_guard hold(impl_->mutex);
  auto opened = impl_->open();
  if (!opened) return tl::unexpected(std::move(opened).error());
  auto counted = (*opened)->prepare(sql::kCountViews);
  if (!counted) return tl::unexpected(std::move(counted).error());
  const auto row = counted->text(name).text(view.title).step();
  if (!row) return tl::unexpected(row.error());
  if (counted->integer_at(0) >= kMostViews) return fail(Errc::refused, Side::client, "there are too many saved views");
  counted->reset();
  const auto rows = impl_->change(
      sql::kSaveView, [&](Statement& statement) { statement.text(name).text(view.title).text(view.address); });
  if (!rows) return tl::unexpected(rows.error());
  return {};
}

Result<void> Accounts::remove_view(std::string_view name, std::string_view title) {
  const std::lock_guard hold(impl_->mutex);
  const auto rows = impl_->change(sql::kRemoveView, [&](Statement& statement) { statement.text(name).text(title); });
  if (!rows) return tl::unexpected(rows.error());
  return {};
}

}  // namespace fairlead::agent::console
