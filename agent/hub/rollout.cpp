#include "agent/hub/rollout.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

#include "agent/events/digest.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::hub {
namespace {

constexpr std::size_t kMostStages = 10;
constexpr std::uint64_t kOneFailingIn = 20;          // 5 %
constexpr double kEnoughHours = 1, kFewBlocks = 20;  // below which nothing is said of a jump
constexpr double kJump = 3, kEveryday = 5;           // times as many an hour and laptop, and five more

std::string rate_of(double blocks, double hours) { return std::to_string(std::llround(blocks / hours)); }

}  // namespace

Result<std::vector<unsigned>> read_stages(std::string_view text) {
  std::vector<unsigned> out;
  const auto wrong = [] {
    return fail(Errc::bad_file, Side::local, "stages are percents that grow to 100, such as 5,50,100");
  };
  for (;;) {
    const std::string_view part = text.substr(0, text.find(','));
    unsigned percent = 0;
    const auto [end, failed] = std::from_chars(part.data(), part.data() + part.size(), percent);
    if (failed != std::errc() || end != part.data() + part.size() || percent == 0 || percent > 100) return wrong();
    if ((!out.empty() && percent <= out.back()) || out.size() >= kMostStages) return wrong();
    out.push_back(percent);
    if (part.size() == text.size()) break;
    text.remove_prefix(part.size() + 1);
  }
  if (out.back() != 100) return wrong();
  return out;
}

std::string write_stages(const std::vector<unsigned>& stages) {
  std::string out;
  for (const unsigned percent : stages) out.append(out.empty() ? "" : ",").append(std::to_string(percent));
  return out;
}

bool is_among(std::string_view device, std::uint64_t version, unsigned percent) {
  const events::Digest digest = events::Hasher().add("fairlead rollout 1").add(device).add(version).finish();
  std::uint64_t number = 0;
  std::memcpy(&number, digest.bytes.data(), sizeof number);
  return number % 100 < percent;
}

Judgement judge(const Rollout& rollout, const Heard& heard, Now now) {
  if (!rollout.stopped.empty()) return {};
  const std::uint64_t answered = heard.on_it + heard.failing;
  if (heard.failing * kOneFailingIn > answered)
    return {Next::stop, std::to_string(heard.failing) + " of " + std::to_string(answered) +
                            " laptops cannot use it: " + heard.example};
  const bool comparable = heard.hours >= kEnoughHours && heard.hours_of_others >= kEnoughHours;
  if (comparable && heard.blocks >= kFewBlocks &&
      heard.blocks / heard.hours > kJump * heard.blocks_of_others / heard.hours_of_others + kEveryday)
    return {Next::stop, "laptops that have it block " + rate_of(heard.blocks, heard.hours) +
                            " times an hour, the others " + rate_of(heard.blocks_of_others, heard.hours_of_others)};
  // Where most of those that should have it say nothing of it, something is wrong too.
  const bool arrived = heard.on_it * 2 >= heard.chosen;
  if (!rollout.is_complete() && now - rollout.stage_since >= rollout.wait && arrived) return {Next::move_on, {}};
  return {};
}

}  // namespace fairlead::agent::hub
