#include "agent/fleet/sender.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "agent/events/device.hpp"
#include "agent/exchange/batch.hpp"
#include "agent/fleet/branches.hpp"
#include "agent/fleet/desk_exceptions.hpp"
#include "agent/fleet/notices.hpp"
#include "agent/fleet/outgoing.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::fleet {
namespace {

using events::Table;
using exchange::Range;
using exchange::Receipt;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::array kTables{Table::events, Table::reports, Table::entries};
constexpr int kMostHearings = 20;  // one after another: the rest is told the next time
constexpr long kTaken = 200, kBad = 400, kUnknown = 401, kForbidden = 403, kDiffers = 409, kTooLarge = 413,
               kUnsupported = 415;

/// What came of a round: nothing is left to send, or when to try again.
struct Outcome {
  std::string trouble;
  std::chrono::seconds retry_after{0};  // the hub's wish
};

}  // namespace

struct Sender::Impl {
  explicit Impl(SenderOptions given)
      : options(std::move(given)), notices({options.state, options.store, options.now, options.tell, options.except}) {}

  void run(const std::stop_token& stop);
  Outcome round(const std::stop_token& stop);
  void forget_what_is_old(const Membership& membership);
  /// Who is asked, and as whom.
  struct Asked {
    Membership membership;
    std::string key, device;
    Way way;
    HubClient hub;
  };
  Outcome send_part(Asked& asked, const Part& part);
  Outcome take_answer(Asked& asked, const Part& part, const Outgoing& sent, const HubAnswer& answer);
  Outcome take_receipt(const Part& part, const Outgoing& sent, const std::string& text);
  void tell_waiting(const Part& part);
  Outcome enrol_anew(const Asked& asked);
  Outcome tell_health(Asked& asked);
  Outcome branch_off(Asked& asked, const Part& part, std::uint64_t differs_from);
  [[nodiscard]] Result<Outgoing> next_rows(const std::string& device, const Part& part, const Receipt& receipt) const;
  void park(const Part& part, const Outgoing& sent, const std::string& why);
  milliseconds pause_after(const Outcome& outcome);
  void set(const std::function<void(SenderStatus&)>& change);
  void wake();

  SenderOptions options;
  Notices notices;

  mutable std::mutex mutex;
  std::condition_variable_any woken;
  bool wanted = true, at_once = false, tell_anew = false;
  SenderStatus status;

  // The thread's own.
  using Stream = std::pair<Table, std::uint64_t>;  // with its epoch
  static Stream stream_of(const Part& part) { return {part.table, part.range.epoch}; }
  std::map<Stream, Receipt> receipts;
  std::map<Stream, std::uint64_t> unconfirmed;
  std::map<Stream, std::set<std::uint64_t>> parked;  // sequences
  std::size_t most_sent = exchange::kMostCovered;    // that one message hands in
  int failures = 0;
  std::string of_hub;  // whose receipts these are
  TlsSessions sessions;
  std::optional<Steady::time_point> asked_at;  // for all that it has
  std::optional<Steady::time_point> told_at;   // how this laptop is
  bool told_health = false;                    // and since then there was no time or reason to tell it anew
  std::mt19937_64 random{std::random_device{}()};

  std::jthread thread;  // last: it ends before what it uses
};

void Sender::Impl::set(const std::function<void(SenderStatus&)>& change) {
  const std::lock_guard lock(mutex);
  change(status);
}

void Sender::Impl::wake() {
  const std::lock_guard lock(mutex);
  wanted = true;
  woken.notify_all();
}

void Sender::Impl::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const Outcome outcome = round(stop);
    set([&](SenderStatus& told) {
      if (!outcome.trouble.empty() && told.trouble != outcome.trouble) options.tell("fleet: " + outcome.trouble);
      told.trouble = outcome.trouble;
    });
    const auto pause = pause_after(outcome);
    std::unique_lock lock(mutex);
    if (outcome.trouble.empty()) {
      woken.wait_for(lock, stop, pause, [&] { return wanted || at_once; });
      lock.unlock();
      std::unique_lock gathering(mutex);
      woken.wait_for(gathering, stop, options.gather, [&] { return at_once; });
      wanted = at_once = false;
    } else {
      wanted = false;
      woken.wait_for(lock, stop, pause, [&] { return at_once; });  // events that come meanwhile make nothing better
      at_once = false;
    }
  }
}

milliseconds Sender::Impl::pause_after(const Outcome& outcome) {
  if (outcome.trouble.empty()) {
    failures = 0;
    return options.look;
  }
  // Full jitter: many laptops whose hub was away do not come back at one moment.
  const auto most =
      std::min<milliseconds>(options.longest_retry, options.first_retry * (1LL << std::min(failures, 20)));
  ++failures;
  const milliseconds pause(std::uniform_int_distribution<std::int64_t>(0, most.count())(random));
  return std::max<milliseconds>(pause, outcome.retry_after);
}

