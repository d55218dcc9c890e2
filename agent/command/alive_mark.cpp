#include "agent/command/alive_mark.hpp"

#include <nlohmann/json.hpp>

#include "agent/platform/small_file.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {

using nlohmann::json;
using std::chrono::milliseconds;

namespace {

std::filesystem::path file_of(const std::filesystem::path& state) { return state / "alive.json"; }

std::optional<milliseconds> number_in(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return milliseconds(found->get<std::int64_t>());
}

}  // namespace

std::optional<AliveMark> read_alive_mark(const std::filesystem::path& state) {
  const json kept = json::parse(platform::text_of_small_file(file_of(state)), nullptr, false);
  if (!kept.is_object()) return std::nullopt;
  const auto wall = number_in(kept, "wall"), since_boot = number_in(kept, "since_boot");
  if (!wall || !since_boot) return std::nullopt;
  AliveMark mark{WallTime(*wall), *since_boot, kept.contains("ended") && kept["ended"] == json(true), std::nullopt};
  const auto believed = number_in(kept, "believed");
  if (believed) mark.clock = {WallTime(*believed), number_in(kept, "doubted_for").value_or(milliseconds{0})};
  return mark;
}

Result<void> write_alive_mark(const std::filesystem::path& state, const AliveMark& mark) {
  json kept = {
      {"wall", mark.wall.time_since_epoch().count()}, {"since_boot", mark.since_boot.count()}, {"ended", mark.ended}};
  if (mark.clock) {
    kept["believed"] = mark.clock->believed.time_since_epoch().count();
    kept["doubted_for"] = mark.clock->doubted_for.count();
  }
  return platform::replace_file(file_of(state), kept.dump() + "\n");
}

json stopped_between(const AliveMark& last, const platform::Clocks& now) {
  const auto by_wall = now.wall - last.wall, since_boot = now.since_boot - last.since_boot;
  const bool same_start = since_boot >= milliseconds{0} && std::chrono::abs(by_wall - since_boot) <= kClockJump;
  return {{"from", last.wall.time_since_epoch().count()},
          {"to", now.wall.time_since_epoch().count()},
          {"ended", last.ended ? "told_to" : "unexpectedly"},
          {"laptop_was_off", !same_start}};
}

}  // namespace fairlead::agent::command
