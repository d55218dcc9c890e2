#include "agent/hub/metrics.hpp"

#include <algorithm>

#include <boost/asio/io_context.hpp>

#include "agent/hub/metrics_server.hpp"
#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using namespace std::chrono_literals;

/// The value of a sample, named with its labels; empty: it is not there.
std::string value_of(const std::string& page, const std::string& sample) {
  const std::size_t at = page.find("\nfairlead_hub_" + sample + " ");
  if (at == std::string::npos) return "";
  const std::size_t from = page.find(' ', at) + 1;
  return page.substr(from, page.find('\n', from) - from);
}

Answer of(int status, Tally tally = {}) {
  Answer out;
  out.status = status;
  out.tally = tally;
  return out;
}

TEST_CASE("Metrics: answers are counted by endpoint and class of status, whatever is asked for") {
  Metrics metrics;
  const auto lines = [&] {
    const std::string page = metrics.text();
    return std::count(page.begin(), page.end(), '\n');
  };
  const auto before = lines();
  metrics.answered("/v1/manifest", of(304), 1ms);
  metrics.answered("/v1/bundle/abc", of(200), 1ms);
  metrics.answered("/v1/bundle/def", of(404), 1ms);
  metrics.answered("/v1/events", of(429), 1ms);
  metrics.answered("/v1/events", of(503), 1ms);
  for (const char* odd : {"/", "/v1/events/", "/\"} 1\n", "/v1/bundle"}) metrics.answered(odd, of(404), 1ms);
  const std::string page = metrics.text();
  CHECK(value_of(page, R"(answers_total{endpoint="manifest",status="3xx"})") == "1");
  CHECK(value_of(page, R"(answers_total{endpoint="bundle",status="2xx"})") == "1");
  CHECK(value_of(page, R"(answers_total{endpoint="bundle",status="4xx"})") == "1");
  CHECK(value_of(page, R"(answers_total{endpoint="events",status="4xx"})") == "1");
  CHECK(value_of(page, R"(answers_total{endpoint="events",status="5xx"})") == "1");
  CHECK(value_of(page, R"(answers_total{endpoint="other",status="4xx"})") == "4");
  CHECK(lines() == before);
}

TEST_CASE("Metrics: rows are counted by what became of them, and the time of taking them falls into its bucket") {
  Metrics metrics;
  metrics.answered("/v1/events", of(200, {7, 3, 0}), 5ms);
  metrics.answered("/v1/events", of(409, {0, 0, 4}), 30ms);
  metrics.answered("/v1/events", of(200), 1s);  // only asked what is there
  metrics.answered("/v1/book", of(200, {2, 0, 0}), 1min);
  const std::string page = metrics.text();
  CHECK(value_of(page, R"(batches_total{table="events"})") == "2");
  CHECK(value_of(page, R"(rows_total{table="events",became="taken"})") == "7");
  CHECK(value_of(page, R"(rows_total{table="events",became="doubled"})") == "3");
  CHECK(value_of(page, R"(rows_total{table="events",became="refused"})") == "4");
  CHECK(value_of(page, R"(rows_total{table="book",became="taken"})") == "2");
  CHECK(value_of(page, R"(taking_seconds_bucket{le="0.005"})") == "1");
  CHECK(value_of(page, R"(taking_seconds_bucket{le="0.025"})") == "1");
  CHECK(value_of(page, R"(taking_seconds_bucket{le="0.05"})") == "2");
  CHECK(value_of(page, R"(taking_seconds_bucket{le="10"})") == "2");
  CHECK(value_of(page, R"(taking_seconds_bucket{le="+Inf"})") == "3");
  CHECK(value_of(page, "taking_seconds_count") == "3");
  CHECK(value_of(page, "taking_seconds_sum") == "60.035");
}

TEST_CASE("Metrics: what the store said is not told while it is away") {
  Metrics metrics;
  CHECK(value_of(metrics.text(), "store_up") == "0");
  CHECK(value_of(metrics.text(), R"(laptops{state="known"})").empty());
  metrics.store_is(true);
  metrics.count({5, 3, 1, 2, 9, 50, true});
  CHECK(value_of(metrics.text(), "store_up") == "1");
  CHECK(value_of(metrics.text(), R"(laptops{state="known"})") == "5");
  CHECK(value_of(metrics.text(), R"(laptops{state="heard"})") == "3");
  CHECK(value_of(metrics.text(), R"(laptops{state="revoked"})") == "1");
  CHECK(value_of(metrics.text(), "notices_waiting") == "2");
  CHECK(value_of(metrics.text(), "rollout_version") == "9");
  CHECK(value_of(metrics.text(), "rollout_percent") == "50");
  CHECK(value_of(metrics.text(), "rollout_stopped") == "1");
  metrics.store_is(false);
  CHECK(value_of(metrics.text(), R"(laptops{state="known"})").empty());
  metrics.store_is(true);
  CHECK(value_of(metrics.text(), R"(laptops{state="known"})").empty());
}

TEST_CASE("count_fleet: laptops by what is known of them") {
  const events::TemporaryFolder folder;
  const auto store = std::move(*Store::open(place_in(folder)));
  REQUIRE(store->add_code("CODE", "learners", 3, moment(3600), moment()));
  for (const char* id : {"a", "b", "c"}) REQUIRE(store->redeem("CODE", id, "Laptop", moment()));
  REQUIRE(store->revoke("c", moment()));
  REQUIRE(store->hear(**store->device("b"), {"{}", {}}, moment() + 25h));
  const auto fleet = count_fleet(store->connection(), moment() + 26h);
  REQUIRE(fleet);
  CHECK(fleet->known == 2);
  CHECK(fleet->heard == 1);
  CHECK(fleet->revoked == 1);
  CHECK(fleet->version == 0);
}

TEST_CASE("MetricsServer: it listens on this machine or in its private network alone") {
  boost::asio::io_context context;
  const auto why = [&](const char* endpoint) {
    const auto started = MetricsServer(context, endpoint, [] { return std::string(); }).start();
    return started ? std::string() : started.error().context;
  };
  CHECK(why("127.0.0.1:0").empty());
  for (const char* beyond : {"0.0.0.0:0", "[::]:0", "192.0.2.1:9464", "8.8.8.8:1"})
    CHECK(why(beyond).find("private network alone") != std::string::npos);
  CHECK(why("10.255.255.254:1").find("cannot listen") != std::string::npos);
  CHECK(why("localhost:9464").find("write an address and port") != std::string::npos);
}

}  // namespace
}  // namespace fairlead::agent::hub
