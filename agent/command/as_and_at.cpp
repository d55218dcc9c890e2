#include "agent/command/as_and_at.hpp"

#include <sstream>
#include <string>

#include <date/date.h>

#include "rules/base/text.hpp"
#include "rules/policy/schedule.hpp"

namespace fairlead::agent::command {

std::uint16_t group_named(const rules::policy::Rules& rules, std::string_view user_or_group) {
  const auto& groups = rules.policy().groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].id == user_or_group) return static_cast<std::uint16_t>(i);
  }
  const std::string name(user_or_group);
  return rules.group_of({name, {name}, rules::policy::Found::stated});
}

Result<std::chrono::sys_seconds> read_moment(std::string_view text, std::string_view zone,
                                             std::chrono::sys_seconds now) {
  if (text.empty()) return now;
  const auto refuse = [&](const std::string& why) {
    return fail(Errc::bad_message, Side::client,
                "--at '" + std::string(text) + "': " + why + "; write it like \"2026-03-29 10:31 Europe/London\"");
  };
  constexpr std::size_t kMinuteSize = 16;  // "2026-03-29 10:31"
  const std::string_view minute = text.substr(0, kMinuteSize);
  const std::string_view own_zone = text::trim(text.substr(minute.size()));

  date::local_seconds wall{};
  std::istringstream stream{std::string(minute)};
  stream >> date::parse("%F %R", wall);
  if (minute.size() != kMinuteSize || stream.fail()) return refuse("this is not a day and a time");
  const auto found = rules::policy::Zone::find(own_zone.empty() ? zone : own_zone);
  if (!found) return refuse("there is no time zone of this name");

  const auto day = std::chrono::floor<std::chrono::days>(wall.time_since_epoch());
  const auto into_day = std::chrono::floor<std::chrono::minutes>(wall.time_since_epoch() - day);
  const std::chrono::sys_seconds moment = found->moments_of(std::chrono::sys_days{day}, into_day).first;
  if (moment.time_since_epoch() + found->offset_at(moment) != wall.time_since_epoch()) {
    return refuse("the clocks skip this minute");
  }
  return moment;
}

}  // namespace fairlead::agent::command
