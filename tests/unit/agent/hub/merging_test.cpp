// Events that stay on their laptop, because a row stands for them: they count as themselves, each once.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "agent/hub/desk.hpp"
#include "agent/hub/export_queue.hpp"
#include "agent/hub/keeping.hpp"
#include "agent/hub/merged.hpp"
#include "agent/hub/store.hpp"

#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using events::Event;
using events::Navigation;
using events::Table;
using exchange::Range;

constexpr std::uint64_t kEvents = 600;
const Now kNow = moment(6 * 3600);

/// What two applications and a page do to somebody's laptop within three hours.
events::Stored stored(std::uint64_t sequence) {
  events::Stored out = batch_of("a", sequence, sequence).rows.front();
  Event& event = out.event;
  event.time = moment(static_cast<int>(sequence) * 17);
  event.person = sequence % 41 == 0 ? "ben" : "anna";
  event.host = sequence % 3 == 0 ? "tracker.example" : sequence % 3 == 1 ? "casino.example" : "page.example";
  event.category = sequence % 3 == 0 ? "violence" : "gambling";
  event.severity = sequence % 3 == 0 ? "high" : "medium";
  event.navigation = sequence % 3 == 2 ? Navigation::no : sequence % 13 == 1 ? Navigation::yes : Navigation::unknown;
  return out;
}

struct Merging {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  std::unique_ptr<Connection> beside = std::move(*connect(place_in(folder)));
  Desk desk{place_in(folder)};
  Merging() {
    REQUIRE(store->add_code("CODE", "learners", 10, moment(1000), moment()));
    REQUIRE(*store->redeem("CODE", "a", "Laptop", moment()) == Redeemed::yes);
  }
  exchange::Receipt take(const exchange::Batch& batch, Now now = kNow) {
    // As it travels.
    const auto read = exchange::read_batch(exchange::write_batch(batch));
    REQUIRE(read);
    const auto receipt = store->take(*read, **store->device("a"), now);
    REQUIRE(receipt);
    return *receipt;
  }
  Rows rows(std::string_view sql) {
    auto found = beside->run(sql, {});
    REQUIRE(found);
    return std::move(*found);
  }
  std::int64_t number(std::string_view sql) { return number_from(*beside, sql); }
  std::vector<std::vector<std::string>> texts(std::string_view sql) {
    std::vector<std::vector<std::string>> out;
    for (const Row& row : rows(sql)) {
      out.emplace_back();
      for (std::size_t i = 0; i < row.size(); ++i)
        out.back().push_back(std::holds_alternative<std::int64_t>(row[i]) ? std::to_string(number_at(row, i))
                                                                          : text_at(row, i));
    }
    return out;
  }
  /// The events that are there by their sequences, and how often each is.
  std::map<std::uint64_t, int> there() {
    std::map<std::uint64_t, int> out;
    for (const Row& row : rows("SELECT sequence, merged, merged_ids FROM events")) {
      ++out[count_at(row, 0)];
      const auto others = merged_from(text_at(row, 2));
      CHECK(others.size() == count_at(row, 1));
      for (const auto& [sequence, id] : others) {
        ++out[sequence];
        CHECK(id == stored(sequence).event.id);
      }
    }
    return out;
  }
  /// Everything that counts says how many there are.
  void check_counts(std::int64_t events) {
    CHECK(number("SELECT sum(merged) + count(*) FROM events") == events);
    CHECK(number("SELECT sum(events) FROM totals") == events);
    CHECK(number("SELECT sum(count) FROM incidents") == events);
    CHECK(number("SELECT sum(merged) FROM incidents") == number("SELECT sum(merged) FROM events"));
    CHECK(number("SELECT count(*) FROM incidents i WHERE i.count <> (SELECT sum(e.merged) + count(*) FROM events e"
                 " WHERE e.incident = i.number)") == 0);
  }
};

/// Merges what is alike.
/// often    of ten, how many of those that could be are.
/// incident of each event on the laptop.
exchange::Batch merged_batch(std::uint64_t from, std::uint64_t to, std::mt19937& dice, int often,
                             const std::function<std::int64_t(std::uint64_t)>& incident = nullptr) {
  exchange::Batch out{{"a", 1, 1, {}}, {}};
  using Alike =
      std::tuple<std::string, std::string, Navigation, std::chrono::sys_time<std::chrono::hours>, std::int64_t>;
  std::map<Alike, std::size_t> like;
  for (std::uint64_t sequence = from; sequence <= to; ++sequence) {
    const events::Stored one = stored(sequence);
    const auto [row, first] = like.emplace(Alike{one.event.person, one.event.host, one.event.navigation,
                                                 exchange::hour_of(one.event.time), incident ? incident(sequence) : 0},
                                           out.rows.size());
    if (!first && static_cast<int>(dice() % 10) < often) {
      out.merged.push_back({sequence, one.event.time, one.event.id, row->second});
    } else {
      out.rows.push_back(one);
    }
  }
  return out;
}

