#include "agent/command/replay.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/as_and_at.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"
#include "rules/policy/rules.hpp"
#include "rules/url/as_typed.hpp"

namespace fairlead::agent::command {
namespace {

using rules::policy::Decision;
using rules::policy::Rules;

struct ReplayOptions {
  std::string urls = "-", as, at;
  std::filesystem::path before = default_config_folder(), after, state = default_state_folder();
};

/// One of the two sets of rules, and the person as it sees them.
struct ReplaySide {
  std::shared_ptr<const Rules> rules;
  std::uint16_t group = 0;
};

std::string_view category_of(const Decision& decision) {
  return decision.category() == nullptr ? std::string_view("-") : std::string_view(decision.category()->id);
}

/// What becomes of an address beyond its verdict: "allow, read inside, connects to forcesafesearch.google.com".
std::string outcome(const Decision& decision, const rules::url::CanonicalUrl& url, const ReplaySide& edition) {
  std::string text(to_string(decision.verdict));
  if (decision.verdict == rules::policy::Verdict::block) return text;
  if (is_inspected(edition.rules->inspection_of(url.host(), url.host_kind()))) text += ", read inside";
  const auto safe = edition.rules->safe_search(url, edition.group);
  if (!safe.connect_to.empty()) text.append(", connects to ").append(safe.connect_to);
  return text;
}

/// Judges each address by both editions and prints those about which they differ.
class Replay {
 public:
  Replay(ReplaySide before, ReplaySide after, std::chrono::sys_seconds at)
      : before_(std::move(before)), after_(std::move(after)), at_(at) {}

  void judge(std::string_view text) {
    ++read_;
    if (!url_.assign(rules::url::with_scheme(text))) {
      ++invalid_;
      return;
    }
    const Decision was = before_.rules->decide(url_, before_.group, at_);
    const Decision becomes = after_.rules->decide(url_, after_.group, at_);
    const std::string before = outcome(was, url_, before_), after = outcome(becomes, url_, after_);
    if (before == after && category_of(was) == category_of(becomes)) return;
    ++changes_[{before, std::string(category_of(was)), after, std::string(category_of(becomes))}];
    std::cout << before << "\t" << source_of(was) << "\t" << after << "\t" << source_of(becomes) << "\t"
              << printable(text) << "\n";
  }

  /// Returns whether anything changes.
  bool sum_up() const {
    std::size_t changed = 0;
    for (const auto& [change, count] : changes_) {
      const auto& [was, was_category, becomes, category] = change;
      std::cerr << "  " << count << "  " << was << " (" << was_category << ") -> " << becomes << " (" << category
                << ")\n";
      changed += count;
    }
    std::cerr << read_ << " addresses, " << changed << " change, " << invalid_ << " could not be read\n";
    return changed > 0;
  }

 private:
  ReplaySide before_, after_;
  std::chrono::sys_seconds at_;
  rules::url::CanonicalUrl url_;
  std::size_t read_ = 0, invalid_ = 0;
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::size_t> changes_;
};

/// The address of a line: its first column; of an event in JSON its "url", or the host where no more was recorded.
std::string address_in(const std::string& line) {
  if (!line.starts_with('{')) return std::string(text::trim(std::string_view(line).substr(0, line.find('\t'))));
  const auto event = nlohmann::json::parse(line, nullptr, false);
  if (!event.is_object()) return line;
  for (const char* field : {"url", "host"}) {
    if (event.contains(field) && event[field].is_string() && event[field] != "") return event[field].get<std::string>();
  }
  return line;
}

int run_replay(const ReplayOptions& options) {
  const auto before = load_or_tell(options.before, options.state), after = load_or_tell(options.after, options.state);
  if (!before || !after) return kCouldNot;
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const auto at = read_moment(options.at, after->policy().time_zone, now);
  if (!at) {
    std::cerr << "fairlead: " << at.error().context << "\n";
    return kWrongUse;
  }
  std::ifstream file;
  if (options.urls != "-") {
    file.open(options.urls);
    if (!file) {
      std::cerr << "fairlead: cannot read " << options.urls << "\n";
      return kCouldNot;
    }
  }
  std::ios::sync_with_stdio(false);
  Replay replay({before, group_named(*before, options.as)}, {after, group_named(*after, options.as)}, *at);
  for (std::string line; std::getline(options.urls == "-" ? std::cin : file, line);) {
    const std::string text = address_in(line);
    if (!text.empty()) replay.judge(text);
  }
  return replay.sum_up() ? kNo : kDone;
}

}  // namespace

void add_replay_command(CLI::App& rules, int& exit_code) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = rules.add_subcommand("replay", "What other files would change for addresses that were asked for");
  command
      ->add_option("URLS", options->urls,
                   "File with one address a line, its first column, or events as JSON lines; - is standard input")
      ->capture_default_str();
  command->add_option("--old", options->before, "Files in force: a folder, or a compiled ruleset")
      ->capture_default_str();
  command->add_option("--new", options->after, "Files to come: a folder, or a compiled ruleset")->required();
  command->add_option("--state", options->state, "The agent's state folder, for lists and rulesets")
      ->capture_default_str();
  command->add_option("--as", options->as, "A user or a group (default: an unknown person)");
  command->add_option("--at", options->at, "\"YYYY-MM-DD HH:MM\", then a time zone if not the policy's (default: now)");
  command->callback([options, &exit_code] { exit_code = run_replay(*options); });
}

}  // namespace fairlead::agent::command
