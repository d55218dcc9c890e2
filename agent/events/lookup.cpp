#include "agent/events/lookup.hpp"

#include "agent/events/sql.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::size_t kMostRemembered = 4'096;

std::uint64_t number_from(const Digest& digest) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof(out); ++i)
    out |= static_cast<std::uint64_t>(static_cast<unsigned char>(digest.bytes.at(i))) << (8 * i);
  return out;
}

}  // namespace

Result<Lookup> Lookup::open(const Database& database, const DeviceKey& key) {
  const auto table = [&](std::string_view name, std::string_view find, std::string_view insert) -> Result<Table> {
    auto finding = database.prepare(find);
    if (!finding) return tl::unexpected(std::move(finding).error());
    auto inserting = database.prepare(insert);
    if (!inserting) return tl::unexpected(std::move(inserting).error());
    return Table{name, std::move(*finding), std::move(*inserting), {}};
  };
  auto classes = table("classes", sql::kFindClass, sql::kInsertClass);
  if (!classes) return tl::unexpected(std::move(classes).error());
  auto origins = table("origins", sql::kFindOrigin, sql::kInsertOrigin);
  if (!origins) return tl::unexpected(std::move(origins).error());
  auto people = table("people", sql::kFindPerson, sql::kInsertPerson);
  if (!people) return tl::unexpected(std::move(people).error());
  auto hosts = table("hosts", sql::kFindHost, sql::kInsertHost);
  if (!hosts) return tl::unexpected(std::move(hosts).error());
  return Lookup(key, std::make_unique<Tables>(
                         Tables{std::move(*classes), std::move(*origins), std::move(*people), std::move(*hosts)}));
}

Result<std::uint64_t> Lookup::find_or_add(Table& table, std::initializer_list<std::string_view> texts) {
  std::string all;
  for (const std::string_view text : texts) all.append(std::to_string(text.size())).append(":").append(text);
  if (const auto known = table.remembered.find(all); known != table.remembered.end()) return known->second;
  hasher_.add("fairlead key 1").add(table.name);
  for (const std::string_view text : texts) hasher_.add(text);
  const std::uint64_t key = number_from(key_->proof(hasher_.finish()));
  std::uint64_t number = 0;
  for (Statement* statement : {&table.find, &table.insert}) {
    statement->integer(key);
    for (const std::string_view text : texts) statement->text(text);
    const auto found = statement->step();
    if (found && *found) number = statement->integer_at(0);
    statement->reset();
    if (!found) return tl::unexpected(found.error());
    if (*found) break;
  }
  if (table.remembered.size() >= kMostRemembered) table.remembered.clear();
  table.remembered.emplace(std::move(all), number);
  return number;
}

Result<std::uint64_t> Lookup::class_of(const Event& event) {
  return find_or_add(tables_->classes,
                     {to_string(event.kind), event.found, event.group, event.method, to_string(event.navigation),
                      event.navigation_sign, event.category, event.risk, event.severity, event.review, event.level,
                      event.ruleset_id, event.policy_version});
}

Result<std::uint64_t> Lookup::origin_of(const Event& event) {
  return find_or_add(tables_->origins, {event.rule, event.source});
}

Result<std::uint64_t> Lookup::person(std::string_view name) {
  if (name.empty()) return 0;
  return find_or_add(tables_->people, {name});
}

Result<std::uint64_t> Lookup::host(std::string_view name) {
  if (name.empty()) return 0;
  return find_or_add(tables_->hosts, {name});
}

void Lookup::forget() {
  for (Table* table : {&tables_->classes, &tables_->origins, &tables_->people, &tables_->hosts})
    table->remembered.clear();
}

}  // namespace fairlead::agent::events
