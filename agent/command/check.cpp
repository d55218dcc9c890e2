#include "agent/command/check.hpp"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/as_and_at.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"
#include "rules/catalog/imports/filter.hpp"
#include "rules/policy/rules.hpp"
#include "rules/url/as_typed.hpp"

namespace fairlead::agent::command {
namespace {

using nlohmann::json;
using rules::policy::Rules;
using rules::policy::Verdict;

struct CheckOptions {
  std::vector<std::string> urls;
  std::string as, at, page, type;
  bool as_json = false, from_stdin = false, live = false;
  std::filesystem::path config = default_config_folder();
  std::filesystem::path state = default_state_folder();
};

/// For whom and when; the same for every URL of one call.
struct CheckQuestion {
  const Rules& rules;
  std::uint16_t group;
  std::chrono::sys_seconds at;
  rules::match::Context context;

  [[nodiscard]] rules::policy::Decision decide(const rules::url::CanonicalUrl& url) const {
    return rules.decide(url, group, at, context);
  }
};

/// Compares what decides; losers and spans follow from it. Empty when both say the same.
std::string difference(const json& here, const json& there) {
  std::string out;
  for (const char* key : {"verdict", "level", "category", "group", "safe_search", "ruleset"}) {
    const json a = here.value(key, json()), b = there.value(key, json());
    if (a != b) out += "  " + std::string(key) + ": here " + a.dump() + ", the agent " + b.dump() + "\n";
  }
  return out;
}

/// Asks the agent too. True when it says the same; a difference is told on stderr.
bool agrees_with_agent(const CheckOptions& options, const std::string& url, const CheckQuestion& question,
                       const json& here, LiveCheck live) {
  const Result<json> there = live({url, options.as, question.at, options.state.string()});
  if (!there) {
    std::cerr << "fairlead: the running agent: " << there.error().context << "\n";
    return false;
  }
  const std::string differs = difference(here, *there);
  if (differs.empty()) return true;
  std::cerr << "fairlead: the running agent says otherwise about " << printable(url) << "\n" << differs;
  return false;
}

/// Judges the URLs of the command line. Returns the exit code.
int check_each(const CheckOptions& options, const CheckQuestion& question, LiveCheck live) {
  bool blocked = false, same = true;
  json all = json::array();
  rules::url::CanonicalUrl url;
  for (const std::string& text : options.urls) {
    if (auto read = url.assign(rules::url::with_scheme(text)); !read) {
      blocked = true;
      if (options.as_json) all.push_back({{"url", text}, {"verdict", "invalid"}, {"because", read.error().context}});
      if (!options.as_json)
        std::cout << "invalid  " << printable(text) << "\n  because    " << printable(read.error().context) << "\n";
      continue;
    }
    const rules::policy::Decision decision = question.decide(url);
    const Judged judged{question.rules, url, decision, question.at};
    blocked = blocked || decision.verdict == Verdict::block;
    if (options.as_json) all.push_back(explain_as_json(judged));
    if (!options.as_json) std::cout << explain_as_text(judged);
    if (options.live)
      same = agrees_with_agent(options, std::string(url.href()), question, explain_as_json(judged), live) && same;
  }
  if (options.as_json) std::cout << all.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
  return blocked || !same ? kNo : kDone;
}

/// What a stream of URLs came to.
struct Tally {
  std::size_t read = 0, invalid = 0, undecided = 0;
  std::map<std::string_view, std::size_t> verdicts, blocked_by;

