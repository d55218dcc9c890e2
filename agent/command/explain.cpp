#include "agent/command/explain.hpp"

#include <date/date.h>
#include <nlohmann/json.hpp>

#include "rules/policy/schedule.hpp"

namespace fairlead::agent::command {
namespace {

using nlohmann::json;
using rules::policy::Candidate;
using rules::policy::Decision;

std::string utc(std::chrono::sys_seconds time) { return date::format("%FT%TZ", time); }

/// "2026-03-30 10:30" on the wall of the policy's time zone.
std::string on_the_wall(const rules::policy::Rules& rules, std::chrono::sys_seconds time) {
  const std::string& name = rules.policy().time_zone;
  const auto zone = rules::policy::Zone::find(name);
  return zone ? date::format("%F %R", time + zone->offset_at(time)) + " " + name : utc(time);
}

std::string position_of(const Candidate& candidate) {
  if (candidate.file.empty()) return "-";
  return std::string(candidate.file) + ":" + std::to_string(candidate.line);
}

std::string place_at(const rules::policy::Rules& rules, const rules::catalog::Position& at) {
  return rules.catalog().files[at.file] + ":" + std::to_string(at.line);
}

json as_json(const Candidate& candidate) {
  json out = {{"level", to_string(candidate.level)},
              {"asks", to_string(candidate.asks)},
              {"kind", to_string(candidate.kind)},
              {"rule", candidate.rule},
              {"file", candidate.file},
              {"line", candidate.line},
              {"span", candidate.span}};
  if (candidate.category != nullptr) out["category"] = candidate.category->id;
  if (!candidate.pattern.empty()) out["pattern"] = candidate.pattern;
  if (!candidate.because.empty()) out["because"] = candidate.because;
  if (!candidate.address.empty()) out["address"] = candidate.address;
  return out;
}

std::string row(std::string_view name, std::string_view value) {
  std::string out = "  ";
  out += name;
  out.append(name.size() < 11 ? 11 - name.size() : 1, ' ');
  return out + printable(value) + "\n";
}

std::string_view number_and_name(rules::policy::Level level) {
  using rules::policy::Level;
  switch (level) {
    case Level::statutory:
      return "1 statutory list: always blocked";
    case Level::protected_service:
      return "2 protected service: always allowed";
    case Level::exception:
      return "3 exception for this group";
    case Level::category:
      return "4 category";
    case Level::group_default:
      return "5 the group's default: nothing speaks about it";
  }
  return "-";
}

std::string rule_text(const Candidate& candidate) {
  return position_of(candidate) + "  " + std::string(to_string(candidate.kind)) + " " + std::string(candidate.rule);
}

/// "connects to forcesafesearch.google.com (safe_search.yaml:12)"; empty where safe search has nothing to say.
std::string safe_search_text(const Judged& judged) {
  const auto safe = judged.rules.safe_search(judged.url, judged.decision.group);
  if (safe.engine == nullptr || judged.decision.verdict == rules::policy::Verdict::block) return {};
  const std::string place = " (" + place_at(judged.rules, safe.engine->at) + ")";
  if (safe.connect_to.empty()) return "none for this group" + place;
  return "connects to " + std::string(safe.connect_to) + place;
}

std::string loser_text(const Candidate& candidate) {
  std::string out = rule_text(candidate) + " asks to " + std::string(to_string(candidate.asks)) + " (";
  out += to_string(candidate.level);
  if (candidate.category != nullptr) out += ", " + candidate.category->id;
  out += ")";
  if (!candidate.address.empty()) out += " about " + candidate.address;
  return out;
}

/// In front of the address that decided, where it is not the one that was asked for.
std::string_view introduction(rules::policy::About about) {
  using rules::policy::About;
  switch (about) {
    case About::asked:
      break;
    case About::inner:
      return "the address inside it";
    case About::look_alike:
      return "the name it looks like";
    case About::alias:
      return "the name it is an alias of";
  }
  return "itself";
}

rules::policy::Inspection inspection_of(const Judged& judged) {
  return judged.rules.inspection_of(judged.url.host(), judged.url.host_kind());
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are control characters too: 0xC2 and one of 0x80 to 0x9F.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) ++i;
    out += byte < 0x20 || byte == 0x7F || c1 ? '?' : text[i];
  }
  return out;
}

