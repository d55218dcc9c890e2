#include "agent/command/events.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/evidence.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/private_file.hpp"
#include "agent/events/export.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::command {
namespace {

using events::Filter;
using events::Store;
using events::Stored;

struct EventsOptions {
  std::filesystem::path state = default_state_folder();
  std::string since, until, person, category, risk, severity, id, format = "jsonl";
  std::size_t limit = 0;
  std::filesystem::path out;
  bool json = false;
  std::filesystem::path pack;
  std::string device;
  PackOptions packing;
};

/// Reads "2026-03-29", "2026-03-29T10:00Z" or "2026-03-29T10:00:00Z": a day begins at midnight UTC.
std::optional<events::TimePoint> time_from(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int date_end = 0, clock_end = 0, seconds_end = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%nT%2u:%2u%n:%2u%n", &year, &month, &day, &date_end, &hour,
                               &minute, &clock_end, &second, &seconds_end);
  const auto date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  if (read < 3 || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const int end = seconds_end != 0 ? seconds_end : clock_end;
  const bool whole = end == 0 ? text.size() == static_cast<std::size_t>(date_end)
                              : std::string_view(text).substr(static_cast<std::size_t>(end)) == "Z";
  if (!whole) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

std::optional<Filter> filter_from(const EventsOptions& options) {
  Filter filter;
  filter.person = options.person;
  filter.category = options.category;
  filter.risk = options.risk;
  filter.severity = options.severity;
  filter.limit = options.limit;
  for (const auto& [text, into] :
       {std::pair(&options.since, &filter.since), std::pair(&options.until, &filter.until)}) {
    if (text->empty()) continue;
    *into = time_from(*text);
    if (*into) continue;
    std::cerr << "fairlead: '" << *text << "' is no time: write 2026-03-29 or 2026-03-29T10:00Z\n";
    return std::nullopt;
  }
  return filter;
}

std::string column(std::string_view text, std::size_t width) {
  std::string out = text.empty() ? "-" : printable(text);
  if (out.size() < width) out.append(width - out.size(), ' ');
  return out + "  ";
}

std::string row_for_people(const Stored& stored) {
  const events::Event& event = stored.event;
  std::string time = events::utc_text(event.time).substr(0, 19) + "Z";
  std::string out = column(time, 20) + column(event.id, 9) + column(to_string(event.kind), 9) +
                    column(event.severity, 8) + column(event.category, 18) +
                    column(stored.erased ? "(erased)" : event.person, 12) + column(to_string(event.navigation), 7);
  out += stored.erased ? "(erased)" : printable(event.url.empty() ? event.host : event.url);
  for (const events::Report& report : stored.reports) out += "  [" + std::string(to_string(report.kind)) + "]";
  return out;
}

int list(const EventsOptions& options) {
  auto filter = filter_from(options);
  if (!filter) return kWrongUse;
  const auto store = Store::open_read_only(events_folder(options.state));
  if (!store) return could_not(store.error());
  if (!options.json)
    std::cout << column("TIME (UTC)", 20) << column("ID", 9) << column("KIND", 9) << column("SEVERITY", 8)
              << column("CATEGORY", 18) << column("PERSON", 12) << column("VISIT", 7) << "WHERE\n";
  std::size_t rows = 0;
  const auto print = [&](const Stored& stored) {
    if (options.json) {
      std::cout << (rows == 0 ? "[\n" : ",\n") << events::json_line(stored);
    } else {
      std::cout << row_for_people(stored) << "\n";
    }
    ++rows;
  };
  Result<void> read;
  if (options.limit == 0) {
    read = (*store)->for_each(*filter, print);
  } else {
    // The newest N, shown in the order in which they happened.
    filter->newest_first = true;
    const auto newest = (*store)->list(*filter);
    if (newest) std::for_each(newest->rbegin(), newest->rend(), print);
    if (!newest) read = tl::unexpected(newest.error());
  }
  if (!read) return could_not(read.error());
  if (options.json) std::cout << (rows == 0 ? "[]\n" : "\n]\n");
  return std::cout.flush() ? kDone : kCouldNot;
}

void show_losers(const events::Event& event) {
  const auto losers = nlohmann::json::parse(event.losers, nullptr, false);
  if (!losers.is_array()) return;
  for (const auto& loser : losers) {
    if (!loser.is_object()) continue;
    std::cout << "also matched  ";
    for (const char* key : {"level", "asks", "category", "rule", "source"})
      std::cout << printable(loser.value(key, "")) << ' ';
    std::cout << "\n";
  }
}

void show_for_people(const Stored& stored) {
  const events::Event& event = stored.event;
  const std::string place =
      stored.device + " / " + std::to_string(stored.epoch) + " / " + std::to_string(stored.sequence);
  const std::string visit = std::string(to_string(event.navigation)) +
                            (event.navigation_sign.empty() ? "" : " (" + event.navigation_sign + ")");
  const auto line = [](std::string_view name, std::string_view value) {
    if (!value.empty()) std::cout << column(name, 12) << printable(value) << "\n";
  };
  line("id", event.id);
  line("time", events::utc_text(event.time));
  line("kind", to_string(event.kind));
  if (stored.erased) line("erased", "personal fields were erased at the end of their retention");
  line("person", event.person);
  line("found by", event.found);
  line("group", event.group);
  line("url", event.url);
  line("host", event.host);
  line("words", event.words);
  line("method", event.method);
  line("visit", visit);
  line("category", event.category);
  line("risk", event.risk);
  line("severity", event.severity);
  line("review", event.review);
  line("level", event.level);
  line("rule", event.rule);
  line("source", event.source);
  line("matched", event.span);
  show_losers(event);
  line("rules", event.ruleset_id);
  line("policy", event.policy_version);
  line("device / no.", place);
  for (const events::Report& report : stored.reports)
    line("report", std::string(to_string(report.kind)) + " " + events::utc_text(report.time) + " " + report.words);
}

int show_event(const EventsOptions& options) {
  const auto store = Store::open_read_only(events_folder(options.state));
  if (!store) return could_not(store.error());
  const auto stored = (*store)->show(normal_id(options.id));
  if (!stored && stored.error().code == Errc::not_found) {
    std::cerr << "fairlead: there is no event " << normal_id(options.id) << " in this store\n";
    return kNo;
  }
  if (!stored) return could_not(stored.error());
  if (options.json) {
    std::cout << events::json_line(*stored) << "\n";
  } else {
    show_for_people(*stored);
  }
  return kDone;
}

int verify(const EventsOptions& options) {
  if (!options.pack.empty()) return check_pack(options.pack, options.device, options.json);
  const auto store = Store::open_read_only(events_folder(options.state));
  // A file that is no store any more is an answer: it is not as it was written.
  const bool damaged = !store && store.error().code == Errc::broken_store;
  if (!store && !damaged) return could_not(store.error());
  auto found = damaged ? Result<events::Verified>(events::Verified{}) : (*store)->verify();
  if (!found) return could_not(found.error());
  if (damaged) found->first_bad = "the file is damaged: " + store.error().context;
  const bool clean = found->first_bad.empty();
  if (options.json) {
    const nlohmann::ordered_json out = {{"clean", clean},
                                        {"first_bad", found->first_bad},
                                        {"events", found->rows},
                                        {"reports", found->reports},
                                        {"entries", found->entries},
                                        {"incidents", found->incidents},
                                        {"erased", found->erased},
                                        {"signatures", found->signatures},
                                        {"epoch", found->epoch},
                                        {"notes", found->notes}};
    std::cout << out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
    return clean ? kDone : kNo;
  }
  for (const std::string& note : found->notes) std::cout << "note: " << note << "\n";
  if (!clean) {
    std::cout << "NOT CLEAN: " << printable(found->first_bad) << "\n";
    return kNo;
  }
  std::cout << "clean: " << found->rows << " events (" << found->erased << " erased at the end of their retention), "
            << found->reports << " reports, " << found->entries << " entries, " << found->incidents << " incidents, "
            << found->signatures << " seals and signatures\n";
  return kDone;
}

int write_rows(const Store& store, const EventsOptions& options, const Filter& filter, std::ostream& out) {
  const bool csv = options.format == "csv";
  std::size_t rows = 0;
  if (csv) out << events::csv_header();
  const auto read = store.for_each(filter, [&](const Stored& stored) {
    if (csv) {
      out << events::csv_record(stored);
    } else {
      out << events::json_line(stored) << '\n';
    }
    ++rows;
  });
  if (!read) return could_not(read.error());
  if (!out.flush()) return could_not({Errc::disk_full, Side::local, "the export could not be written to its end"});
  if (!options.out.empty()) std::cerr << rows << " events written to " << options.out.string() << "\n";
  return kDone;
}

int export_rows(const EventsOptions& options) {
  const auto filter = filter_from(options);
  if (!filter) return kWrongUse;
  const auto store = Store::open_read_only(events_folder(options.state));
  if (!store) return could_not(store.error());
  if (options.out.empty()) return write_rows(**store, options, *filter, std::cout);
  auto file = open_private_file(options.out);
  if (!file) return could_not(file.error());
  return write_rows(**store, options, *filter, *file);
}

int pack(const EventsOptions& options) {
  if (options.packing.incidents.empty() && options.packing.events.empty()) {
    std::cerr << "fairlead: say which incident or event: --incident 12 or --event K7QM-2D4X\n";
    return kWrongUse;
  }
  PackOptions packing = options.packing;
  packing.state = options.state;
  return make_pack(packing);
}

void add_filters(CLI::App* command, EventsOptions& options) {
  command->add_option("--since", options.since, "From this time on: 2026-03-29 or 2026-03-29T10:00Z");
  command->add_option("--until", options.until, "Before this time");
  command->add_option("--person", options.person, "Account name");
  command->add_option("--category", options.category, "Category id");
  command->add_option("--risk", options.risk)->check(CLI::IsMember({"content", "contact", "conduct"}));
  command->add_option("--severity", options.severity)->check(CLI::IsMember({"low", "medium", "high", "critical"}));
}

}  // namespace

void add_events_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<EventsOptions>();
  CLI::App* command = app.add_subcommand("events", "Read, check and export what was recorded");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const EventsOptions&)) {
    CLI::App* part = command->add_subcommand(name, what);
    part->add_option("--state", options->state, "The agent's state folder")->capture_default_str();
    part->callback([options, run, &exit_code] { exit_code = run(*options); });
    return part;
  };
  CLI::App* listing = add("list", "One line an event, the oldest first", list);
  add_filters(listing, *options);
  listing->add_option("--limit", options->limit, "Only the newest N");
  listing->add_flag("--json", options->json, "A JSON array");
  CLI::App* showing = add("show", "Everything about one event", show_event);
  showing->add_option("ID", options->id, "As on the block page: K7QM-2D4X")->required();
  showing->add_flag("--json", options->json, "As JSON");
  CLI::App* verifying = add("verify", "Check that nothing was changed; names the first bad row", verify);
  verifying->add_flag("--json", options->json, "As JSON");
  verifying->add_option("PACK", options->pack, "An evidence pack to check in place of the store");
  verifying->add_option("--device", options->device, "The pack must be of this device");
  CLI::App* packing = add("pack", "Evidence for a case: one file to read, and to verify elsewhere", pack);
  packing->add_option("--incident", options->packing.incidents, "All events of this incident (may be repeated)");
  packing->add_option("--event", options->packing.events, "An event, as on the block page (may be repeated)");
  packing->add_option("--by", options->packing.by, "Who makes it, for the page");
  packing->add_option("--out", options->packing.out, "The file to write")->required();
  CLI::App* exporting = add("export", "All events and the reports on them, for other programs", export_rows);
  add_filters(exporting, *options);
  exporting->add_option("--format", options->format, "jsonl or csv")
      ->check(CLI::IsMember({"jsonl", "csv"}))
      ->capture_default_str();
  exporting->add_option("--out", options->out, "Write to this file instead of the screen");
}

}  // namespace fairlead::agent::command
