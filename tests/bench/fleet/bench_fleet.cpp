// How many events a hub takes, and how many a database takes from libpq alone:
//   bench_fleet hub URL CODE FINGERPRINT SENDERS BATCHES PEOPLE   each sender is a device of its own, which so many
//   people use; prints events a second
//   bench_fleet libpq URI SENDERS BATCHES                  the same rows, one INSERT each, a transaction a batch; into
//   a table of its own
//   bench_fleet poll URL CODE FINGERPRINT A_SECOND SECONDS   laptops that ask for the manifest, each over a connection
//   of its own, at random moments, so many a second; prints how many asked, and the median, 99th percentile and longest
//   wait in ms
//   bench_fleet fill PLACE EVENTS DAYS LAPTOPS THREADS   a store with so many events, as laptops handed them in day by
//   day until today; without a hub in between
// A batch has 200 events. They are made before the clock runs; compressing and TLS are the senders' and count.

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "agent/events/digest.hpp"
#include "agent/events/event.hpp"
#include "agent/exchange/batch.hpp"
#include "agent/fleet/hub_client.hpp"
#include "agent/hub/store.hpp"
#include "agent/platform/platform.hpp"
#include "tests/system/fleet/made_event.hpp"
#include "tests/system/fleet/must.hpp"

namespace {

namespace events = fairlead::agent::events;
namespace exchange = fairlead::agent::exchange;
namespace fleet = fairlead::agent::fleet;
namespace hub = fairlead::agent::hub;
using fairlead::tests::event_of;
using fairlead::tests::give_up;
using fairlead::tests::must;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kRows = 200;
constexpr int kPeople = 4;

events::Stored row_of(std::uint64_t sequence, int people) {
  events::Stored out;
  out.epoch = 1;
  out.sequence = sequence;
  out.digest = std::string(24, 'd') + std::to_string(10'000'000 + sequence);
  out.event = event_of(static_cast<int>(sequence), fairlead::agent::platform::wall_clock(), people);
  return out;
}

exchange::Batch batch_of(const std::string& device, std::uint64_t number, int people) {
  exchange::Batch out{{device, 1, 1, {}}, {}};
  for (std::uint64_t i = 1; i <= kRows; ++i) out.rows.push_back(row_of(number * kRows + i, people));
  return out;
}

/// Makes everything of each sender first, then lets all run at once. Prints events a second.
void race(int senders, int batches, const std::function<std::function<void(int)>(int)>& make) {
  std::vector<std::function<void(int)>> ready;
  for (int i = 0; i < senders; ++i) ready.push_back(make(i));
  std::vector<std::jthread> threads;
  const auto begin = Clock::now();
  for (auto& send : ready) {
    threads.emplace_back([&send, batches] {
      for (int n = 0; n < batches; ++n) send(n);
    });
  }
  threads.clear();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::printf("%.0f\n", static_cast<double>(kRows) * senders * batches / seconds);
}

std::function<void(int)> sender_to_hub(const std::string& url, const std::string& code, const std::string& authority,
                                       int batches, int people) {
  std::string seed(32, '\0');
  events::fill_random(seed);
  const auto key = must(events::DeviceKey::from_seed(seed));
  const std::string pem = must(key.private_key_pem());
  const auto membership = must(fleet::enrol({url, authority, ""}, pem, code, "bench", {}));
  auto bodies = std::make_shared<std::vector<std::string>>();
  for (int n = 0; n < batches; ++n)
    bodies->push_back(exchange::write_batch(batch_of(std::string(key.id()), static_cast<std::uint64_t>(n), people)));
  auto hub = std::make_shared<fleet::HubClient>(membership, pem);
  return [hub, bodies](int n) {
    const auto answer = must(hub->post("/v1/events", bodies->at(static_cast<std::size_t>(n)), {}));
    const auto receipt = must(exchange::read_receipt(answer.body));
    if (answer.status != 200 || receipt.high != static_cast<std::uint64_t>(n + 1) * kRows) give_up(answer.body);
  };
}

/// The texts of a row, in the order of the columns of bench_events.
std::vector<std::string> texts_of(const events::Stored& row, int sender) {
  const events::Event& event = row.event;
  return {std::to_string(sender),
          std::to_string(row.sequence),
          std::to_string(event.time.time_since_epoch().count()),
          events::hex(row.digest),
          event.id,
          event.found,
          event.group,
          event.method,
          event.navigation_sign,
          event.category,
          event.risk,
          event.severity,
          event.review,
          event.rule,
          event.source,
          event.level,
          event.ruleset_id,
          event.policy_version,
          event.person,
          event.url,
          event.host,
          event.words,
          event.span,
          event.losers};
}

std::function<void(int)> sender_to_database(const std::string& uri, int sender, int batches) {
  auto rows = std::make_shared<std::vector<std::vector<std::string>>>();
  for (int n = 0; n < batches; ++n)
    for (const events::Stored& row : batch_of("", static_cast<std::uint64_t>(n), kPeople).rows)
      rows->push_back(texts_of(row, sender));
  const std::shared_ptr<PGconn> connection(PQconnectdb(uri.c_str()), &PQfinish);
  const auto run = [connection](PGresult* result) {
    const auto status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) give_up(PQerrorMessage(connection.get()));
  };
  std::string insert = "INSERT INTO bench_events VALUES (";
  for (std::size_t i = 1; i <= rows->front().size(); ++i) insert += (i == 1 ? "$" : ",$") + std::to_string(i);
  run(PQprepare(connection.get(), "insert", (insert + ")").c_str(), 0, nullptr));
  return [connection, rows, run](int n) {
    run(PQexec(connection.get(), "BEGIN"));
    for (std::size_t i = 0; i < kRows; ++i) {
      std::vector<const char*> values;
      for (const std::string& text : rows->at(static_cast<std::size_t>(n) * kRows + i)) values.push_back(text.c_str());
      run(PQexecPrepared(connection.get(), "insert", static_cast<int>(values.size()), values.data(), nullptr, nullptr,
                         0));
    }
    run(PQexec(connection.get(), "COMMIT"));
  };
}

