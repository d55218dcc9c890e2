#pragma once
// Every SQL statement of accounts.db: who may sign in, and the views that they saved. Values travel as parameters only.

#include <string_view>

namespace fairlead::agent::console::sql {

inline constexpr auto kPrepare =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;";

inline constexpr std::string_view kVersion = "PRAGMA user_version";

// generation changes with every new password and every new account: sessions of an older one are over. Times are
// milliseconds since 1970, 0 for never.
inline constexpr auto kSchema = R"(
CREATE TABLE accounts (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, salt BLOB NOT NULL, n INTEGER NOT NULL, r INTEGER NOT NULL,
  p INTEGER NOT NULL, hash BLOB NOT NULL, generation INTEGER NOT NULL, made INTEGER NOT NULL,
  seen INTEGER NOT NULL DEFAULT 0, wrong INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE views (
  account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, title TEXT NOT NULL, address TEXT NOT NULL,
  PRIMARY KEY (account, title)
) STRICT, WITHOUT ROWID;
PRAGMA user_version=1;
)";

/// For version 2, after it. Version 1 knew no sites: everybody saw all that was there.
inline constexpr auto kFromVersion1 = R"(
CREATE TABLE sites (
  account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, site TEXT NOT NULL, PRIMARY KEY (account, site)
) STRICT, WITHOUT ROWID;
PRAGMA user_version=2;
)";

inline constexpr std::string_view kAdd =
    "INSERT INTO accounts (name, role, salt, n, r, p, hash, generation, made) VALUES (?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (name) DO NOTHING";
inline constexpr std::string_view kRemove = "DELETE FROM accounts WHERE name = ?";
inline constexpr std::string_view kPassword =
    "UPDATE accounts SET salt = ?, n = ?, r = ?, p = ?, hash = ?, generation = ?, wrong = 0, locked_until = 0"
    " WHERE name = ?";
inline constexpr std::string_view kFind =
    "SELECT name, role, generation, made, seen, wrong, locked_until, salt, n, r, p, hash FROM accounts WHERE name = ?";
inline constexpr std::string_view kList =
    "SELECT name, role, generation, made, seen, wrong, locked_until FROM accounts ORDER BY name";
inline constexpr std::string_view kAddSite = "INSERT INTO sites (account, site) VALUES (?,?) ON CONFLICT DO NOTHING";
inline constexpr std::string_view kSites = "SELECT site FROM sites WHERE account = ? ORDER BY site";
inline constexpr std::string_view kTries = "UPDATE accounts SET wrong = ?, locked_until = ? WHERE name = ?";
inline constexpr std::string_view kSeen = "UPDATE accounts SET seen = ?1 WHERE name = ?2 AND seen < ?1";

inline constexpr std::string_view kViews = "SELECT title, address FROM views WHERE account = ? ORDER BY title";
inline constexpr std::string_view kCountViews = "SELECT count(*) FROM views WHERE account = ? AND title <> ?";
inline constexpr std::string_view kSaveView =
    "INSERT INTO views (account, title, address) VALUES (?,?,?)"
    " ON CONFLICT (account, title) DO UPDATE SET address = excluded.address";
inline constexpr std::string_view kRemoveView = "DELETE FROM views WHERE account = ? AND title = ?";

}  // namespace fairlead::agent::console::sql
