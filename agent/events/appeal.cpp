#include "agent/events/appeal.hpp"

#include <nlohmann/json.hpp>

namespace fairlead::agent::events {

Result<void> open_appeal(Records& records, std::string_view event_id, TimePoint now) {
  const auto stored = records.show(event_id);
  if (!stored) return tl::unexpected(stored.error());
  if (stored->incident == 0) return {};  // no rule stopped it: there is nothing that could be opened
  EntryFilter filter;
  filter.kind = "appeal";
  filter.subject = event_id;
  filter.limit = 1;
  const auto known = records.entries(filter);
  if (!known) return tl::unexpected(known.error());
  if (!known->empty()) return {};
  const Event& event = stored->event;
  Entry entry;
  entry.time = now;
  entry.incident = stored->incident;
  entry.kind = "appeal";
  entry.subject = event.id;
  entry.person = event.person;
  entry.body = nlohmann::json{{"url", event.url},       {"host", event.host},         {"rule", event.rule},
                              {"source", event.source}, {"category", event.category}, {"severity", event.severity},
                              {"group", event.group}}
                   .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  auto added = records.add(std::move(entry));
  if (!added) return tl::unexpected(std::move(added).error());
  return {};
}

}  // namespace fairlead::agent::events