/// Asks come at random moments, as from laptops that know nothing of each other, and wait for no other to end.
void poll(const std::string& url, const std::string& code, const std::string& authority, double a_second, int seconds) {
  constexpr int kDevices = 20, kThreads = 32;
  std::vector<std::pair<fleet::Membership, std::string>> devices;
  for (int i = 0; i < kDevices; ++i) {
    std::string seed(32, '\0');
    events::fill_random(seed);
    const std::string pem = must(must(events::DeviceKey::from_seed(seed)).private_key_pem());
    devices.emplace_back(must(fleet::enrol({url, authority, ""}, pem, code, "bench", {})), pem);
  }
  std::vector<std::vector<double>> waits(kThreads);
  std::vector<std::jthread> threads;
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      std::mt19937_64 random(i);
      std::mutex mutex;
      std::condition_variable never;  // nobody tells it: it is waited for until it is time, which a semaphore does late
      std::unique_lock lock(mutex);
      std::exponential_distribution<double> next(a_second / kThreads);
      for (double at = next(random); at < seconds; at += next(random)) {
        const auto due = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(at));
        never.wait_until(lock, due, [] { return false; });
        const auto& [membership, key] = devices[random() % kDevices];
        const auto answer =
            must(fleet::HubClient(membership, key).get("/v1/manifest", random() % 20 == 0 ? "" : "\"1\"", {}));
        if (answer.status != 200 && answer.status != 304) give_up(answer.body);
        waits[i].push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
      }
    });
  }
  threads.clear();
  std::vector<double> all;
  for (const auto& one : waits) all.insert(all.end(), one.begin(), one.end());
  std::sort(all.begin(), all.end());
  std::printf("%zu %.2f %.2f %.2f\n", all.size(), all[all.size() / 2], all[all.size() * 99 / 100], all.back());
}

