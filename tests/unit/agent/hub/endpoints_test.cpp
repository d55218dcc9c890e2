#include "agent/hub/endpoints.hpp"

#include <nlohmann/json.hpp>

#include "agent/exchange/book_batch.hpp"
#include "agent/exchange/compress.hpp"
#include "agent/exchange/notice.hpp"
#include "agent/hub/desk.hpp"
#include "agent/hub/notice_board.hpp"
#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using nlohmann::json;

struct Hub {
  events::TemporaryFolder folder;
  tls::Credential authority =
      std::move(*tls::make_fleet_authority("Test", std::chrono::floor<std::chrono::seconds>(moment())));
  Now now = moment();
  Endpoints endpoints{authority, [this] { return Store::open(place_in(folder)); }, [this] { return now; }};
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  Laptop one{'1'}, two{'2'};

  Hub() { REQUIRE(store->add_code("CODE", "learners", 2, moment(3600), moment())); }

  Answer ask(const std::string& path, const std::string& body, const std::string& device = "") {
    Request request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    request.device = device;
    request.address = "192.0.2.1";
    return endpoints.answer(request);
  }
  Answer enrol(const Laptop& laptop, const json& more = {{"code", "CODE"}}) {
    json asked = {{"request", laptop.request}, {"name", "Laptop 7"}};
    asked.update(more);
    return ask("/v1/enrol", asked.dump());
  }
  std::string last_note() { return store->notes(1)->front().detail; }
};

TEST_CASE("enrol: a code gives a certificate for the device's own key and name") {
  Hub hub;
  const Answer answer = hub.enrol(hub.one);
  CHECK(answer.status == 200);
  const json told = json::parse(answer.body);
  CHECK(told["device"] == hub.one.id);
  CHECK(told["certificate"].get<std::string>().starts_with("-----BEGIN CERTIFICATE-----"));
  CHECK((*hub.store->device(hub.one.id))->name == "Laptop 7");
  CHECK(hub.last_note() == "enrolled");
}

TEST_CASE("enrol: without a good code, or with a request that is none, nobody comes in, and each is noted") {
  Hub hub;
  CHECK(hub.enrol(hub.one, {{"code", "NONE"}}).status == 403);
  CHECK(hub.last_note() == "no such code");
  CHECK(hub.enrol(hub.one, json::object()).status == 401);
  CHECK(hub.last_note() == "an unknown device needs a code");
  hub.now = moment(7200);
  CHECK(hub.enrol(hub.one).status == 403);
  CHECK(hub.last_note() == "code expired");
  hub.now = moment();
  std::string forged = hub.one.request;
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  CHECK(hub.ask("/v1/enrol", json{{"request", forged}, {"name", "x"}, {"code", "CODE"}}.dump()).status == 400);
  CHECK(hub.last_note() == "the certificate request cannot be used");
  CHECK(hub.ask("/v1/enrol", json{{"request", "x"}, {"name", "x"}, {"code", "CODE"}}.dump()).status == 400);
  CHECK(hub.ask("/v1/enrol", "no").status == 400);
  CHECK(hub.store->devices()->empty());
  // None of these used the code.
  CHECK(hub.enrol(hub.one).status == 200);
  CHECK(hub.enrol(hub.two).status == 200);
  CHECK(hub.enrol(Laptop{'3'}).status == 403);
  CHECK(hub.last_note() == "code used up");
}

TEST_CASE("enrol: a known device gets a new certificate without a code, one that was revoked does not") {
  Hub hub;
  REQUIRE(hub.enrol(hub.one).status == 200);
  CHECK(hub.enrol(hub.one, json::object()).status == 200);
  CHECK(hub.last_note() == "certificate renewed");
  REQUIRE(hub.store->revoke(hub.one.id, moment()));
  CHECK(hub.enrol(hub.one, json::object()).status == 403);
  CHECK(hub.enrol(hub.one).status == 403);
  CHECK(hub.ask("/v1/events", exchange::write_batch(batch_of(hub.one.id, 1, 1)), hub.one.id).status == 403);
  CHECK(hub.last_note() == "device revoked");
}

