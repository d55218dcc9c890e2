#include "agent/command/report.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/folders.hpp"
#include "agent/console/form.hpp"
#include "agent/console/report/whole.hpp"
#include "agent/events/store.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

namespace report = console::report;
using report::Period;
using report::Source;
using report::Span;

struct ReportOptions {
  std::filesystem::path config = default_config_folder();
  std::filesystem::path state = default_state_folder();
  std::filesystem::path out;
  std::string of, from, to, format = "html";
};

int write_out(const ReportOptions& options, const std::string& text) {
  if (options.out.empty()) {
    std::cout << text;
    return std::cout.flush() ? kDone : kCouldNot;
  }
  std::ofstream file(options.out, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) return could_not("cannot write " + options.out.string());
  return kDone;
}

/// What the options ask for; nothing when they are wrong, which is told.
std::optional<Period> asked_for(const ReportOptions& options, Span span, report::Day today) {
  const bool between = !options.from.empty() || !options.to.empty();
  const auto day = options.of.empty() ? std::optional(today) : console::date_from(options.of);
  const auto period = between ? report::days_between(options.from, options.to)
                      : day   ? std::optional(report::period_of(span, *day))
                              : std::nullopt;
  if (!period)
    std::cerr << "fairlead: these days do not fit: write --of 2026-03-29, or --from and --to in order, three years at "
                 "most\n";
  return period;
}

Result<std::string> page_of(const Source& source, const std::string& what, const Period& period) {
  if (what == "processing") {
    return report::document("Record of processing", source.rules.policy().organisation,
                            report::whole_processing(source));
  }
  const auto main = what == "month"  ? report::whole_month(source, period)
                    : what == "year" ? report::whole_year(source, period)
                                     : report::whole_report(source, period);
  if (!main) return tl::unexpected(main.error());
  return report::document("Report", source.rules.policy().organisation, *main);
}

int run_report(const ReportOptions& options, const std::string& what, Span span) {
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const auto period = asked_for(options, span, std::chrono::floor<std::chrono::days>(now));
  if (!period) return kWrongUse;
  const auto rules = load_or_tell(options.config, options.state);
  if (!rules) return kCouldNot;
  const auto store = events::Store::open_read_only(events_folder(options.state));
  if (!store) return could_not(store.error().context);
  std::error_code ignored;
  const Source source{**store,
                      *rules,
                      {now, report::rules_made_at(options.state), {}},
                      std::filesystem::exists(options.state / "ca", ignored)};
  const auto text = options.format == "csv" ? report::whole_csv(source, *period) : page_of(source, what, *period);
  if (!text) return could_not(text.error().context);
  return write_out(options, *text);
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand("report", "Reports without names, as pages to be printed");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, Span span) {
    CLI::App* part = command->add_subcommand(name, what);
    part->add_option("--config", options->config, "The folder of categories and policy")->capture_default_str();
    part->add_option("--state", options->state, "The agent's state folder")->capture_default_str();
    part->add_option("--out", options->out, "Write to this file instead of the screen");
    if (std::string_view(name) != "processing")
      part->add_option("--of", options->of, "A day in it; as shipped, today: 2026-03-29");
    part->callback(
        [options, name = std::string(name), span, &exit_code] { exit_code = run_report(*options, name, span); });
    return part;
  };
  for (const auto& [name, what, span] :
       {std::tuple("week", "Is it quieter or busier, what kinds, was it looked after: one sheet", Span::week),
        std::tuple("term", "The same for a term, or for any days", Span::term)}) {
    CLI::App* part = add(name, what, span);
    part->add_option("--from", options->from, "First day, in place of --of");
    part->add_option("--to", options->to, "Last day");
    part->add_option("--format", options->format, "html or csv")
        ->check(CLI::IsMember({"html", "csv"}))
        ->capture_default_str();
  }
  add("month", "Tutorial sheet: most blocked kinds, small numbers left out", Span::month);
  add("year", "Sheet for the yearly review of the policy", Span::year);
  add("processing", "Record of processing, from the settings in force", Span::week);
}

}  // namespace fairlead::agent::command