TEST_CASE("merging: incidents and totals are those of the events one by one") {
  std::mt19937 dice(1);
  Merging one_by_one, merged;
  for (std::uint64_t from = 1; from <= kEvents; from += 100) one_by_one.take(merged_batch(from, from + 99, dice, 0));
  std::map<std::uint64_t, std::int64_t> incidents;
  for (const Row& row : one_by_one.rows("SELECT sequence, incident FROM events"))
    incidents[count_at(row, 0)] = number_at(row, 1);
  exchange::Receipt receipt;
  for (std::uint64_t from = 1; from <= kEvents; from += 200)
    receipt = merged.take(merged_batch(from, from + 199, dice, 10, [&](std::uint64_t s) { return incidents.at(s); }));
  CHECK(receipt.high == kEvents);
  CHECK(receipt.missing.empty());
  CHECK(receipt.fresh == 200);
  CHECK(merged.number("SELECT count(*) FROM events") < 60);
  CHECK(merged.number("SELECT count(*) FROM incidents") > 2);
  merged.check_counts(kEvents);
  constexpr std::string_view kIncidents =
      "SELECT number, person, category, categories, gravest, severity, pattern, weighed, first, last, changed, count,"
      " visits, days, hosts, visit_host, visited, visit_day, began_at, reached, observed, low, medium, high, critical"
      " FROM incidents ORDER BY number";
  CHECK(merged.texts(kIncidents) == one_by_one.texts(kIncidents));
  constexpr std::string_view kTotals =
      "SELECT day, category, group_id, kind, slot, site, events, navigations FROM totals ORDER BY 1, 2, 3, 4";
  CHECK(merged.texts(kTotals) == one_by_one.texts(kTotals));
}

TEST_CASE("merging: whatever is sent again, in whatever groups, each event is there once") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    std::mt19937 dice(seed);
    Merging hub;
    // Batches whose answers are lost, come late or twice.
    for (int i = 0; i < 25; ++i) {
      const std::uint64_t from = 1 + dice() % kEvents, to = std::min(kEvents, from + dice() % 150);
      const auto receipt = hub.take(merged_batch(from, to, dice, static_cast<int>(dice() % 11)));
      CHECK(receipt.differs_from == 0);
      const auto there = hub.there();
      // What is missing is what the receipt says.
      for (std::uint64_t sequence = 1; sequence <= receipt.high; ++sequence) {
        const bool missing = std::any_of(receipt.missing.begin(), receipt.missing.end(), [&](const Range& gap) {
          return gap.first <= sequence && sequence <= gap.last;
        });
        if (receipt.missing.size() < exchange::kMostRanges) REQUIRE(there.contains(sequence) != missing);
      }
    }
    // A laptop that asks, and sends what is missing, comes to an end.
    auto receipt = hub.take({{"a", 1, 1, {}}, {}});
    for (int i = 0; i < 200; ++i) {
      const Range range = exchange::next_range(receipt, {1, 1, kEvents}, 100);
      if (range.first == 0) break;
      receipt = hub.take(merged_batch(range.first, range.last, dice, 9));
      CHECK(receipt.fresh == range.last - range.first + 1);
    }
    const auto there = hub.there();
    CHECK(there.size() == kEvents);
    CHECK(std::all_of(there.begin(), there.end(), [](const auto& one) { return one.second == 1; }));
    hub.check_counts(kEvents);
  }
}

exchange::Batch three_in_one() {
  exchange::Batch out{{"a", 1, 1, {stored(3)}}, {}};
  for (const std::uint64_t sequence : {6, 9}) {
    const Event event = stored(sequence).event;
    out.merged.push_back({sequence, event.time, event.id, 0});
  }
  return out;
}

TEST_CASE("merging: what is there singly is not counted again, and what has lost its row is asked for") {
  Merging hub;
  exchange::Batch single{{"a", 1, 1, {stored(6)}}, {}};
  hub.take(single);
  CHECK(hub.take(three_in_one()).missing == std::vector<Range>{{1, 2}, {4, 5}, {7, 8}});
  CHECK(hub.there() == std::map<std::uint64_t, int>{{3, 1}, {6, 1}, {9, 1}});
  Merging other;
  single.rows = {stored(3)};
  other.take(single);
  CHECK(other.take(three_in_one()).high == 3);
  CHECK(other.take(single).high == 3);
  other.check_counts(1);
}

TEST_CASE("merging: another event of the number of a merged one is told of, as a row, merged or as a mark") {
  Merging hub;
  hub.take(three_in_one());
  CHECK(hub.take(three_in_one()).differs_from == 0);
  exchange::Batch rows{{"a", 1, 1, {stored(6)}}, {}};
  CHECK(hub.take(rows).differs_from == 0);
  rows.rows[0].event.id = "OTHER";
  CHECK(hub.take(rows).differs_from == 6);
  exchange::Batch other = three_in_one();
  other.merged[1].id = "OTHER";
  CHECK(hub.take(other).differs_from == 9);
  exchange::Batch question{{"a", 1, 1, {}, exchange::Mark{9, stored(9).digest, stored(9).event.id}}, {}};
  CHECK(hub.take(question).differs_from == 0);
  question.mark->id = "OTHER";
  CHECK(hub.take(question).differs_from == 9);
  question.mark = exchange::Mark{6, stored(6).digest, "OTHER"};
  CHECK(hub.take(question).differs_from == 6);
  hub.check_counts(3);
}

