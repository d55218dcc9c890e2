// The writer's transactions that add rows.

#include <algorithm>
#include <array>
#include <vector>

#include "agent/events/entry_check.hpp"
#include "agent/events/sql.hpp"
#include "agent/events/time_column.hpp"
#include "agent/events/writer.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::uint64_t kReportsAnEvent = 20;

// Most of an address is its host, and most of what matched is the rule: these stand elsewhere already (kEventColumns).
constexpr char kHttps = '\x02', kHttp = '\x03', kAsRule = '\x02';

std::string short_url(const Event& event) {
  for (const auto& [scheme, sign] : {std::pair(std::string_view("https://"), kHttps), {"http://", kHttp}}) {
    const std::string_view url = event.url;
    if (!event.host.empty() && url.starts_with(scheme) && url.substr(scheme.size()).starts_with(event.host))
      return sign + std::string(url.substr(scheme.size() + event.host.size()));
  }
  return event.url;
}

std::string short_span(const Event& event) {
  return !event.span.empty() && event.span == event.rule ? std::string(1, kAsRule) : event.span;
}

/// No text that was stored may be taken for a sign.
bool is_sign(std::string_view text) { return !text.empty() && (text.front() == kHttps || text.front() == kHttp); }

}  // namespace

Writer::Chained Writer::chain(const Shape& shape, Link& link, const Row& row) {
  Chained out;
  out.salt.resize(kSaltSize);
  fill_random(out.salt);
  out.commitment = commitment(hasher_, shape, out.salt, row.personal);
  out.digest = row_digest(hasher_, shape, link, row, out.commitment.view());
  out.seal = device_->key().proof(seal_message(hasher_, shape, out.digest.view()));
  link = {row.numbers.front(), out.digest};
  return out;
}

Result<Writer::Numbers> Writer::numbers_of(const Event& event) {
  Numbers numbers;
  const auto of_class = lookup_->class_of(event);
  if (!of_class) return tl::unexpected(of_class.error());
  numbers.of_class = *of_class;
  const auto origin = lookup_->origin_of(event);
  if (!origin) return tl::unexpected(origin.error());
  numbers.origin = *origin;
  const auto person = lookup_->person(event.person);
  if (!person) return tl::unexpected(person.error());
  numbers.person = *person;
  const auto host = lookup_->host(event.host);
  if (!host) return tl::unexpected(host.error());
  numbers.host = *host;
  return numbers;
}

/// Moves the clock, counts the event, and finds its incident.
Result<Place> Writer::place(const Event& event, const Numbers& numbers, std::uint64_t sequence, bool erased,
                            Sums& sums) {
  moved_.move(event.time, sequence == 1);
  Sum& sum = sums[{day_of(event.time), event.category, event.group, std::string(to_string(event.kind))}];
  if (sum.events++ == 0) sum.first = sequence;
  sum.last = sequence;
  if (event.navigation == Navigation::yes) ++sum.navigations;
  if (erased || !makes_incident(event.kind)) return Place{};
  return incidents_->place({sequence, event.time, moved_.lived, event.navigation, event.group, event.category,
                            event.risk, event.severity, event.review, numbers.person, numbers.host, erased});
}

Result<void> Writer::add_event(Event event, Head& head, Sums& sums) {
  if (is_sign(event.url)) event.url.clear();
  if (is_sign(event.span)) event.span.clear();
  const std::string url = short_url(event);
  const std::string span = short_span(event);
  const std::uint64_t sequence = head.events.sequence + 1;
  const auto numbers = numbers_of(event);
  if (!numbers) return tl::unexpected(numbers.error());
  const auto placed = place(event, *numbers, sequence, false, sums);
  if (!placed) return tl::unexpected(placed.error());
  Chained chained = chain(kEventShape, head.events, row_of(event, sequence, head.epoch));
  chained.seal =
      device_->key().proof(event_seal_message(hasher_, chained.digest.view(), placed->incident, placed->marks()));
  return statements_->insert_event.integer(sequence)
      .integer(head.epoch)
      .integer(column_from(event.time))
      .text(event.id)
      .integer(numbers->of_class)
      .integer(numbers->origin)
      .integer(placed->incident)
      .integer(placed->marks())
      .integer(numbers->person)
      .integer(numbers->host)
      .text(url)
      .text(event.words)
      .text(span)
      .text(event.losers)
      .bytes(chained.salt)
      .bytes(chained.commitment.view())
      .bytes(chained.digest.view())
      .bytes(chained.seal.view())
      .null()
      .run();
}

Result<void> Writer::write_sums(const Sums& sums) {
  for (const auto& [key, sum] : sums) {
    const auto& [day, category, group, kind] = key;
    auto added = statements_->add_totals.integer(static_cast<std::uint64_t>(day))
                     .text(category)
                     .text(group)
                     .text(kind)
                     .integer(sum.events)
                     .integer(sum.navigations)
                     .integer(sum.first)
                     .integer(sum.last)
                     .run();
    if (!added) return added;
  }
  return statements_->write_clock.integer(column_from(moved_.time))
      .integer(static_cast<std::uint64_t>(moved_.lived.count()))
      .run();
}