Outcome Sender::Impl::round(const std::stop_token& stop) {
  auto membership = read_membership(options.state);
  if (!membership) return {membership.error().context};
  set([&](SenderStatus& told) {
    told.member = membership->has_value();
    told.hub = membership->has_value() ? (*membership)->hub : "";
  });
  if (!*membership) return {};
  forget_what_is_old(**membership);
  {
    const std::lock_guard lock(mutex);
    if (std::exchange(tell_anew, false)) told_health = false;
  }
  const auto device = events::Device::read(options.state / "events");
  if (!device) return {device.error().context};
  const auto key = device->key().private_key_pem();
  if (!key) return {key.error().context};
  const auto branches = read_branches(options.state);
  if (!branches) return {branches.error().context};
  Way way = options.way();
  way.stop = stop;
  Asked asked{**membership, *key, std::string(device->key().id()), way, HubClient(**membership, *key, &sessions)};
  for (const Table table : kTables) {
    const auto epochs = options.store->epochs(table);
    if (!epochs) return {epochs.error().context};
    for (const Part& part : parts_of(table, *epochs, *branches)) {
      auto outcome = send_part(asked, part);
      if (!outcome.trouble.empty() || stop.stop_requested()) return outcome;
    }
  }
  return tell_health(asked);
}

/// Another hub knows nothing of what the one before had, and one that was put back from a backup has less than it said.
void Sender::Impl::forget_what_is_old(const Membership& membership) {
  const std::string hub = membership.hub + membership.authority;
  const auto now = Steady::now();
  if (hub != of_hub || !told_at || now - *told_at >= options.look) told_health = false;
  if (hub == of_hub && asked_at && now - *asked_at < options.ask_anew) return;
  receipts.clear();
  unconfirmed.clear();
  if (hub != of_hub) {
    parked.clear();
    set([](SenderStatus& told) { told.parked = 0; });
  }
  of_hub = hub;
  asked_at = now;
}

Outcome Sender::Impl::tell_health(Asked& asked) {
  if (!options.health || told_health) return {};
  const std::string health = options.health();
  if (health.empty()) return {};
  for (int i = 0; i < kMostHearings; ++i) {
    const auto heard = notices.news();
    if (!heard) return {heard.error().context};
    const auto answer =
        asked.hub.post("/v1/health", exchange::write_health(health, *heard, desk_set(options.state)), asked.way);
    if (!answer) return {answer.error().context};
    if (answer->status == kUnknown) return enrol_anew(asked);
    if (answer->status != kTaken)
      return {"the hub does not hear how this laptop is: " + answer->body, answer->retry_after};
    notices.confirm(*heard);
    const auto told = exchange::read_notices(answer->body);
    if (!told) return {told.error().context};
    if (auto done = notices.carry_out(*told); !done) return {done.error().context};
    const bool took = told->exceptions && desk_set(options.state) == told->exceptions->digest;
    if (told->notices.empty() && told->unreadable.empty() && !took) break;
    wake();  // what was written about it goes to the hub too
  }
  told_health = true;
  told_at = Steady::now();
  return {};
}

Result<Outgoing> Sender::Impl::next_rows(const std::string& device, const Part& part, const Receipt& receipt) const {
  const auto aside = parked.find(stream_of(part));
  const Range range =
      exchange::next_range(aside == parked.end() ? receipt : exchange::without(receipt, aside->second), part.range,
                           part.table == Table::events ? most_sent : std::min(most_sent, exchange::kMostRows));
  return rows_of(*options.store, device, part, range);
}

void Sender::Impl::park(const Part& part, const Outgoing& sent, const std::string& why) {
  most_sent = exchange::kMostCovered;
  const std::uint64_t sequence = sent.sequences.front();
  if (!parked[stream_of(part)].insert(sequence).second) return;
  options.tell("fleet: the hub does not take row " + std::to_string(sequence) + " of " +
               std::string(to_string(part.table)) + ", epoch " + std::to_string(part.range.epoch) + ": " + why +
               "; it stays on this laptop");
  set([](SenderStatus& told) { ++told.parked; });
}

Outcome Sender::Impl::send_part(Asked& asked, const Part& part) {
  for (;;) {
    const auto known = receipts.find(stream_of(part));
    // The first question: what is there already, and is it this laptop's?
    const auto sending = known == receipts.end() ? ask_about(*options.store, asked.device, part, part.range.last)
                                                 : next_rows(asked.device, part, known->second);
    if (!sending) return {sending.error().context};
    if (known != receipts.end() && sending->sequences.empty()) {
      tell_waiting(part);
      return {};
    }
    const auto answer = asked.hub.post(sending->path, sending->text, asked.way);
    if (!answer) {
      receipts.erase(stream_of(part));  // whether it was taken is not known
      return {answer.error().context};
    }
    if (auto outcome = take_answer(asked, part, *sending, *answer); !outcome.trouble.empty()) return outcome;
  }
}