TEST_CASE("merging: what is said of a merged event is said of the row that stands for it") {
  Merging hub;
  hub.take(three_in_one());
  const auto digest = [](char mark) { return std::string(32, mark); };
  events::Report said{"", "anna", events::ReportKind::wrong, moment(500), "I need it"};
  const exchange::BookBatch reports{{"a", 1, 1, {{1, 1, digest('r'), false, stored(9).event.id, said}}, std::nullopt},
                                    Table::reports};
  REQUIRE(hub.store->take(reports, **hub.store->device("a"), kNow));
  events::Entry appeal;
  appeal.kind = "appeal";
  appeal.subject = stored(9).event.id;
  appeal.person = "anna";
  appeal.time = moment(500);
  appeal.body = "{}";
  const exchange::BookBatch entries{{"a", 1, 1, {{1, 1, digest('e'), false, stored(6).event.id, appeal}}, std::nullopt},
                                    Table::entries};
  REQUIRE(hub.store->take(entries, **hub.store->device("a"), kNow));

  const auto incident = hub.desk.incidents({})->front();
  CHECK(incident.count == 3);
  CHECK(incident.merged == 2);
  CHECK(incident.reports == 1);
  for (const std::uint64_t sequence : {3, 6, 9}) {
    const auto shown = hub.desk.show(stored(sequence).event.id);
    REQUIRE(shown);
    CHECK(shown->sequence == 3);
    CHECK(shown->merged == 2);
    CHECK(shown->merged_until == stored(9).event.time);
    REQUIRE(shown->reports.size() == 1);
    CHECK(shown->reports[0].words == "I need it");
  }
  CHECK(hub.desk.show("EV").error().code == Errc::not_found);
  CHECK(hub.number("SELECT count(*) FROM entries WHERE incident <> 0 AND keep = 0") == 1);

  events::Entry answer = appeal;
  answer.kind = "appeal_answer";
  answer.incident = incident.number;
  answer.actor = "lead";
  REQUIRE(hub.desk.add(answer));
  const auto told = hub.store->hear(**hub.store->device("a"), {"{}", {}}, kNow);
  REQUIRE(told);
  REQUIRE(told->notices.size() == 1);
  CHECK(told->notices.front().find(stored(9).event.id) != std::string::npos);
}

TEST_CASE("merging: no row that stands for an event hides another event of that name, however old") {
  Merging all;
  exchange::Batch batch{{"a", 1, 1, {}}, {}};
  for (const std::uint64_t day : {1U, 2U, 3U, 4U}) {
    batch.rows.push_back(stored(day));
    batch.rows.back().event.time = moment() + std::chrono::days(day - 1);
  }
  const std::string name = batch.rows.front().event.id;
  batch.merged.push_back({5, batch.rows.back().event.time, name, 3});
  all.take(batch, moment() + std::chrono::days(3) + std::chrono::hours(1));
  const auto shown = all.desk.show(name);
  REQUIRE(shown);
  CHECK(shown->sequence == 1);
}

TEST_CASE("merging: whoever was erased is erased of merged events, and they are counted") {
  Merging hub;
  hub.take(three_in_one());
  const auto record = [](std::uint64_t) { return events::erasure(0); };
  REQUIRE(hub.desk.erase_person("anna on Laptop", record));
  // The laptop has not heard of it.
  exchange::Batch later{{"a", 1, 1, {stored(12)}}, {}};
  later.merged.push_back({15, stored(15).event.time, stored(15).event.id, 0});
  CHECK(hub.take(later).high == 15);
  CHECK(hub.number("SELECT count(*) FROM events WHERE erased <> 0 AND person = 0 AND host = ''") == 2);
  CHECK(hub.number("SELECT sum(events) FROM totals") == 5);
  CHECK(hub.number("SELECT sum(count) FROM incidents") == 3);
  CHECK(hub.number("SELECT count(*) FROM people WHERE name = 'anna'") == 0);
}

TEST_CASE("merging: what is past its time goes with those that it stands for, and is not taken anew") {
  Merging hub;
  hub.take(three_in_one());
  const Now late = kNow + std::chrono::days(300);
  REQUIRE(drop_expired(hub.store->connection(), late));
  CHECK(hub.number("SELECT count(*) FROM events") == 0);
  const auto receipt = hub.take(three_in_one(), late);
  CHECK(receipt.high == 9);
  CHECK(receipt.fresh == 0);
  CHECK(hub.number("SELECT sum(events) FROM totals") == 3);
}

TEST_CASE("merging: a collector of security events is told how many a row stands for") {
  Merging hub;
  ExportQueue queue{hub.store->connection()};
  REQUIRE(queue.begin());
  hub.take(three_in_one());
  const auto waiting = queue.next(10);
  REQUIRE(waiting);
  REQUIRE(waiting->records.size() == 1);
  CHECK(waiting->records[0].at(rules::catalog::SiemField::count) == "3");
}

}  // namespace
}  // namespace fairlead::agent::hub
