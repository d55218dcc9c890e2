#include "agent/console/laptops/standing.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "agent/events/json_fields.hpp"

namespace fairlead::agent::console::laptops {
namespace {

using nlohmann::json;

json part_of(const json& object, const char* name) {
  return object.is_object() && object.contains(name) ? object[name] : json();
}

std::uint64_t count_in(const json& object, const char* name) {
  const json part = part_of(object, name);
  return part.is_number_unsigned() ? part.get<std::uint64_t>() : 0;
}

Cover cover_of(const Laptop& laptop, const json& health, Moment now) {
  if (laptop.revoked) return Cover::revoked;
  if (now - laptop.seen > kOverdueAfter) return Cover::overdue;
  if (!health.is_object()) return Cover::unknown;
  const json cover = part_of(health, "cover");
  const std::string state = cover.is_object() ? events::text_in(cover, "state") : std::string();
  if (state == "open") return Cover::open;
  if (part_of(health, "paused") == json(true)) return Cover::rests;
  return state == "covered" ? Cover::covered : Cover::unknown;
}

void add(std::string& sentence, std::uint64_t number, const char* what) {
  if (number > 0) sentence += ", " + std::to_string(number) + " " + what;
}

}  // namespace

std::vector<Standing> standings(std::span<const Laptop> laptops, Moment now) {
  std::vector<Standing> out;
  std::map<std::string_view, std::uint64_t> newest;  // by group
  for (const Laptop& laptop : laptops) {
    const json health = json::parse(laptop.health, nullptr, false);
    const json bundle = part_of(health, "bundle");
    Standing& one = out.emplace_back();
    one.laptop = laptop;
    one.cover = cover_of(laptop, health, now);
    one.version = count_in(bundle, "version");
    if (bundle.is_object()) one.rules_trouble = events::text_in(bundle, "refused");
    one.waiting = count_in(part_of(health, "events"), "waiting");
    if (!laptop.revoked) newest[laptop.group] = std::max(newest[laptop.group], one.version);
  }
  for (Standing& one : out) one.old_rules = !one.laptop.revoked && one.version < newest[one.laptop.group];
  std::stable_sort(out.begin(), out.end(), [](const Standing& a, const Standing& b) {
    if (a.cover != b.cover) return a.cover < b.cover;
    if (a.old_rules != b.old_rules) return a.old_rules;
    return a.laptop.name < b.laptop.name;
  });
  return out;
}

Counts count(std::span<const Standing> standings) {
  Counts out;
  for (const Standing& one : standings) {
    if (one.cover == Cover::revoked) continue;
    ++out.laptops;
    out.covered += one.cover == Cover::covered ? 1 : 0;
    out.open += one.cover == Cover::open ? 1 : 0;
    out.overdue += one.cover == Cover::overdue ? 1 : 0;
    out.unknown += one.cover == Cover::unknown ? 1 : 0;
    out.rests += one.cover == Cover::rests ? 1 : 0;
    out.old_rules += one.old_rules ? 1 : 0;
  }
  return out;
}

std::string sentence(const Counts& counts) {
  if (counts.laptops == 0) return "No laptop has joined yet.";
  std::string out = std::to_string(counts.covered) + " of " + std::to_string(counts.laptops) +
                    (counts.laptops == 1 ? " laptop is covered" : " laptops are covered");
  add(out, counts.old_rules, "with old rules");
  add(out, counts.open, "with a way past the filter");
  add(out, counts.rests, "where filtering rests");
  add(out, counts.overdue, "not heard of for days");
  add(out, counts.unknown, "without word of how they are");
  return out + ".";
}

}  // namespace fairlead::agent::console::laptops