/// One learner a laptop; severities and categories as unevenly as they come.
events::Stored row_of_year(int laptop, std::uint64_t sequence, events::TimePoint time) {
  events::Stored out = row_of(sequence, kPeople);
  events::Event& event = out.event;
  event.time = time;
  event.person = "learner" + std::to_string(laptop);
  constexpr std::array kSeverities = {"low", "low", "low", "low", "low", "low", "medium", "medium", "high", "critical"};
  const std::uint64_t mixed = sequence * 2'654'435'761U + static_cast<std::uint64_t>(laptop) * 40'503U;
  event.severity = kSeverities.at(mixed / 7 % kSeverities.size());
  event.category = "category" + std::to_string(mixed / 100 % 30);
  event.host = "site" + std::to_string(mixed / 1'000 % 5'000) + ".example";
  event.url = "https://" + event.host + "/some/path/" + std::to_string(sequence);
  event.navigation = mixed % 3 == 0 ? events::Navigation::yes : events::Navigation::no;
  return out;
}

void fill(const std::string& place, std::uint64_t total, int days, int laptops, int threads) {
  const auto now = fairlead::agent::platform::wall_clock();
  {
    auto store = must(hub::Store::open(place));
    if (!store->add_code("fill", "learners", static_cast<std::uint64_t>(laptops), now + std::chrono::days(1), now))
      give_up("no code");
    for (int i = 0; i < laptops; ++i)
      must(store->redeem("fill", "bench-" + std::to_string(i), "Laptop " + std::to_string(i), now));
  }
  const std::uint64_t a_day = total / static_cast<std::uint64_t>(days) / static_cast<std::uint64_t>(laptops);
  std::vector<std::jthread> all;
  for (int thread = 0; thread < threads; ++thread) {
    all.emplace_back([=] {
      auto store = must(hub::Store::open(place));
      for (int day = days - 1; day >= 0; --day) {
        const auto today = now - std::chrono::days(day);
        for (int laptop = thread; laptop < laptops; laptop += threads) {
          const auto device = must(store->device("bench-" + std::to_string(laptop)));
          exchange::Batch batch{{device->id, 1, 1, {}}, {}};
          const std::uint64_t first = static_cast<std::uint64_t>(days - 1 - day) * a_day;
          for (std::uint64_t i = 1; i <= a_day; ++i)
            batch.rows.push_back(row_of_year(laptop, first + i, today - std::chrono::minutes(2 * (a_day - i))));
          while (true) {
            const auto taken = store->take(batch, *device, today);
            if (taken) break;
            if (taken.error().code != fairlead::Errc::timed_out) give_up(taken.error().context);
          }
        }
      }
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (given.size() == 7 && given[0] == "hub") {
    const std::string authority = must(fleet::fetch_authority(given[1], given[3], {}));
    const int batches = std::stoi(given[5]), people = std::stoi(given[6]);
    race(std::stoi(given[4]), batches,
         [&](int) { return sender_to_hub(given[1], given[2], authority, batches, people); });
    return 0;
  }
  if (given.size() == 6 && given[0] == "poll") {
    poll(given[1], given[2], must(fleet::fetch_authority(given[1], given[3], {})), std::stod(given[4]),
         std::stoi(given[5]));
    return 0;
  }
  if (given.size() == 4 && given[0] == "libpq") {
    const int batches = std::stoi(given[3]);
    race(std::stoi(given[2]), batches, [&](int i) { return sender_to_database(given[1], i, batches); });
    return 0;
  }
  if (given.size() == 6 && given[0] == "fill") {
    fill(given[1], std::stoull(given[2]), std::stoi(given[3]), std::stoi(given[4]), std::stoi(given[5]));
    return 0;
  }
  std::cerr << "bench_fleet: see the top of its source\n";
  return 2;
}
