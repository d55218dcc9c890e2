#pragma once
// Who may sign in to the console: accounts with a role and a password, in an SQLite file or a PostgreSQL database that
// `fairlead user` changes beside whatever runs. Every method blocks; usable from any thread but the event loop's.
// Counts wrong passwords, so that nobody can go on guessing; those of an account at whichever hub they are typed.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/roles.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::console {

using Moment = std::chrono::sys_time<std::chrono::milliseconds>;

inline constexpr int kMostWrong = 5;         // wrong passwords of one account, then it is locked
inline constexpr int kMostWrongOfPeer = 10;  // of one person or address, over all names
inline constexpr std::chrono::minutes kLockedFor{15};
inline constexpr std::size_t kMostViews = 50;  // of one account

struct Account {
  std::string name;
  Role role = Role::viewer;
  std::uint64_t generation = 0;    // changes with the password
  std::vector<std::string> sites;  // at an organisation's desk: whose laptops it sees; empty: all
  Moment made{};
  Moment seen{};          // when it last looked at its start page; the epoch: never
  Moment locked_until{};  // in the past: not locked
};

/// Where somebody wants to return to: an address of the console with its filters.
struct SavedView {
  std::string title, address;
};

/// locked: this name; peer_locked: whoever tries, over all names.
enum class SignInResult : std::uint8_t { done, wrong, locked, peer_locked, busy, unavailable };
struct SignIn {
  SignInResult result = SignInResult::wrong;
  Account account;               // when done
  bool known = false;            // there is an account of this name
  bool locked_now = false;       // this try was the one that locked the name
  bool peer_locked_now = false;  // this try was the one that locked whoever tries
  Moment until{};                // when locked or peer_locked
  std::string why;               // when unavailable
};

/// 1-64 of a-z, 0-9, '.', '-', '_'; begins with a letter.
[[nodiscard]] bool is_account_name(std::string_view name);

class Accounts {
 public:
  /// place   as database::connect() reads it; opened at the first use, a file made readable by its owner alone.
  explicit Accounts(std::string place);
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  /// Errors  refused: such a name or password is not accepted, or the name is taken; and those of database::Connection.
  [[nodiscard]] Result<void> add(std::string_view name, Role role, std::string_view password, Moment now,
                                 const std::vector<std::string>& sites = {});
  /// Errors  not_found; and those of database::Connection. Views go with the account.
  [[nodiscard]] Result<void> remove(std::string_view name);
  /// Also unlocks. Errors as add(), not_found.
  [[nodiscard]] Result<void> set_password(std::string_view name, std::string_view password);
  [[nodiscard]] Result<std::vector<Account>> list();
  /// Errors  not_found; and those of database::Connection.
  [[nodiscard]] Result<Account> find(std::string_view name);

  /// Checks a password. A try is counted before it is checked, so that many at once do not get more than kMostWrong.
  /// An unknown name is answered like a wrong password, and is locked like any other.
  ///
  /// peer  who tries: the person on the other end, or the address where nobody is known.
  [[nodiscard]] SignIn sign_in(std::string_view name, std::string_view password, std::string_view peer, Moment now);

  /// "I have seen what there is until now."
  [[nodiscard]] Result<void> mark_seen(std::string_view name, Moment now);

  [[nodiscard]] Result<std::vector<SavedView>> views(std::string_view name);
  /// Errors  refused: too many.
  [[nodiscard]] Result<void> save_view(std::string_view name, const SavedView& view);
  [[nodiscard]] Result<void> remove_view(std::string_view name, std::string_view title);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::console