TEST_CASE("events: a device hands in its own events, plain or compressed, and nobody else's") {
  Hub hub;
  REQUIRE(hub.enrol(hub.one).status == 200);
  REQUIRE(hub.enrol(hub.two).status == 200);
  CHECK(hub.ask("/v1/events", exchange::write_batch(batch_of(hub.one.id, 1, 3)), hub.one.id).status == 200);
  Request request;
  request.method = "POST";
  request.path = "/v1/events";
  request.device = hub.one.id;
  request.encoding = "zstd";
  request.body = *exchange::compress(exchange::write_batch(batch_of(hub.one.id, 4, 6)));
  const Answer taken = hub.endpoints.answer(request);
  CHECK(taken.status == 200);
  CHECK(exchange::read_receipt(taken.body)->high == 6);
  CHECK(hub.ask("/v1/events", exchange::write_batch(batch_of(hub.two.id, 1, 1)), hub.one.id).status == 403);
  CHECK(hub.last_note() == "events of another device");
  CHECK(hub.ask("/v1/events", exchange::write_batch(batch_of(hub.one.id, 7, 7))).status == 401);
  CHECK(hub.last_note() == "no certificate of this organisation");
  CHECK(hub.ask("/v1/events", exchange::write_batch(batch_of("f", 7, 7)), "f").status == 401);
  CHECK(*hub.store->count_events() == 6);
}

TEST_CASE("book: a device hands in its own, and hears what is meant for it alone") {
  Hub hub;
  REQUIRE(hub.enrol(hub.one).status == 200);
  REQUIRE(hub.enrol(hub.two).status == 200);
  events::Report said;
  said.kind = events::ReportKind::wrong;
  said.person = "learner1";
  exchange::BookBatch book{{hub.two.id, 1, 1, {{1, 1, std::string(32, 'd'), false, "EV1", said}}},
                           events::Table::reports};
  CHECK(hub.ask("/v1/book", exchange::write_book_batch(book), hub.one.id).status == 403);
  CHECK(hub.last_note() == "rows of another device");
  CHECK(hub.ask("/v1/book", exchange::write_book_batch(book)).status == 401);
  CHECK(hub.ask("/v1/book", "{}", hub.two.id).status == 400);
  CHECK(hub.last_note() == "the batch needs a 'table': reports or entries");
  const Answer taken = hub.ask("/v1/book", exchange::write_book_batch(book), hub.two.id);
  CHECK(taken.status == 200);
  CHECK(exchange::read_receipt(taken.body)->high == 1);
  book.rows[0].digest = std::string(32, 'x');
  CHECK(hub.ask("/v1/book", exchange::write_book_batch(book), hub.two.id).status == 409);
  CHECK(hub.last_note() == "other rows of the same numbers");
  const auto number = static_cast<std::int64_t>((*hub.store->device(hub.one.id))->number);
  REQUIRE(tell_erasure(hub.store->connection(), number, {exchange::pseudonym_of("learner1"), "lead"}, moment(1)));
  const auto told = exchange::read_notices(hub.ask("/v1/health", "{}", hub.one.id).body);
  REQUIRE(told);
  REQUIRE(told->notices.size() == 1);
  CHECK(hub.ask("/v1/health", "{}").status == 401);
  CHECK(hub.ask("/v1/health", R"({"heard":7})", hub.one.id).status == 400);
  // Another laptop's word that it was heard is none.
  CHECK(hub.ask("/v1/health", exchange::write_health("{}", {told->notices.front().id}), hub.two.id).status == 200);
  CHECK(exchange::read_notices(hub.ask("/v1/health", "{}", hub.one.id).body)->notices.size() == 1);
  const auto heard = hub.ask("/v1/health", exchange::write_health("{}", {told->notices.front().id}), hub.one.id);
  CHECK(exchange::read_notices(heard.body)->notices.empty());
}

TEST_CASE("health: a device hears which exceptions stand for it, unless it has them") {
  Hub hub;
  REQUIRE(hub.enrol(hub.one).status == 200);
  CHECK_FALSE(exchange::read_notices(hub.ask("/v1/health", "{}", hub.one.id).body)->exceptions);
  REQUIRE(
      Desk(place_in(hub.folder))
          .except({"", "lead", {"tools.example", {"learners"}, {}, "office", "a course", "2027-01-01"}}, moment(1)));
  const auto told = exchange::read_notices(hub.ask("/v1/health", "{}", hub.one.id).body);
  REQUIRE(told->exceptions);
  REQUIRE(told->exceptions->all.size() == 1);
  CHECK(told->exceptions->all[0].by == "lead");
  const std::string has_it = exchange::write_health("{}", {}, told->exceptions->digest);
  CHECK_FALSE(exchange::read_notices(hub.ask("/v1/health", has_it, hub.one.id).body)->exceptions);
  CHECK(hub.ask("/v1/health", R"({"exceptions":[]})", hub.one.id).status == 400);
}

