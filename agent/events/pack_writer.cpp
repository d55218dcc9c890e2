#include "agent/events/pack_writer.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "agent/events/export.hpp"
#include "agent/events/incidents_reader.hpp"
#include "agent/events/pack_parts.hpp"
#include "agent/events/reader.hpp"
#include "agent/events/sql.hpp"
#include "agent/events/verify.hpp"

namespace fairlead::agent::events {
namespace {

/// The text with U+FFFD for what is no UTF-8.
std::string readable(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

Json incident_json(const Incident& incident) {
  return {{"number", incident.number},
          {"person", readable(incident.person)},
          {"group", readable(incident.group)},
          {"category", incident.category},
          {"path", incident.categories},
          {"risk", incident.risk},
          {"severity", incident.severity},
          {"severity_by", to_string(incident.weighed)},
          {"pattern", to_string(incident.pattern)},
          {"state", to_string(incident.state)},
          {"first", utc_text(incident.first)},
          {"last", utc_text(incident.last)},
          {"events", incident.count},
          {"visits", incident.navigations},
          {"days", incident.days},
          {"erased", incident.erased}};
}

tl::unexpected<Error> too_long() {
  return fail(Errc::too_large, Side::client, "too much was said about these events for one pack: choose fewer");
}

class PackWriter {
 public:
  PackWriter(const Database& database, const Device& device) : database_(database), device_(device) {}
  Result<std::string> write(const PackRequest& request);

 private:
  Result<void> choose(const PackRequest& request);
  Result<void> add_rows(const PackTable& table, std::string_view sql, std::string_view sql_of_digest,
                        const std::vector<std::uint64_t>& keys);
  Result<void> add_head();
  Json row_json(const PackTable& table, const Statement& row, std::string_view before) const;
  Result<std::string> digest_before(const PackTable& table, Statement& digest, std::uint64_t sequence);

  const Database& database_;
  const Device& device_;
  Json evidence_, told_;  // told_: the incidents
  std::vector<std::uint64_t> events_, incidents_;
  std::size_t packed_ = 0, bytes_ = 0;
};

/// Which events, and the incidents that they are about.
Result<void> PackWriter::choose(const PackRequest& request) {
  std::set<std::uint64_t> events;
  told_ = Json::array();
  for (const std::uint64_t number : request.incidents) {
    if (std::find(incidents_.begin(), incidents_.end(), number) != incidents_.end()) continue;
    const auto incident = read_incident(database_, device_.key().id(), number);
    if (!incident) return tl::unexpected(incident.error());
    told_.push_back(incident_json(*incident));
    incidents_.push_back(number);
    auto rows = database_.prepare(sql::kSequencesOfIncident);
    if (!rows) return tl::unexpected(std::move(rows).error());
    rows->integer(number).integer(kMostPacked + 1);
    const auto sequences = read_numbers(*rows);
    if (!sequences) return tl::unexpected(sequences.error());
    events.insert(sequences->begin(), sequences->end());
    if (events.size() > kMostPacked) break;
  }
  for (const std::string& id : request.events) {
    const auto stored = read_event(database_, device_.key().id(), id);
    if (!stored) return tl::unexpected(stored.error());
    events.insert(stored->sequence);
  }
  if (events.empty()) return fail(Errc::not_found, Side::client, "nothing was chosen for this pack");
  if (events.size() > kMostPacked)
    return fail(Errc::too_large, Side::client,
                "a pack holds up to " + std::to_string(kMostPacked) + " events: choose a part of them");
  events_.assign(events.begin(), events.end());
  return {};
}

Json PackWriter::row_json(const PackTable& table, const Statement& row, std::string_view before) const {
  const Shape& shape = *table.shape;
  Json out;
  int column = 0;
  for (const std::string_view name : table.fields) {
    Json& field = out[std::string(name)];
    if (column < shape.numbers) {
      field = row.integer_at(column);
    } else if (!row.null_at(column)) {
      // Bytes that are no UTF-8 could not be told apart in JSON: they stand as they are, in hex.
      const std::string text(row.bytes_at(column));
      if (readable(text) == text) {
        field = text;
      } else {
        field = Json{{"hex", hex(text)}};
      }
    }
    ++column;
  }
  if (shape.name == kEventShape.name) {
    out["incident"] = row.integer_at(shape.erased() + 1);
    out["marks"] = row.integer_at(shape.erased() + 2);
  }
  out["erased"] = !row.null_at(shape.erased());
  out["salt"] = hex(row.bytes_at(shape.salt()));
  out["commitment"] = hex(row.bytes_at(shape.commitment()));
  out["before"] = hex(before);
  out["digest"] = hex(row.bytes_at(shape.digest()));
  return out;
}

Result<std::string> PackWriter::digest_before(const PackTable& table, Statement& digest, std::uint64_t sequence) {
  if (sequence == 1) {
    Hasher hasher;
    return std::string(first_link(hasher, *table.shape, device_.key().public_key()).digest.view());
  }
  const auto found = digest.integer(sequence - 1).step();
  if (!found) return tl::unexpected(found.error());
  std::string out(digest.bytes_at(0));
  digest.reset();
  return out;
}

/// sql      gives rows of the table by one number.
/// sql_of_digest  gives the digest of a row of the table by its sequence.
Result<void> PackWriter::add_rows(const PackTable& table, std::string_view sql, std::string_view sql_of_digest,
                                  const std::vector<std::uint64_t>& keys) {
  auto rows = database_.prepare(sql);
  if (!rows) return tl::unexpected(std::move(rows).error());
  auto digest = database_.prepare(sql_of_digest);
  if (!digest) return tl::unexpected(std::move(digest).error());
  std::map<std::uint64_t, Json> in_order;  // neighbours side by side, whatever the order of the keys
  for (const std::uint64_t key : keys) {
    rows->integer(key);
    for (;;) {
      const auto found = rows->step();
      if (!found) return tl::unexpected(found.error());
      if (!*found) break;
      for (int column = 0; column < table.shape->salt(); ++column) bytes_ += rows->bytes_at(column).size();
      if (++packed_ > 2 * kMostPacked || bytes_ > kLargestPack) return too_long();
      const auto before = digest_before(table, *digest, rows->integer_at(0));
      if (!before) return tl::unexpected(before.error());
      in_order.emplace(rows->integer_at(0), row_json(table, *rows, *before));
    }
    rows->reset();
  }
  Json& into = evidence_[std::string(table.name)] = Json::array();
  for (auto& [_, row] : in_order) into.push_back(std::move(row));
  return {};
}

Result<void> PackWriter::add_head() {
  auto row = database_.prepare(sql::kReadHead);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  evidence_["head"] = {{"epoch", row->integer_at(0)},
                       {"events", {{"sequence", row->integer_at(1)}, {"digest", hex(row->bytes_at(2))}}},
                       {"reports", {{"sequence", row->integer_at(3)}, {"digest", hex(row->bytes_at(4))}}},
                       {"entries", {{"sequence", row->integer_at(5)}, {"digest", hex(row->bytes_at(6))}}},
                       {"counters", row->integer_at(7)},
                       {"signature", hex(row->bytes_at(8))}};
  return {};
}

Result<std::string> PackWriter::write(const PackRequest& request) {
  const Snapshot snapshot(database_);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  // First, because a store of a year takes a while to verify.
  if (auto chosen = choose(request); !chosen) return tl::unexpected(std::move(chosen).error());
  const auto verified = verify_store(database_, device_);
  if (!verified) return tl::unexpected(verified.error());
  if (!verified->first_bad.empty())
    return fail(Errc::broken_store, Side::local, "the store is not as it was written: " + verified->first_bad);
  evidence_["format"] = kPackFormat;
  evidence_["made"] = request.made.time_since_epoch().count();
  evidence_["made_by"] = readable(request.made_by);
  evidence_["device"] = device_.key().id();
  evidence_["public_key"] = hex(device_.key().public_key());
  evidence_["store"] = {{"events", verified->rows},
                        {"reports", verified->reports},
                        {"entries", verified->entries},
                        {"notes", verified->notes}};
  evidence_["incidents"] = std::move(told_);
  const auto tables = pack_tables();
  if (auto added = add_rows(tables[0], sql::kEventBySequence, sql::kEventDigestAt, events_); !added)
    return tl::unexpected(added.error());
  if (auto added = add_rows(tables[1], sql::kReportsOfEvent, sql::kReportDigestAt, events_); !added)
    return tl::unexpected(added.error());
  if (auto added = add_rows(tables[2], sql::kDoneAboutIncident, sql::kEntryDigestAt, incidents_); !added)
    return tl::unexpected(added.error());
  if (auto added = add_head(); !added) return tl::unexpected(added.error());
  const PackPage page = pack_page(evidence_);
  const Fields fields = fields_of(evidence_);
  const std::vector<std::string> lines = lines_of(page.before, page.after);
  auto signature = device_.key().sign(pack_message(fields, lines));
  if (!signature) return tl::unexpected(std::move(signature).error());
  Json pack;
  pack["evidence"] = std::move(evidence_);
  pack["proof"]["fields"] = fields;
  pack["proof"]["lines"] = lines;
  pack["proof"]["signature"] = hex(*signature);
  std::string out = page.before;
  out.append(kPackBegin).append(pack_text(pack)).append(kPackEnd).append(page.after);
  if (out.size() > kLargestPack) return too_long();
  return out;
}

}  // namespace

Result<std::string> write_pack(const Database& database, const Device& device, const PackRequest& request) {
  return PackWriter(database, device).write(request);
}

}  // namespace fairlead::agent::events
