#include "agent/hub/parts.hpp"

#include <algorithm>

#include "agent/hub/keeping_sql.hpp"
#include "agent/hub/sql_tables.hpp"
#include "agent/hub/taking_sql.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

constexpr std::size_t kMostKnown = 4'096;

std::string text(std::string_view view) { return std::string(view); }

std::string statements_for(const Part& part) {
  const std::string name = table_of(kKept.at(part.kept), part.day);
  std::string out = "CREATE TABLE " + name + " (LIKE events);";
  for (const char c : sql::postgres::kPartition) c == '%' ? out.append(name) : out.append(1, c);
  // Attached, not made as a partition: nobody who adds events has to wait.
  out += "ALTER TABLE events_" + text(kKept.at(part.kept)) + " ATTACH PARTITION " + name + " FOR VALUES FROM (" +
         std::to_string(part.day) + ") TO (" + std::to_string(part.day + 1) + ");";
  return out;
}

}  // namespace

/// Made of constants and a number alone.
std::string table_of(std::string_view kept, std::int64_t day) {
  return "events_" + text(kept) + "_" + std::to_string(day);
}

std::size_t kept_of(const events::Event& event) {
  if (event.kind == events::Kind::observed) return 0;
  const auto* found = std::find(kKept.begin() + 2, kKept.end(), event.severity);
  return found == kKept.end() ? 1 : static_cast<std::size_t>(found - kKept.begin());
}

Now moment_of(Now time, Now now) { return std::clamp(time, now - kLongestPast, now); }

Result<void> Parts::make(const std::set<Part>& wanted) {
  if (known_.size() > kMostKnown) known_.clear();
  for (const Part& part : wanted) {
    if (known_.contains(part)) continue;
    if (auto made = make(part); !made) return made;
    known_.insert(part);
  }
  return {};
}

Result<void> Parts::make(const Part& part) {
  const std::string kept = text(kKept.at(part.kept));
  const auto there = connection_.run(sql::kHasPart, {kept, part.day});
  if (!there) return tl::unexpected(there.error());
  if (!there->empty()) return {};
  return in_transaction(connection_, [&]() -> Result<void> {
    const bool parted = connection_.dialect() == Dialect::postgres;
    if (parted) {
      if (auto locked = connection_.run(sql::postgres::kLockParts, {}); !locked) return tl::unexpected(locked.error());
    }
    const auto added = connection_.run(sql::kAddPart, {kept, part.day});
    if (!added) return tl::unexpected(added.error());
    if (added->empty() || !parted) return {};
    return connection_.execute(statements_for(part));
  });
}

Result<void> Parts::drop(const Part& part) {
  known_.erase(part);
  const std::string kept = text(kKept.at(part.kept));
  return in_transaction(connection_, [&]() -> Result<void> {
    if (connection_.dialect() == Dialect::postgres) {
      if (auto locked = connection_.run(sql::postgres::kLockParts, {}); !locked) return tl::unexpected(locked.error());
    }
    if (auto done = connection_.run(sql::kDropReports, {kept, part.day}); !done) return tl::unexpected(done.error());
    if (connection_.dialect() == Dialect::postgres) {
      if (auto done =
              connection_.execute("SET LOCAL lock_timeout = '2s'; DROP TABLE IF EXISTS " + table_of(kept, part.day));
          !done)
        return done;
    } else if (auto done = connection_.run(sql::sqlite::kDropEvents, {kept, part.day}); !done) {
      return tl::unexpected(done.error());
    }
    for (const std::string_view drop : {sql::kDropSpans, sql::kDropPart}) {
      if (auto done = connection_.run(drop, {kept, part.day}); !done) return tl::unexpected(done.error());
    }
    return {};
  });
}

}  // namespace fairlead::agent::hub
