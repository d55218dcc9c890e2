#pragma once
// Texts that many rows share stand once in a table of their own; this finds the number of such a text, or gives it one.
// The chain is hashed over the texts, never over these numbers. Belongs to the writer thread.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agent/events/database.hpp"
#include "agent/events/digest.hpp"
#include "agent/events/event.hpp"

namespace fairlead::agent::events {

class Lookup {
 public:
  /// Both must outlive it.
  [[nodiscard]] static Result<Lookup> open(const Database& database, const DeviceKey& key);

  [[nodiscard]] Result<std::uint64_t> class_of(const Event& event);
  [[nodiscard]] Result<std::uint64_t> origin_of(const Event& event);
  [[nodiscard]] Result<std::uint64_t> person(std::string_view name);
  [[nodiscard]] Result<std::uint64_t> host(std::string_view name);

  /// After a transaction that was rolled back, or an erasure: what was remembered may not be there any more.
  void forget();

 private:
  struct Table {
    std::string_view name;
    Statement find, insert;
    std::unordered_map<std::string, std::uint64_t> remembered;  // by the texts, bounded
  };
  struct Tables {
    Table classes, origins, people, hosts;
  };
  Lookup(const DeviceKey& key, std::unique_ptr<Tables> tables) : key_(&key), tables_(std::move(tables)) {}
  [[nodiscard]] Result<std::uint64_t> find_or_add(Table& table, std::initializer_list<std::string_view> texts);

  const DeviceKey* key_;  // the device's, which outlives this
  Hasher hasher_;
  std::unique_ptr<Tables> tables_;
};

}  // namespace fairlead::agent::events
