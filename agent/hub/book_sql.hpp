#pragma once
// The SQL with which rows of laptops' books are taken (as in sql.hpp).

#include <string_view>

namespace fairlead::agent::hub::sql {

inline constexpr std::string_view kBeginBook =
    "INSERT INTO book_streams (device, epoch, part, high) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING";
inline constexpr std::string_view kMoveBook =
    "UPDATE book_streams SET high = $1 WHERE device = $2 AND epoch = $3 AND part = $4";
inline constexpr std::string_view kReportDigests =
    "SELECT sequence, digest FROM reports WHERE device = $1 AND epoch = $2 AND sequence >= $3 AND sequence <= $4";
inline constexpr std::string_view kEntryDigests =
    "SELECT sequence, digest FROM entries WHERE device = $1 AND epoch = $2 AND sequence >= $3 AND sequence <= $4";
inline constexpr std::string_view kRowOfEvent =
    "SELECT id, incident FROM events WHERE id = $1 AND device = $2 ORDER BY moment DESC LIMIT 1";
/// as_merged(); device
inline constexpr std::string_view kRowOfMerged =
    "SELECT id, incident FROM events WHERE merged > 0 AND instr(merged_ids, $1) > 0 AND device = $2"
    " ORDER BY moment DESC LIMIT 1";
inline constexpr std::string_view kAddReport =
    "INSERT INTO reports (device, epoch, sequence, event, time, kind, person, words, erased, digest)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
inline constexpr std::string_view kCountReport =
    "UPDATE incidents SET reports = reports + 1, changed = CASE WHEN changed < $1 THEN $1 ELSE changed END"
    " WHERE number = $2";
inline constexpr std::string_view kAddBookEntry =
    "INSERT INTO entries (device, epoch, sequence, time, incident, keep, kind, subject, actor, person, body, erased,"
    " digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
namespace sqlite {
inline constexpr std::string_view kLockBook =
    "SELECT high FROM book_streams WHERE device = $1 AND epoch = $2 AND part = $3";
}  // namespace sqlite
namespace postgres {
inline constexpr std::string_view kLockBook =
    "SELECT high FROM book_streams WHERE device = $1 AND epoch = $2 AND part = $3 FOR UPDATE";
}  // namespace postgres

}  // namespace fairlead::agent::hub::sql
