#include "agent/command/asked_of_agent.hpp"

#include <algorithm>

#include <date/date.h>
#include <nlohmann/json.hpp>

#include "agent/command/built_on.hpp"
#include "agent/command/findings.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/judged_ways.hpp"
#include "agent/lists/list_store.hpp"

namespace fairlead::agent::command {
namespace {

using nlohmann::json;
using std::chrono::sys_seconds;

constexpr std::chrono::days kFresh{14};    // a list whose publisher could not be reached for longer is an old one
constexpr std::chrono::minutes kSlack{2};  // as much as clocks are put right over the network

/// What the answer rests on, taken on the event loop for a worker thread.
struct OfAgent {
  std::shared_ptr<const rules::policy::Rules> rules;
  events::Store& store;
  std::filesystem::path state;
  platform::UserId asker{};
  std::optional<sys_seconds> authority_begins;  // none: this laptop has no authority
  bool paused = false;
};

struct SelfReport {
  std::string group;       // its id
  std::string host;        // blocked for that group, and all below it; empty: nothing serious is
  Findings by_rules, own;  // of the rules; of the agent
};

Finding judge_lists(const OfAgent& of, sys_seconds now) {
  const lists::ListStore stored(lists_folder(of.state));
  std::string stale;
  std::size_t looked_at = 0;
  for (const auto& source : rules::catalog::sources_in_use(of.rules->catalog())) {
    ++looked_at;
    const lists::Check check = stored.last_check(source.id);
    if (check.failures == 0 || now - check.next_due < kFresh) continue;
    stale.append(stale.empty() ? "" : ", ").append(source.id);
  }
  return told(stale.empty(), "rules-fresh", "published lists that grow old",
              looked_at == 0 ? "no published list is in use" : "none is overdue by two weeks",
              "overdue by two weeks or more: " + stale + " ('fairlead lists status')");
}

/// What the clock shows may not lie before what has already been.
Finding judge_clock(const OfAgent& of, sys_seconds now) {
  std::string wrong;
  if (now < built_on()) wrong = "it shows a day before this program was made, " + date::format("%F", built_on());
  if (of.authority_begins && now + kSlack < *of.authority_begins) {
    wrong = "it shows a time before the laptop's certificate authority was made";
  }
  events::Filter newest;
  newest.limit = 1;
  newest.newest_first = true;
  const auto last = of.store.list(newest);
  if (last && !last->empty() && now + kSlack < last->front().event.time)
    wrong = "it shows a time before the last entry";
  return told(wrong.empty(), "clock", "a clock that is wrong: schedules and certificates go by it",
              "it shows no time that cannot be", wrong);
}

/// Blocks: accounts may come from a directory, and the last entry from the disk.
SelfReport look_at_itself(const OfAgent& of) {
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const Asked asked{*of.rules, of.rules->group_of(platform::person_of(of.asker)), now};
  SelfReport out;
  out.group = of.rules->policy().groups[asked.group].id;
  out.host = blocked_host(asked);
  if (!out.host.empty()) out.by_rules = judge_ways(asked, out.host);
  out.own.push_back(told(!of.rules->is_builtin(), "agent", "the filter does not run, or without its rules",
                         "it runs with its rules", "only the built-in minimum is in force"));
  out.own.push_back(told(!of.paused, "paused", "filtering rests", "it does not rest",
                         "an administrator lets it rest for some minutes ('fairlead pause --end')"));
  out.own.push_back(judge_lists(of, now));
  out.own.push_back(judge_clock(of, now));
  return out;
}

}  // namespace

void answer_self_check(net::Services& services, const std::filesystem::path& state, const Entrances& entrances,
                       platform::UserId asker, std::function<void(json)> done) {
  OfAgent of{services.keeper.current(), services.store, state, asker, std::nullopt, services.paused};
  if (services.own_tls) of.authority_begins = services.own_tls->leaves.authority().not_before();
  net::asio::post(services.workers, [&services, entrances, of = std::move(of), done = std::move(done)] {
    net::asio::post(services.context, [&services, entrances, told = look_at_itself(of), done, paused = of.paused,
                                       extensions = of.rules->policy().cover.extensions] {
      const bool can_probe = !told.host.empty() && !paused;
      const auto now = net::Probes::Clock::now();
      done(
          {{"by_rules", to_json(told.by_rules)},
           {"own", to_json(told.own)},
           {"group", told.group},
           {"probe", can_probe ? services.probes.name_below(told.host, now) : std::string()},
           {"proxy", entrances.proxy},
           {"led_to", entrances.led_to},
           {"extensions", extensions},
           {"account", static_cast<std::uint32_t>(platform::own_account())},
           {"certificate", services.own_tls ? services.own_tls->leaves.authority().certificate_pem() : std::string()}});
    });
  });
}

}  // namespace fairlead::agent::command