Outcome Sender::Impl::take_answer(Asked& asked, const Part& part, const Outgoing& sent, const HubAnswer& answer) {
  switch (answer.status) {
    case kTaken:
      return take_receipt(part, sent, answer.body);
    case kUnknown:
      return enrol_anew(asked);
    case kDiffers:
      if (const auto receipt = exchange::read_receipt(answer.body);
          receipt && receipt->differs_from >= part.range.first)
        return branch_off(asked, part, receipt->differs_from);
      return {"the hub's answer is no receipt"};
    case kBad:
    case kTooLarge:
    case kUnsupported:
      if (sent.sequences.empty()) return {"the hub does not understand this laptop: " + answer.body};
      if (sent.sequences.size() == 1) {
        park(part, sent, answer.body);
      } else {
        most_sent = sent.sequences.size() / 2;
      }
      return {};
    case kForbidden:
      return {"the hub takes nothing of this laptop: " + answer.body, answer.retry_after};
    default:
      return {"the hub cannot take events now (" + std::to_string(answer.status) + ")", answer.retry_after};
  }
}

Outcome Sender::Impl::take_receipt(const Part& part, const Outgoing& sent, const std::string& text) {
  auto receipt = exchange::read_receipt(text);
  if (!receipt) return {receipt.error().context};
  const auto known = receipts.find(stream_of(part));
  if (known != receipts.end() && !sent.sequences.empty() && receipt->high == known->second.high &&
      receipt->missing == known->second.missing)
    return {"the hub confirms nothing of what it is sent"};
  most_sent = exchange::kMostCovered;
  set([&](SenderStatus& told) {
    told.confirmed = options.now();
    if (part.table == Table::events) told.high = receipt->high;
  });
  receipts[stream_of(part)] = std::move(*receipt);
  tell_waiting(part);
  return {};
}

/// What is parked waits for nothing.
void Sender::Impl::tell_waiting(const Part& part) {
  const Receipt rest = exchange::without(receipts[stream_of(part)], parked[stream_of(part)]);
  std::uint64_t& left = unconfirmed[stream_of(part)];
  left = part.range.last - std::min(part.range.last, rest.high);
  for (const Range& range : rest.missing) left += range.last - range.first + 1;
  set([&](SenderStatus& told) {
    told.waiting = 0;
    for (const auto& [_, count] : unconfirmed) told.waiting += count;
  });
}

/// Each row builds on all before it: where one differs, all after it do. The first that does is looked for, and from
/// there on events get an epoch of their own.
Outcome Sender::Impl::branch_off(Asked& asked, const Part& part, std::uint64_t differs_from) {
  std::uint64_t lowest = part.range.first, highest = differs_from;
  while (lowest < highest) {
    const std::uint64_t middle = lowest + (highest - lowest) / 2;
    const auto about = ask_about(*options.store, asked.device, part, middle);
    if (!about) return {about.error().context};
    const auto answer = asked.hub.post(about->path, about->text, asked.way);
    if (!answer) return {answer.error().context};
    if (answer->status != kTaken && answer->status != kDiffers) return {"the hub does not say what it has"};
    if (answer->status == kDiffers) {
      highest = middle;
    } else {
      lowest = middle + 1;
    }
  }
  auto branches = read_branches(options.state);
  if (!branches) return {branches.error().context};
  branches->push_back({part.table, part.range.epoch, highest, new_epoch()});
  if (auto kept = write_branches(options.state, *branches); !kept) return {kept.error().context};
  receipts.erase(stream_of(part));
  return {"the hub has other " + std::string(to_string(part.table)) + " of the numbers from " +
          std::to_string(highest) +
          " on: this laptop was set back to an older state, or copied; it hands in its own under a new epoch"};
}

Outcome Sender::Impl::enrol_anew(const Asked& asked) {
  auto renewed = enrol(asked.membership, asked.key, "", platform::host_name(), asked.way);
  if (!renewed) return {renewed.error().context};
  if (auto kept = write_membership(options.state, *renewed); !kept) return {kept.error().context};
  return {"the hub gave this laptop a new certificate"};  // the next round shows it
}

Sender::Sender(SenderOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
  impl_->thread = std::jthread([this](const std::stop_token& stop) { impl_->run(stop); });
}
Sender::~Sender() = default;

void Sender::wake() { impl_->wake(); }

void Sender::try_now() {
  const std::lock_guard lock(impl_->mutex);
  impl_->at_once = impl_->tell_anew = true;
  impl_->woken.notify_all();
}

SenderStatus Sender::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->status;
}

}  // namespace fairlead::agent::fleet
