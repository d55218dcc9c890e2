#include "agent/exchange/batch.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/agent/events/samples.hpp"

using namespace fairlead::agent::exchange;
using fairlead::agent::events::Kind;
using fairlead::agent::events::moment;
using fairlead::agent::events::Navigation;
using fairlead::agent::events::sample;
using fairlead::agent::events::Stored;
using nlohmann::json;

namespace {

Stored row(std::uint64_t sequence) {
  Stored out;
  out.sequence = sequence;
  out.event = sample(static_cast<int>(sequence));
  out.digest = std::string(31, 'd') + static_cast<char>(sequence);
  return out;
}

Batch batch_of(std::initializer_list<std::uint64_t> sequences) {
  Batch out{{"0123456789abcdef", 7, 1, {}}, {}};
  for (const std::uint64_t sequence : sequences) out.rows.push_back(row(sequence));
  return out;
}

/// What is said of a batch in which one thing was changed.
std::string said_of(const std::function<void(json&)>& change, const Batch& batch = batch_of({1, 2, 3})) {
  json whole = json::parse(write_batch(batch));
  change(whole);
  const auto read = read_batch(whole.dump());
  return read ? "" : read.error().context;
}

}  // namespace

TEST_CASE("batch: every field of every row arrives as it was") {
  Batch sent = batch_of({3, 4, 9});
  sent.first = 3;
  sent.rows[1].event.kind = Kind::passed_through;
  sent.rows[1].event.navigation = Navigation::unknown;
  sent.rows[1].event.words = "caf\xC3\xA9 \"quoted\" \\ \n";
  sent.rows[2].erased = true;
  sent.mark = Mark{2, std::string(32, '\x7f'), "EV2"};
  const auto read = read_batch(write_batch(sent));
  REQUIRE(read);
  CHECK(read->device == sent.device);
  CHECK(read->epoch == 7);
  CHECK(read->first == 3);
  REQUIRE(read->mark);
  CHECK(read->mark->sequence == 2);
  CHECK(read->mark->digest == sent.mark->digest);
  CHECK(read->mark->id == "EV2");
  REQUIRE(read->rows.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const Stored &is = read->rows[i], &was = sent.rows[i];
    CHECK(is.device == "0123456789abcdef");
    CHECK(is.epoch == 7);
    CHECK(is.sequence == was.sequence);
    CHECK(is.digest == was.digest);
    CHECK(is.erased == was.erased);
    CHECK(is.event.time == was.event.time);
    CHECK(is.event.kind == was.event.kind);
    CHECK(is.event.navigation == was.event.navigation);
    for (const auto field : {&fairlead::agent::events::Event::id,
                             &fairlead::agent::events::Event::person,
                             &fairlead::agent::events::Event::found,
                             &fairlead::agent::events::Event::group,
                             &fairlead::agent::events::Event::method,
                             &fairlead::agent::events::Event::url,
                             &fairlead::agent::events::Event::host,
                             &fairlead::agent::events::Event::words,
                             &fairlead::agent::events::Event::navigation_sign,
                             &fairlead::agent::events::Event::category,
                             &fairlead::agent::events::Event::risk,
                             &fairlead::agent::events::Event::severity,
                             &fairlead::agent::events::Event::review,
                             &fairlead::agent::events::Event::rule,
                             &fairlead::agent::events::Event::source,
                             &fairlead::agent::events::Event::span,
                             &fairlead::agent::events::Event::level,
                             &fairlead::agent::events::Event::losers,
                             &fairlead::agent::events::Event::ruleset_id,
                             &fairlead::agent::events::Event::policy_version})
      CHECK(is.event.*field == was.event.*field);
  }
}

