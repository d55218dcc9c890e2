#pragma once
// Gives the events of a batch their incidents and keeps the rows of those: read once, folded here
// (events/grouping.hpp), written once. Used inside a transaction that has locked the people. What a laptop lives
// through is counted by the hub's clock here, so that events of several laptops can be one person's.

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "agent/events/grouping.hpp"
#include "agent/events/records.hpp"
#include "agent/exchange/batch.hpp"
#include "agent/hub/database.hpp"
#include "agent/hub/parts.hpp"

namespace fairlead::agent::hub {

/// An event that came, with what was found out about it.
struct Arrived {
  const events::Stored* stored = nullptr;    // the row of it, or the one that stands for it: the batch's, as is
  const exchange::Merged* merged = nullptr;  // how it was merged into that row; null: it is the row
  std::size_t row = 0;                       // which one that is
  Now moment{};                              // of the event, by the hub's clock
  Part part;
  std::int64_t of_class = 0, person = 0, host = 0;
  [[nodiscard]] std::uint64_t sequence() const { return merged == nullptr ? stored->sequence : merged->sequence; }
  [[nodiscard]] Now time() const { return merged == nullptr ? stored->event.time : merged->time; }
};

/// A row of the columns kCourse: without names of person and host.
[[nodiscard]] events::Course course_at(const Row& row);

class Courses {
 public:
  /// connection   outlives this.
  /// device       whose batch it is.
  /// site         the one of that device: an incident is of one site alone.
  Courses(Connection& connection, std::int64_t device, std::int64_t site)
      : connection_(connection), device_(device), site_(site) {}

  /// Reads the open incidents that these events may join.
  [[nodiscard]] Result<void> open(const std::vector<Arrived>& events);
  /// Adds the event to its incident. Returns a mark for number_of().
  /// with     the mark of the row that stands for it, whose incident is its own; 0: it is a row.
  [[nodiscard]] Result<std::size_t> place(const Arrived& event, std::size_t with);
  [[nodiscard]] Result<void> write();
  /// Once they are written.
  [[nodiscard]] std::int64_t number_of(std::size_t mark) const;

 private:
  /// What the hub knows of an incident besides its course.
  struct Kept {
    std::int64_t person = 0, device = 0, first_day = 0;
    std::array<std::int64_t, kKept.size()> last_days{};  // of its events, by how long those are kept
    bool fresh = false, changed = false;
  };
  /// Person; whether it is known who that is; group and category where it is not.
  using Key = std::tuple<std::int64_t, bool, std::string, std::string>;
  struct Group {
    std::vector<events::Course> courses;  // the one that was reached last first
  };
  static Key key_of(const Arrived& event);
  [[nodiscard]] events::Place choose(const Group& group, const events::Seen& seen) const;
  [[nodiscard]] Result<bool> has_host(const events::Course& course, std::int64_t host);
  [[nodiscard]] Row row_of(const events::Course& course, const Kept& kept) const;
  [[nodiscard]] static Row changes_of(const events::Course& course, const Kept& kept);
  [[nodiscard]] Result<void> number_fresh();

  Connection& connection_;
  std::int64_t device_, site_;
  std::map<Key, Group> groups_;
  std::map<std::uint64_t, Kept> kept_;  // by number; fresh ones count on from kFresh
  std::vector<std::int64_t> numbers_;   // of the fresh ones
  std::uint64_t fresh_ = 0;
  std::set<std::pair<std::int64_t, std::uint64_t>> hosts_;  // host, incident
};

}  // namespace fairlead::agent::hub