  void print(double seconds) const {
    std::cerr << read << " URLs in " << seconds << " s of processor time: "
              << static_cast<std::size_t>(static_cast<double>(read) / std::max(seconds, 1e-6))
              << " decisions a second\n";
    for (const auto& [verdict, count] : verdicts) std::cerr << "  " << verdict << " " << count << "\n";
    std::cerr << "  invalid " << invalid << "\n  undecided " << undecided << "\nblocked or observed by category\n";
    for (const auto& [category, count] : blocked_by) {
      std::cerr << "  " << category << " " << count << " ("
                << 100.0 * static_cast<double>(count) / static_cast<double>(read) << " %)\n";
    }
  }
};

/// One line of the stream: verdict, category, level, source, URL.
void check_line(std::string_view text, const CheckQuestion& question, rules::url::CanonicalUrl& url, Tally& tally,
                std::string& out) {
  ++tally.read;
  const auto read = url.assign(rules::url::with_scheme(text));
  if (!read) {
    ++tally.invalid;
    out += "invalid\t-\t-\t-\t";
  } else {
    const rules::policy::Decision decision = question.decide(url);
    const auto* category = decision.category();
    ++tally.verdicts[to_string(decision.verdict)];
    if (decision.undecided) ++tally.undecided;
    if (decision.verdict != Verdict::allow)
      ++tally.blocked_by[category == nullptr ? to_string(decision.level) : category->id];
    out.append(to_string(decision.verdict)).append("\t").append(category == nullptr ? "-" : category->id).append("\t");
    out.append(to_string(decision.level)).append("\t").append(source_of(decision)).append("\t");
  }
  out.append(printable(text)).append("\n");
}

/// One URL a line, the first column of it; an answer a line, as soon as there is nothing more to read.
int check_stream(const CheckQuestion& question) {
  constexpr std::size_t kFlushAt = 1 << 16;
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  Tally tally;
  rules::url::CanonicalUrl url;
  std::string line, out;
  const std::clock_t begin = std::clock();
  while (std::getline(std::cin, line)) {
    const std::string_view text = text::trim(std::string_view(line).substr(0, line.find('\t')));
    if (!text.empty()) check_line(text, question, url, tally, out);
    if (out.size() >= kFlushAt || std::cin.rdbuf()->in_avail() <= 0) {
      std::cout << out << std::flush;
      out.clear();
    }
  }
  std::cout << out << std::flush;
  tally.print(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  const bool any = tally.invalid > 0 || tally.verdicts.contains(to_string(Verdict::block));
  return any ? kNo : kDone;
}

int run_check(const CheckOptions& options, LiveCheck live) {
  const auto refuse = [](const std::string& why, int code) {
    std::cerr << "fairlead: " << why << "\n";
    return code;
  };
  if (options.urls.empty() != options.from_stdin) return refuse("give URLs, or --stdin", kWrongUse);
  if (options.from_stdin && (options.live || options.as_json))
    return refuse("--stdin goes with neither --live nor --json", kWrongUse);
  if (options.live && !(options.page.empty() && options.type.empty()))
    return refuse("--live goes without --page and --type", kWrongUse);
  rules::url::CanonicalUrl page;
  if (!options.page.empty()) {
    if (auto read = page.assign(rules::url::with_scheme(options.page)); !read)
      return refuse("--page: " + read.error().context, kWrongUse);
  }
  const auto type = rules::catalog::type_named(options.type);
  if (!options.type.empty() && !type)
    return refuse(
        "--type: no such type; say document, subdocument, script, image, stylesheet, font, media, object, "
        "xmlhttprequest, websocket, ping or other",
        kWrongUse);
  if (options.live && live == nullptr) return refuse("there is no way to ask a running agent here", kCouldNot);
  const auto loaded = load_or_tell(options.config, options.state);
  if (!loaded) return kCouldNot;
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const auto at = read_moment(options.at, loaded->policy().time_zone, now);
  if (!at) return refuse(at.error().context, kWrongUse);
  const CheckQuestion question{*loaded, group_named(*loaded, options.as), *at, {page.host(), type}};
  return options.from_stdin ? check_stream(question) : check_each(options, question, live);
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code, LiveCheck live) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "What happens to a URL, for whom, when, and why");
  command->add_option("URL", options->urls, "Addresses, or bare hosts");
  command->add_option("--as", options->as, "A user or a group (default: an unknown person)");
  command->add_option("--at", options->at, "\"YYYY-MM-DD HH:MM\", then a time zone if not the policy's (default: now)");
  command->add_option("--page", options->page, "The page that asks for it: some filters of Adblock lists name pages");
  command->add_option("--type", options->type, "As what it is asked for (script, image, ...): some filters name types");
  command->add_flag("--json", options->as_json, "As JSON");
  command->add_flag("--stdin", options->from_stdin, "One URL a line on standard input, one answer a line");
  command->add_option("--config", options->config, "Folder with policy.yaml and the categories, or a compiled ruleset")
      ->capture_default_str();
  command->add_flag("--live", options->live, "Ask the running agent too; a difference is an error");
  command->add_option("--state", options->state, "The agent's state folder: its lists, and where it answers")
      ->capture_default_str();
  command->callback([options, live, &exit_code] { exit_code = run_check(*options, live); });
}

}  // namespace fairlead::agent::command
