#pragma once
// The tables that the chained rows make (incidents, totals, the clock), made again from those rows and compared with
// what lies in the file. For verify().

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "agent/events/chain.hpp"
#include "agent/events/database.hpp"
#include "agent/events/grouping.hpp"

namespace fairlead::agent::events {

class Derived {
 public:
  /// Rows as kAllEvents, kAllReports and kAllEntries give them, in that order of tables.
  /// notes    told where the clock was set back.
  void add_event(const Statement& row, bool erased, std::vector<std::string>& notes);
  void add_report(const Statement& row, std::vector<std::string>& notes);
  void add_entry(const Statement& row, std::vector<std::string>& notes);

  /// What differs, naming the row; empty when nothing does.
  [[nodiscard]] Result<std::string> check(const Database& database) const;
  [[nodiscard]] std::uint64_t incidents() const { return courses_.size(); }

 private:
  struct Sum {
    std::uint64_t events = 0, navigations = 0, first = 0, last = 0;
    bool operator==(const Sum&) const = default;
  };

  [[nodiscard]] Result<std::string> check_incidents(const Database& database) const;
  [[nodiscard]] Result<std::string> check_totals(const Database& database) const;
  [[nodiscard]] Result<std::string> check_clock(const Database& database) const;
  /// Texts that rows share: each must be some row's.
  [[nodiscard]] Result<std::string> check_texts(const Database& database) const;
  void note_clock(const Shape& shape, std::uint64_t sequence, TimePoint time, std::vector<std::string>& notes);

  Clock clock_;
  std::map<std::string_view, TimePoint> times_;  // of the last row, by table
  std::uint64_t notes_ = 0;
  std::map<std::uint64_t, Course> courses_;
  std::vector<std::uint64_t> incident_of_;  // by sequence of the event, from 1
  std::map<std::tuple<std::int64_t, std::string, std::string, std::string>, Sum> sums_;
};

}  // namespace fairlead::agent::events
