#include "agent/exchange/book_batch.hpp"

#include <doctest/doctest.h>

#include <functional>

#include <nlohmann/json.hpp>

using namespace fairlead::agent::exchange;
namespace events = fairlead::agent::events;
using events::BookRow;
using events::Table;
using nlohmann::json;

namespace {

events::TimePoint at(int milliseconds) { return events::TimePoint(std::chrono::milliseconds(milliseconds)); }

BookBatch reports() {
  BookBatch out{{"0123456789abcdef", 7, 1, {}, Mark{1, std::string(32, 'm')}}, Table::reports};
  events::Report report;
  report.person = "cleo";
  report.kind = events::ReportKind::wrong;
  report.time = at(1'700);
  report.words = "caf\xC3\xA9 \"quoted\" \n";
  out.rows.push_back({7, 2, std::string(32, 'd'), false, "K7QM-2D4X", report});
  return out;
}

BookBatch entries() {
  BookBatch out{{"0123456789abcdef", 7, 1, {}}, Table::entries};
  events::Entry entry;
  entry.time = at(1'800);
  entry.keep = at(9'000);
  entry.kind = "appeal_answer";
  entry.subject = "K7QM-2D4X";
  entry.actor = "lead";
  entry.person = "cleo";
  entry.body = R"({"says":"thank you"})";
  out.rows.push_back({7, 1, std::string(32, 'd'), false, "K7QM-2D4X", entry});
  events::Entry erased;
  erased.kind = "review";
  erased.subject = "incident 4";
  out.rows.push_back({7, 2, std::string(32, 'e'), true, "", erased});
  return out;
}

std::string said_of(const BookBatch& batch, const std::function<void(json&)>& change) {
  json whole = json::parse(write_book_batch(batch));
  change(whole);
  const auto read = read_book_batch(whole.dump());
  return read ? "" : read.error().context;
}

}  // namespace

TEST_CASE("book batch: words of learners arrive as they were") {
  const auto read = read_book_batch(write_book_batch(reports()));
  REQUIRE(read);
  CHECK(read->table == Table::reports);
  CHECK(read->mark->sequence == 1);
  REQUIRE(read->rows.size() == 1);
  const BookRow& row = read->rows[0];
  CHECK(row.epoch == 7);
  CHECK(row.sequence == 2);
  CHECK(row.event == "K7QM-2D4X");
  const auto& report = std::get<events::Report>(row.what);
  CHECK(report.person == "cleo");
  CHECK(report.kind == events::ReportKind::wrong);
  CHECK(report.time == at(1'700));
  CHECK(report.words == "caf\xC3\xA9 \"quoted\" \n");
}

TEST_CASE("book batch: entries arrive as they were, erased ones as erased") {
  const auto read = read_book_batch(write_book_batch(entries()));
  REQUIRE(read);
  REQUIRE(read->rows.size() == 2);
  const auto& entry = std::get<events::Entry>(read->rows[0].what);
  CHECK(entry.keep == at(9'000));
  CHECK(entry.kind == "appeal_answer");
  CHECK(entry.subject == "K7QM-2D4X");
  CHECK(entry.actor == "lead");
  CHECK(entry.person == "cleo");
  CHECK(entry.body == R"({"says":"thank you"})");
  CHECK(read->rows[1].erased);
  CHECK_FALSE(std::get<events::Entry>(read->rows[1].what).keep);
}

TEST_CASE("read_book_batch: what is missing, of another kind or too long is said by row and field") {
  CHECK(said_of(reports(), [](json&) {}) == "");
  CHECK(said_of(reports(), [](json& all) { all["table"] = "events"; }) ==
        "the batch needs a 'table': reports or entries");
  CHECK(said_of(reports(), [](json& all) { all.erase("device"); }) ==
        "the batch needs 'device', 'epoch', 'first' and 'rows'");
  CHECK(said_of(reports(), [](json& all) { all["rows"][0]["kind"] = "praise"; }) == "row 0 has no 'kind'");
  CHECK(said_of(reports(), [](json& all) { all["rows"][0]["words"] = std::string(2049, 'w'); }) ==
        "row 0 has no 'words' that can be kept");
  CHECK(said_of(entries(), [](json& all) { all["rows"][1]["sequence"] = 1; }) == "row 1 does not ascend");
  CHECK(said_of(entries(), [](json& all) { all["rows"][0]["keep"] = "for ever"; }) ==
        "row 0 has no 'keep' that is a time");
  CHECK(said_of(entries(), [](json& all) { all["rows"][0]["subject"] = std::string("a\0b", 3); }) ==
        "row 0 has no 'subject' that can be kept");
  CHECK(said_of(entries(), [](json& all) { all["rows"][0]["body"] = std::string(65'537, 'b'); }) ==
        "row 0 has no 'body' that can be kept");
}
