#include "agent/command/alive_mark.hpp"

#include <nlohmann/json.hpp>

#include "agent/events/json_fields.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"

namespace fairlead::agent::command {

using nlohmann::json;
using std::chrono::milliseconds;

namespace {

std::filesystem::path file_of(const std::filesystem::path& state) { return state / "alive.json"; }

std::optional<milliseconds> milliseconds_in(const json& object, const char* key) {
  const auto number = events::number_in(object, key);
  return number ? std::optional(milliseconds(*number)) : std::nullopt;
}

}  // namespace

std::optional<AliveMark> read_alive_mark(const std::filesystem::path& state) {
  const json kept = json::parse(platform::text_of_small_file(file_of(state)), nullptr, false);
  if (!kept.is_object()) return std::nullopt;
  const auto wall = milliseconds_in(kept, "wall"), since_boot = milliseconds_in(kept, "since_boot");
  if (!wall || !since_boot) return std::nullopt;
  AliveMark mark{WallTime(*wall), *since_boot, kept.contains("ended") && kept["ended"] == json(true), std::nullopt};
  const auto believed = milliseconds_in(kept, "believed");
  if (believed) mark.clock = {WallTime(*believed), milliseconds_in(kept, "doubted_for").value_or(milliseconds{0})};
  return mark;
}

Result<void> write_alive_mark(const std::filesystem::path& state, const AliveMark& mark) {
  json kept = {{"wall", number(mark.wall)}, {"since_boot", mark.since_boot.count()}, {"ended", mark.ended}};
  if (mark.clock) {
    kept["believed"] = number(mark.clock->believed);
    kept["doubted_for"] = mark.clock->doubted_for.count();
  }
  return platform::replace_file(file_of(state), kept.dump() + "\n");
}

json stopped_between(const AliveMark& last, const platform::Clocks& now) {
  const auto by_wall = now.wall - last.wall, since_boot = now.since_boot - last.since_boot;
  const bool same_start = since_boot >= milliseconds{0} && std::chrono::abs(by_wall - since_boot) <= kClockJump;
  return {{"from", number(last.wall)},
          {"to", number(now.wall)},
          {"ended", last.ended ? "told_to" : "unexpectedly"},
          {"laptop_was_off", !same_start}};
}

}  // namespace fairlead::agent::command
