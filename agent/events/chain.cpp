#include "agent/events/chain.hpp"

#include "agent/events/time_column.hpp"

namespace fairlead::agent::events {
Row row_of(const Event& event, std::uint64_t sequence, std::uint64_t epoch) {
  return {{sequence, epoch, column_from(event.time)},
          {event.id, to_string(event.kind), event.found, event.group, event.method, to_string(event.navigation),
           event.navigation_sign, event.category, event.risk, event.severity, event.review, event.rule, event.source,
           event.level, event.ruleset_id, event.policy_version},
          {event.person, event.url, event.host, event.words, event.span, event.losers}};
}

Row row_of(const Report& report, std::uint64_t sequence, std::uint64_t epoch, std::uint64_t event) {
  return {{sequence, epoch, event, column_from(report.time)}, {to_string(report.kind)}, {report.person, report.words}};
}

Row row_of(const Entry& entry, std::uint64_t sequence, std::uint64_t epoch, std::string_view state) {
  return {{sequence, epoch, column_from(entry.time), entry.incident, entry.keep ? column_from(*entry.keep) : 0},
          {entry.kind, entry.subject, state},
          {entry.actor, entry.person, entry.body}};
}

Link first_link(Hasher& hasher, const Shape& shape, std::string_view public_key) {
  return {0, hasher.add("fairlead chain 1").add(shape.name).add(public_key).finish()};
}

Digest commitment(Hasher& hasher, const Shape& shape, std::string_view salt,
                  std::span<const std::string_view> personal) {
  hasher.add("fairlead personal 1").add(shape.name).add(salt);
  for (const std::string_view field : personal) hasher.add(field);
  return hasher.finish();
}

Digest row_digest(Hasher& hasher, const Shape& shape, const Link& before, const Row& row, std::string_view committed) {
  hasher.add("fairlead row 1").add(shape.name).add(before.digest.view());
  for (const std::uint64_t number : row.numbers) hasher.add(number);
  for (const std::string_view text : row.texts) hasher.add(text);
  return hasher.add(committed).finish();
}

Digest seal_message(Hasher& hasher, const Shape& shape, std::string_view digest) {
  return hasher.add("fairlead seal 1").add(shape.name).add(digest).finish();
}

Digest event_seal_message(Hasher& hasher, std::string_view digest, std::uint64_t incident, std::uint64_t marks) {
  return hasher.add("fairlead seal 2").add(kEventShape.name).add(digest).add(incident).add(marks).finish();
}

Digest head_message(Hasher& hasher, const Head& head) {
  return hasher.add("fairlead head 2")
      .add(head.epoch)
      .add(head.events.sequence)
      .add(head.events.digest.view())
      .add(head.reports.sequence)
      .add(head.reports.digest.view())
      .add(head.entries.sequence)
      .add(head.entries.digest.view())
      .add(head.counters)
      .finish();
}

Digest old_head_message(Hasher& hasher, const Head& head) {
  return hasher.add("fairlead head 1")
      .add(head.epoch)
      .add(head.events.sequence)
      .add(head.events.digest.view())
      .add(head.reports.sequence)
      .add(head.reports.digest.view())
      .add(head.counters)
      .finish();
}

Digest erasure_message(Hasher& hasher, const Shape& shape, std::string_view digest) {
  return hasher.add("fairlead erased 1").add(shape.name).add(digest).finish();
}

Digest counter_message(Hasher& hasher, std::uint64_t day, std::string_view category, std::string_view group,
                       std::uint64_t count) {
  return hasher.add("fairlead counter 1").add(day).add(category).add(group).add(count).finish();
}

}  // namespace fairlead::agent::events