TEST_CASE("events: what cannot be read is refused by its reason") {
  Hub hub;
  REQUIRE(hub.enrol(hub.one).status == 200);
  Request request;
  request.method = "POST";
  request.path = "/v1/events";
  request.device = hub.one.id;
  const auto answered = [&](std::string encoding, std::string body) {
    request.encoding = std::move(encoding);
    request.body = std::move(body);
    return hub.endpoints.answer(request).status;
  };
  CHECK(answered("gzip", "x") == 415);
  CHECK(answered("zstd", "x") == 400);
  CHECK(answered("zstd", *exchange::compress(std::string(exchange::kMostBytes + 1, ' '))) == 413);
  CHECK(answered("", std::string(exchange::kMostBytes + 1, ' ')) == 413);
  CHECK(answered("", "{") == 400);
  request.too_large = true;
  CHECK(answered("", "") == 413);
  request.too_large = false;
  request.fault = "certificate refused: certificate has expired";
  CHECK(answered("", exchange::write_batch(batch_of(hub.one.id, 1, 1))) == 401);
  CHECK(hub.last_note() == "certificate refused: certificate has expired");
  exchange::Batch other = batch_of(hub.one.id, 1, 1, 'x');
  request.fault.clear();
  CHECK(answered("", exchange::write_batch(batch_of(hub.one.id, 1, 1))) == 200);
  CHECK(answered("", exchange::write_batch(other)) == 409);
  CHECK(hub.last_note() == "other events of the same numbers");
}

TEST_CASE("audit: strangers cannot fill it") {
  Hub hub;
  for (int i = 0; i < 1'000; ++i) CHECK(hub.ask("/v1/events", "{}").status == 401);
  CHECK(hub.store->notes(10'000)->size() == 60);
  hub.now = moment(61);
  CHECK(hub.ask("/v1/events", "{}").status == 401);
  CHECK(hub.store->notes(10'000)->size() == 61);
  CHECK(hub.last_note() == "no certificate of this organisation (and 940 more in the minute before)");
  // Who proved who it is is always noted.
  REQUIRE(hub.enrol(hub.one).status == 200);
  for (int i = 0; i < 100; ++i) CHECK(hub.ask("/v1/events", "{}", hub.one.id).status == 400);
  CHECK(hub.store->notes(10'000)->size() == 162);  // enrolled, and each of these
}

TEST_CASE("endpoints: other paths and methods hold nothing, and the authority is for everybody") {
  Hub hub;
  CHECK(hub.ask("/", "").status == 404);
  CHECK(hub.ask("/v1/events/..", "").status == 404);
  Request request;
  request.method = "GET";
  request.path = "/v1/events";
  CHECK(hub.endpoints.answer(request).status == 405);
  request.path = "/v1/authority";
  const Answer told = hub.endpoints.answer(request);
  CHECK(told.status == 200);
  CHECK(*tls::fingerprint_of(json::parse(told.body)["authority"].get<std::string>()) == hub.authority.fingerprint());
}

TEST_CASE("endpoints: without a database they say when to come again, and go on once it is back") {
  tls::Credential authority =
      std::move(*tls::make_fleet_authority("Test", std::chrono::sys_seconds(std::chrono::days(20000))));
  events::TemporaryFolder folder;
  bool there = false;
  Endpoints endpoints(
      authority,
      [&]() -> Result<std::unique_ptr<Store>> {
        if (!there) return fail(Errc::closed, Side::upstream, "the database went away");
        return Store::open(place_in(folder));
      },
      [] { return moment(); });
  Request request;
  request.method = "POST";
  request.path = "/v1/health";
  CHECK(endpoints.answer(request).status == 503);
  CHECK(endpoints.answer(request).retry_after > 0);
  there = true;
  CHECK(endpoints.answer(request).status == 401);
}

}  // namespace
}  // namespace fairlead::agent::hub