std::string source_of(const Decision& decision) { return decision.winner ? position_of(*decision.winner) : "-"; }

json explain_as_json(const Judged& judged) {
  const Decision& decision = judged.decision;
  json out = {{"url", judged.url.href()},
              {"verdict", to_string(decision.verdict)},
              {"level", to_string(decision.level)},
              {"undecided", decision.undecided},
              {"group", judged.rules.policy().groups[decision.group].id},
              {"at", utc(judged.at)},
              {"ruleset", judged.rules.ruleset_id()}};
  if (const auto* category = decision.category()) {
    out["category"] = category->id;
    out["risk"] = to_string(category->risk);
    out["severity"] = to_string(category->severity);
  }
  out["ip_literal"] = decision.ip_literal;
  out["about"] = to_string(decision.about);
  if (!decision.address.empty()) out["address"] = decision.address;
  if (decision.winner) out["winner"] = as_json(*decision.winner);
  out["losers"] = json::array();
  for (const Candidate& loser : decision.losers) out["losers"].push_back(as_json(loser));
  out["inspected"] = is_inspected(inspection_of(judged));
  if (decision.opens_at) out["opens_at"] = utc(*decision.opens_at);
  if (!decision.words.empty()) out["words"] = decision.words;
  if (const auto safe = judged.rules.safe_search(judged.url, decision.group); safe.engine != nullptr) {
    out["safe_search"] = {{"engine", safe.engine->id},
                          {"connects_to", safe.connect_to.empty() ? json() : json(safe.connect_to)},
                          {"file", judged.rules.catalog().files[safe.engine->at.file]},
                          {"line", safe.engine->at.line}};
  }
  return out;
}

std::string explain_as_text(const Judged& judged) {
  const Decision& decision = judged.decision;
  const rules::catalog::Group& group = judged.rules.policy().groups[decision.group];
  std::string out = std::string(to_string(decision.verdict)) + "  " + printable(judged.url.href()) + "\n";
  out += row("level", decision.ip_literal ? "network of policy.yaml: an IP address in place of a name is refused"
                                          : number_and_name(decision.level));
  if (!decision.address.empty())
    out += row("decided by", std::string(introduction(decision.about)) + ": " + decision.address);
  if (const auto* category = decision.category()) {
    out += row("category", category->id + " (" + std::string(to_string(category->risk)) + ", " +
                               std::string(to_string(category->severity)) + ")");
    out += row("says", category->says);
  }
  if (decision.winner) {
    const Candidate& winner = *decision.winner;
    out += row("rule", rule_text(winner));
    if (!winner.pattern.empty()) out += row("pattern", winner.pattern);
    if (!winner.span.empty()) out += row("matched", winner.span);
    if (!winner.because.empty()) out += row("because", winner.because);
  }
  if (!decision.words.empty()) out += row("words", decision.words);
  if (decision.undecided) out += row("undecided", "a limit was reached; blocked because it could not be cleared");
  if (decision.undecided && decision.about == rules::policy::About::inner)
    out += row("because", "it holds more addresses than are looked at");
  if (const std::string safe = safe_search_text(judged); !safe.empty()) out += row("safe search", safe);
  if (decision.opens_at) out += row("opens", on_the_wall(judged.rules, *decision.opens_at));
  if (const auto inspection = inspection_of(judged); inspection != rules::policy::Inspection::not_asked) {
    out += row("inspected", to_string(inspection));
  }
  for (const Candidate& loser : decision.losers) out += row("beaten", loser_text(loser));
  out += row("asked for", group.id + ", " + on_the_wall(judged.rules, judged.at));
  return out + row("ruleset", judged.rules.ruleset_id().substr(0, 16));
}

}  // namespace fairlead::agent::command
