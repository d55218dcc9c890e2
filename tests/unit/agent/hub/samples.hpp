#pragma once
// What the tests of the hub share: a store, batches, and a device with a key.

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include "agent/events/digest.hpp"
#include "agent/hub/desk.hpp"
#include "agent/hub/store.hpp"
#include "agent/tls/request.hpp"
#include "tests/unit/agent/events/samples.hpp"

namespace fairlead::agent::hub {

using events::moment;

/// A store that belongs to the folder: a file in it; or, where FAIRLEAD_TEST_STORE says postgresql://…, a schema of
/// that database with the folder's name.
inline std::string place_in(const events::TemporaryFolder& folder) {
  const char* postgres = std::getenv("FAIRLEAD_TEST_STORE");
  if (postgres == nullptr) return "sqlite:" + (folder.path() / "hub.db").string();
  const std::string schema = folder.path().filename().string();
  const auto server = connect(postgres);
  REQUIRE_MESSAGE(server, postgres);
  REQUIRE((*server)->execute("CREATE SCHEMA IF NOT EXISTS \"" + schema + '"'));
  return std::string(postgres) + "?options=-csearch_path%3D" + schema;
}

/// Of a statement that a test makes up: PostgreSQL gives sums as text.
inline std::int64_t number_from(Connection& connection, std::string_view sql) {
  const Value value = connection.run(sql, {})->front()[0];
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::get<std::int64_t>(value) : std::stoll(*text);
}

inline exchange::Batch batch_of(const std::string& device, std::uint64_t from, std::uint64_t to, char mark = 'd') {
  exchange::Batch out{{device, 1, 1, {}}, {}};
  for (std::uint64_t sequence = from; sequence <= to; ++sequence) {
    events::Stored row;
    row.epoch = 1;
    row.sequence = sequence;
    row.event = events::sample(static_cast<int>(sequence));
    row.digest = std::string(30, mark) + static_cast<char>(sequence >> 8) + static_cast<char>(sequence);
    out.rows.push_back(std::move(row));
  }
  return out;
}

/// A store, and the desks of the whole organisation, of each of two sites and of both.
struct Desks {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  Desk whole{place_in(folder)};
  Desk leeds{place_in(folder), Scope({"Leeds"})};
  Desk york{place_in(folder), Scope({"York"})};
  Desk both{place_in(folder), Scope({"Leeds", "York"})};
};

struct Laptop {
  explicit Laptop(char seed)
      : key(std::move(*events::DeviceKey::from_seed(std::string(32, seed)))),
        id(key.id()),
        request(*tls::make_request(*key.private_key_pem())) {}
  events::DeviceKey key;
  std::string id, request;
};

}  // namespace fairlead::agent::hub
