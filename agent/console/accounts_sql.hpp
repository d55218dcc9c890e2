#pragma once
// Every SQL statement about who may sign in, and the views that they saved, as SQLite and PostgreSQL read them.
// Parameters are $1, $2 … in the order of their first appearance; values travel as parameters only.

#include <cstdint>
#include <string_view>

namespace fairlead::agent::console::sql {

inline constexpr std::int64_t kAccountsVersion = 3;

// generation changes with every new password and every new account: sessions of an older one are over. Times are
// milliseconds since 1970, 0 for never.
namespace sqlite {
inline constexpr std::string_view kVersion = "PRAGMA user_version";
inline constexpr std::string_view kAccounts = R"(
CREATE TABLE accounts (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, salt BLOB NOT NULL, n INTEGER NOT NULL, r INTEGER NOT NULL,
  p INTEGER NOT NULL, hash BLOB NOT NULL, generation INTEGER NOT NULL, made INTEGER NOT NULL,
  seen INTEGER NOT NULL DEFAULT 0, wrong INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE views (
  account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, title TEXT NOT NULL, address TEXT NOT NULL,
  PRIMARY KEY (account, title)
) STRICT, WITHOUT ROWID;
)";
inline constexpr std::string_view kAccountSites = R"(
CREATE TABLE account_sites (
  account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, site TEXT NOT NULL, PRIMARY KEY (account, site)
) STRICT, WITHOUT ROWID;
)";
inline constexpr std::string_view kUnknownTries = R"(
CREATE TABLE unknown_tries (bucket INTEGER PRIMARY KEY, wrong INTEGER NOT NULL, locked_until INTEGER NOT NULL) STRICT;
PRAGMA user_version=3;
)";
/// Version 1 knew no sites: everybody saw all that was there. Version 2 called them by a name that a hub's sites have.
inline constexpr std::string_view kFromVersion2 = "ALTER TABLE sites RENAME TO account_sites";
}  // namespace sqlite

namespace postgres {
inline constexpr std::string_view kLock = "SELECT pg_advisory_xact_lock(7019875)";
inline constexpr std::string_view kVersion =
    "SELECT CAST(CASE WHEN to_regclass('accounts') IS NULL THEN 0 ELSE 3 END AS BIGINT)";
inline constexpr std::string_view kAccounts = R"(
CREATE TABLE accounts (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, salt BYTEA NOT NULL, n BIGINT NOT NULL, r BIGINT NOT NULL,
  p BIGINT NOT NULL, hash BYTEA NOT NULL, generation BIGINT NOT NULL, made BIGINT NOT NULL,
  seen BIGINT NOT NULL DEFAULT 0, wrong BIGINT NOT NULL DEFAULT 0, locked_until BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE views (
  account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, title TEXT NOT NULL, address TEXT NOT NULL,
  PRIMARY KEY (account, title)
);
CREATE TABLE account_sites (
  account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, site TEXT NOT NULL, PRIMARY KEY (account, site)
);
CREATE TABLE unknown_tries (bucket BIGINT PRIMARY KEY, wrong BIGINT NOT NULL, locked_until BIGINT NOT NULL);
)";
}  // namespace postgres

inline constexpr std::string_view kAdd =
    "INSERT INTO accounts (name, role, salt, n, r, p, hash, generation, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
    " $9) ON CONFLICT (name) DO NOTHING RETURNING name";
inline constexpr std::string_view kRemove = "DELETE FROM accounts WHERE name = $1 RETURNING name";
inline constexpr std::string_view kPassword =
    "UPDATE accounts SET salt = $1, n = $2, r = $3, p = $4, hash = $5, generation = $6, wrong = 0, locked_until = 0"
    " WHERE name = $7 RETURNING name";
/// A row for each site, of one moment: an account whose sites are gone already would see all.
inline constexpr std::string_view kFind =
    "SELECT a.name, a.role, a.generation, a.made, a.seen, a.locked_until, s.site, a.salt, a.n, a.r, a.p, a.hash"
    " FROM accounts a LEFT JOIN account_sites s ON s.account = a.name WHERE a.name = $1 ORDER BY s.site";
inline constexpr std::string_view kList =
    "SELECT a.name, a.role, a.generation, a.made, a.seen, a.locked_until, s.site"
    " FROM accounts a LEFT JOIN account_sites s ON s.account = a.name ORDER BY a.name, s.site";
inline constexpr std::string_view kAddSite =
    "INSERT INTO account_sites (account, site) VALUES ($1, $2) ON CONFLICT DO NOTHING";

/// Counts a wrong password of an account that is not locked: how many lock it, until when, name, now. A lock that has
/// run out leaves none.
inline constexpr std::string_view kTry =
    "UPDATE accounts SET wrong = CASE WHEN locked_until = 0 THEN wrong + 1 ELSE 1 END, locked_until = CASE WHEN"
    " locked_until = 0 AND wrong + 1 >= $1 THEN CAST($2 AS BIGINT) ELSE 0 END WHERE name = $3 AND locked_until <= $4"
    " RETURNING locked_until";
/// The same of a name that no account has: its bucket, how many lock it, until when, now. Somebody may have typed a
/// password there: a bucket is two bytes of a digest, which tell nothing of it.
inline constexpr std::string_view kTryUnknown =
    "INSERT INTO unknown_tries AS t (bucket, wrong, locked_until) VALUES ($1, 1, 0) ON CONFLICT (bucket) DO UPDATE SET"
    " wrong = CASE WHEN t.locked_until = 0 THEN t.wrong + 1 ELSE 1 END, locked_until = CASE WHEN t.locked_until = 0 AND"
    " t.wrong + 1 >= $2 THEN CAST($3 AS BIGINT) ELSE 0 END WHERE t.locked_until <= $4 RETURNING locked_until";
inline constexpr std::string_view kUnknownLocked = "SELECT locked_until FROM unknown_tries WHERE bucket = $1";
/// Takes them back, if the account has still the password that was right: name, generation.
inline constexpr std::string_view kForgetTries =
    "UPDATE accounts SET wrong = 0, locked_until = 0 WHERE name = $1 AND generation = $2 RETURNING name";
inline constexpr std::string_view kSeen = "UPDATE accounts SET seen = $1 WHERE seen < $1 AND name = $2";

inline constexpr std::string_view kViews = "SELECT title, address FROM views WHERE account = $1 ORDER BY title";
inline constexpr std::string_view kCountViews = "SELECT count(*) FROM views WHERE account = $1 AND title <> $2";
inline constexpr std::string_view kSaveView =
    "INSERT INTO views (account, title, address) VALUES ($1, $2, $3)"
    " ON CONFLICT (account, title) DO UPDATE SET address = excluded.address";
inline constexpr std::string_view kRemoveView = "DELETE FROM views WHERE account = $1 AND title = $2";

}  // namespace fairlead::agent::console::sql