Result<void> Writer::append(std::span<const Event* const> events, const Counters& counters) {
  return in_transaction([&](Head& head) -> Result<void> {
    Sums sums;
    for (const Event* event : events) {
      if (auto added = add_event(*event, head, sums); !added) return added;
    }
    if (!events.empty()) {
      if (auto written = write_sums(sums); !written) return written;
    }
    return add_counters(counters, head);
  });
}

Result<void> Writer::append(const Report& report) {
  return in_transaction([&](Head& head) { return add_report(report, head); });
}

Result<void> Writer::add_report(const Report& report, Head& head) {
  std::uint64_t event = 0;
  std::uint64_t incident = 0;
  {
    auto own = database_.prepare(sql::kOwnEvent);
    if (!own) return tl::unexpected(std::move(own).error());
    const auto found = own->text(report.event_id).text(report.person).step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return fail(Errc::not_found, Side::client, "there is no such event of this person");
    event = own->integer_at(0);
    incident = own->integer_at(1);
  }
  {
    auto count = database_.prepare(sql::kCountReports);
    if (!count) return tl::unexpected(std::move(count).error());
    const auto counted = count->integer(event).step();
    if (!counted) return tl::unexpected(counted.error());
    if (count->integer_at(0) >= kReportsAnEvent)
      return fail(Errc::refused, Side::client, "this event has as many reports as it can hold");
  }
  const std::uint64_t sequence = head.reports.sequence + 1;
  const Chained chained = chain(kReportShape, head.reports, row_of(report, sequence, head.epoch, event));
  auto inserted = statements_->insert_report.integer(sequence)
                      .integer(head.epoch)
                      .integer(event)
                      .integer(column_from(report.time))
                      .text(to_string(report.kind))
                      .text(report.person)
                      .text(report.words)
                      .bytes(chained.salt)
                      .bytes(chained.commitment.view())
                      .bytes(chained.digest.view())
                      .bytes(chained.seal.view())
                      .run();
  if (!inserted || incident == 0) return inserted;
  auto tell = database_.prepare(sql::kReportIncident);
  if (!tell) return tl::unexpected(std::move(tell).error());
  return tell->integer(column_from(report.time)).integer(incident).run();
}

Result<std::uint64_t> Writer::append(const Entry& entry) {
  auto added = in_transaction([&](Head& head) { return add_entry(entry, head); });
  if (!added) return tl::unexpected(std::move(added).error());
  return head_.entries.sequence;
}

Result<void> Writer::add_entry(const Entry& entry, Head& head) {
  const auto state = reviewed_state(entry);
  if (!state) return tl::unexpected(state.error());
  if (entry.incident != 0) {
    auto touch = database_.prepare(sql::kReviewIncident);
    if (!touch) return tl::unexpected(std::move(touch).error());
    auto touched = touch->text(*state)
                       .integer(changes_incident(entry.kind) ? column_from(entry.time) : 0)
                       .integer(entry.incident)
                       .run();
    if (!touched) return touched;
    if (database_.changes() == 0) return fail(Errc::not_found, Side::client, "there is no such incident");
  }
  const auto actor = lookup_->person(entry.actor);
  if (!actor) return tl::unexpected(actor.error());
  const auto person = lookup_->person(entry.person);
  if (!person) return tl::unexpected(person.error());
  const std::uint64_t sequence = head.entries.sequence + 1;
  const Row row = row_of(entry, sequence, head.epoch, *state);
  const Chained chained = chain(kEntryShape, head.entries, row);
  Statement& insert = statements_->insert_entry;
  for (const std::uint64_t number : row.numbers) insert.integer(number);
  for (const std::string_view text : row.texts) insert.text(text);
  return insert.integer(*actor)
      .integer(*person)
      .text(entry.body)
      .bytes(chained.salt)
      .bytes(chained.commitment.view())
      .bytes(chained.digest.view())
      .bytes(chained.seal.view())
      .run();
}

Result<bool> Writer::has(const Event& event) {
  auto row = database_.prepare(sql::kHasEvent);
  if (!row) return tl::unexpected(std::move(row).error());
  return row->text(event.id).integer(column_from(event.time)).step();
}

Result<void> Writer::add_counters(const Counters& counters, Head& head) {
  if (counters.empty()) return {};
  auto read = database_.prepare(sql::kReadCounter);
  if (!read) return tl::unexpected(std::move(read).error());
  auto write = database_.prepare(sql::kWriteCounter);
  if (!write) return tl::unexpected(std::move(write).error());
  for (const auto& [key, more] : counters) {
    const auto day = static_cast<std::uint64_t>(std::get<0>(key));
    const auto& [_, category, group] = key;
    const auto found = read->integer(day).text(category).text(group).step();
    if (!found) return tl::unexpected(found.error());
    const std::uint64_t count = (*found ? read->integer_at(0) : 0) + more;
    if (!*found) ++head.counters;
    read->reset();
    const Digest proof = device_->key().proof(counter_message(hasher_, day, category, group, count));
    auto written = write->integer(day).text(category).text(group).integer(count).bytes(proof.view()).run();
    if (!written) return written;
  }
  return {};
}

}  // namespace fairlead::agent::events