TEST_CASE("read_batch: what is missing, of another kind or too long is said by row and field") {
  CHECK(said_of([](json&) {}) == "");
  CHECK(said_of([](json& all) { all.erase("device"); }) == "the batch needs 'device', 'epoch', 'first' and 'rows'");
  CHECK(said_of([](json& all) { all["epoch"] = -1; }) == "the batch needs 'device', 'epoch', 'first' and 'rows'");
  CHECK(said_of([](json& all) { all["first"] = 0; }) == "the batch needs 'device', 'epoch', 'first' and 'rows'");
  CHECK(said_of([](json& all) { all["mark"] = {{"sequence", 1}}; }) == "the batch has a 'mark' that is none");
  CHECK(said_of([](json& all) { all["rows"][1] = "x"; }) == "row 1 is no object");
  CHECK(said_of([](json& all) { all["rows"][1]["sequence"] = 18446744073709551615ULL; }) == "row 1 has no 'sequence'");
  CHECK(said_of([](json& all) { all["rows"][1]["sequence"] = 1; }) == "row 1 does not ascend");
  CHECK(said_of([](json& all) { all["first"] = 2; }) == "row 0 does not ascend");
  CHECK(said_of([](json& all) { all["rows"][2]["kind"] = "allowed"; }) == "row 2 has no 'kind'");
  CHECK(said_of([](json& all) { all["rows"][2]["digest"] = "00"; }) == "row 2 has no 'digest'");
  CHECK(said_of([](json& all) { all["rows"][0].erase("person"); }) == "row 0 has no 'person' that can be kept");
  CHECK(said_of([](json& all) { all["rows"][0]["host"] = std::string(513, 'h'); }) ==
        "row 0 has no 'host' that can be kept");
  // PostgreSQL has no text with NUL in it.
  CHECK(said_of([](json& all) { all["rows"][0]["words"] = std::string("a\0b", 3); }) ==
        "row 0 has no 'words' that can be kept");
}

TEST_CASE("batch: what is merged arrives with the row that stands for it") {
  Batch sent = batch_of({3, 4, 9});
  sent.merged = {{5, moment(5), "K7QM-2D4X", 1}, {7, moment(7), "4BTW-9PAE", 0}, {12, moment(3599), "9PAE-4BTW", 1}};
  CHECK(sent.covered() == 6);
  CHECK(sent.last() == 12);
  const auto read = read_batch(write_batch(sent));
  REQUIRE(read);
  REQUIRE(read->merged.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(read->merged[i].sequence == sent.merged[i].sequence);
    CHECK(read->merged[i].time == sent.merged[i].time);
    CHECK(read->merged[i].id == sent.merged[i].id);
    CHECK(read->merged[i].row == sent.merged[i].row);
  }
}

TEST_CASE("read_batch: what is merged is of the hour of its row, comes after it and is named once") {
  Batch batch = batch_of({3, 4, 9});
  batch.merged = {{5, moment(5), "K7QM-2D4X", 1}, {7, moment(7), "4BTW-9PAE", 0}};
  const auto with = [&](const char* field, const json& value) {
    return said_of([&](json& all) { all["merged"][1][field] = value; }, batch);
  };
  CHECK(said_of([](json&) {}, batch) == "");
  CHECK(said_of([](json& all) { all["merged"] = 1; }, batch) == "the batch has a 'merged' that is no list");
  CHECK(said_of([](json& all) { all["merged"][1] = 7; }, batch) == "merged 1 is no object");
  CHECK(with("sequence", "7") == "merged 1 has no 'sequence'");
  CHECK(with("sequence", 5) == "merged 1 does not ascend");
  CHECK(with("sequence", 9) == "merged 1 is a row as well");
  CHECK(with("sequence", 3 + kMostCovered) == "merged 1 has a 'row' that cannot stand for it");
  CHECK(with("time", nullptr) == "merged 1 has no 'time'");
  CHECK(with("time", 3'600'000 + moment().time_since_epoch().count()) ==
        "merged 1 has a 'row' that cannot stand for it");
  CHECK(with("id", "") == "merged 1 has no 'id' that can be kept");
  CHECK(with("id", "K7QM 2D4X") == "merged 1 has no 'id' that can be kept");
  CHECK(with("id", "1=K7QM-2D4X") == "merged 1 has no 'id' that can be kept");
  CHECK(with("row", 3) == "merged 1 has no 'row' of the batch");
  CHECK(with("row", 2) == "merged 1 has a 'row' that cannot stand for it");
  CHECK(said_of([](json& all) { all["rows"][0]["erased"] = true; }, batch) ==
        "merged 1 has a 'row' that cannot stand for it");
  CHECK(said_of(
            [](json& all) {
              all["mark"] = {{"sequence", 1}, {"digest", std::string(64, '0')}, {"id", 1}};
            },
            batch) == "the batch has a 'mark' that is none");
  batch.merged.clear();
  for (std::uint64_t i = 10; i < 10 + kMostCovered; ++i) batch.merged.push_back({i, moment(9), "4BTW-9PAE", 2});
  CHECK(said_of([](json&) {}, batch) == "the batch covers too many events");
}

