#pragma once
// What the safeguarding lead looks at: events of one person that belong together, as one thing with a state. Made from
// events, reports and reviews (grouping.hpp), never a record of its own. Plain data.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/event.hpp"

namespace fairlead::agent::events {

enum class State : std::uint8_t { fresh, in_review, action_taken, no_action, false_positive };
inline constexpr std::size_t kStates = 5;
/// "new", "in_review", "action_taken", "no_action", "false_positive"
[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::optional<State> state_from(std::string_view text);
/// New, or in review: later events of the same kind join it.
[[nodiscard]] constexpr bool is_open(State state) { return state == State::fresh || state == State::in_review; }

/// single: one visit. burst: several on one day. repeat: on several days. escalation: a path over several categories.
/// background: nobody went there, pages fetched it. An unknown person is never said to repeat or to escalate.
enum class Pattern : std::uint8_t { single, burst, repeat, escalation, background };
[[nodiscard]] std::string_view to_string(Pattern pattern);
[[nodiscard]] std::optional<Pattern> pattern_from(std::string_view text);

/// Why an incident has its severity: that of its gravest category as it is; one step up for visits on three days or
/// more, or for a path over three categories or more; low because no person went there.
enum class Weighed : std::uint8_t { category, repeat, escalation, background };
[[nodiscard]] std::string_view to_string(Weighed weighed);
[[nodiscard]] std::optional<Weighed> weighed_from(std::string_view text);

struct Incident {
  std::uint64_t number = 0;             // unique on this device for good
  std::string device;                   // with `number`: its key in the whole organisation
  std::string person, group;            // person: empty when not known, or erased
  std::string category;                 // the gravest
  std::vector<std::string> categories;  // where the person went, by first appearance: the path of an escalation
  std::string risk, severity, review;   // of `category`; severity after the pattern was taken into account
  std::string host;                     // the latest one that a person went to; erased with its event
  Pattern pattern = Pattern::single;
  Weighed weighed = Weighed::category;  // the rule that gave `severity`
  TimePoint first{}, last{};            // the earliest and the latest time of an event
  std::uint64_t count = 0;              // events
  std::uint64_t merged = 0;             // of those, at a hub: for whom the row of another stands
  std::uint64_t navigations = 0;        // visits: a person went there; a browser's own second try is not counted
  std::uint64_t days = 0;               // on which there were visits
  std::uint64_t reports = 0;            // learner's words on its events
  State state = State::fresh;
  TimePoint changed{};  // last event, report or review
  bool erased = false;  // all its events are
};

inline constexpr std::uint64_t kMostCounted = 1'000;  // see Store::count_incidents

/// The path of an incident as one text, as stores keep it: the ids of its categories with a space between.
[[nodiscard]] std::string path_text(const std::vector<std::string>& categories);
[[nodiscard]] std::vector<std::string> path_from(std::string_view text);

/// Empty fields do not filter.
struct IncidentFilter {
  std::optional<TimePoint> since, until;         // some of it happened in between
  std::string person, category, risk, severity;  // category: anywhere on the path
  std::string group;
  std::optional<State> state;
  bool open_only = false;
  bool without_background = false;
  std::optional<TimePoint> changed_after;
  std::string words;  // part of a host of one of its events
  std::size_t limit = 50;
  std::size_t offset = 0;
};

/// Counts for reports: days are of UTC, since 1970. There is no person in it, so that it outlives them.
struct Totals {
  struct Events {
    std::int64_t day = 0;
    std::string category, group, kind;
    std::uint64_t events = 0, navigations = 0;  // navigations: "yes" alone, as recorded
  };
  struct Quiet {  // counted, never recorded
    std::int64_t day = 0;
    std::string category, group;
    std::uint64_t count = 0;
  };
  struct Reports {
    std::int64_t day = 0;
    std::string kind;
    std::uint64_t count = 0;
  };
  std::vector<Events> events;
  std::vector<Quiet> quiet;
  std::vector<Reports> reports;
  std::array<std::uint64_t, kStates> incidents{};  // by state; those that began in this time, page noise left out
};

struct BegunIncident {
  std::uint64_t number = 0;
  State state = State::fresh;
  TimePoint first{};
};
/// Without page noise and without persons.
struct IncidentSummary {
  std::vector<BegunIncident> begun;      // in the time that was asked for
  std::uint64_t open = 0;                // now, whenever they began
  std::optional<TimePoint> oldest_open;  // when the oldest of those began
};

/// Whoever an incident is about, and the group that they were in.
struct Member {
  std::string group, person;
};

}  // namespace fairlead::agent::events