TEST_CASE("read_batch: what is no JSON, no UTF-8 or too much is refused") {
  CHECK_FALSE(read_batch(""));
  CHECK_FALSE(read_batch("[]"));
  CHECK_FALSE(read_batch(std::string(100'000, '[')));
  std::string bytes = write_batch(batch_of({1}));
  bytes.replace(bytes.find("GET"), 3, "\xff\xfe\xfd");
  CHECK_FALSE(read_batch(bytes));
  CHECK(read_batch(std::string(kMostBytes + 1, ' ')).error().code == fairlead::Errc::too_large);
  Batch many = batch_of({});
  for (std::uint64_t i = 1; i <= kMostRows + 1; ++i) many.rows.push_back(row(i));
  for (Stored& one : many.rows) one.event.losers = "[]";
  const auto read = read_batch(write_batch(many));
  CHECK_FALSE(read);
  CHECK(read.error().code == fairlead::Errc::too_large);
}

TEST_CASE("read_receipt: only ranges below the highest are believed") {
  const Receipt told{90, {{1, 4}, {60, 61}}, 0};
  const auto read = read_receipt(write_receipt(told));
  REQUIRE(read);
  CHECK(read->high == 90);
  CHECK(read->missing == told.missing);
  CHECK_FALSE(read_receipt(R"({"high":90,"missing":[[0,4]]})"));
  CHECK_FALSE(read_receipt(R"({"high":90,"missing":[[5,4]]})"));
  CHECK_FALSE(read_receipt(R"({"high":90,"missing":[[88,90]]})"));
  CHECK_FALSE(read_receipt(R"({"high":90,"missing":[[1]]})"));
  CHECK_FALSE(read_receipt(R"({"high":90})"));
  CHECK_FALSE(read_receipt("no"));
}

TEST_CASE("without: what is parked is neither missing nor next") {
  const Receipt told{20, {{1, 5}, {9, 9}, {12, 15}}, 0};
  CHECK(without(told, {}).missing == told.missing);
  const Receipt rest = without(told, {1, 3, 9, 15, 21, 22, 30});
  CHECK(rest.missing == std::vector<Range>{{2, 2}, {4, 5}, {12, 14}});
  CHECK(rest.high == 22);
}

TEST_CASE("next_range: gaps come first, then what is new, and no more than there is") {
  const fairlead::agent::events::EpochRange there{7, 5, 1'000};
  CHECK(next_range({4, {}, 0}, there, 500) == Range{5, 504});
  CHECK(next_range({504, {}, 0}, there, 500) == Range{505, 1'000});
  CHECK(next_range({1'000, {}, 0}, there, 500) == Range{});
  CHECK(next_range({1'000, {{7, 9}, {20, 20}}, 0}, there, 500) == Range{7, 9});
  CHECK(next_range({1'000, {{7, 900}}, 0}, there, 500) == Range{7, 506});
  // The hub has more of it than this laptop, which was set back: nothing is made up.
  CHECK(next_range({2'000, {{1, 3}, {1'500, 1'600}}, 0}, there, 500) == Range{});
}
