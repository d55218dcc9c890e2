#include "agent/fleet/sender.hpp"

#include <algorithm>
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
#include "agent/platform/platform.hpp"

namespace fairlead::agent::fleet {
namespace {

using events::Stored;
using exchange::Batch;
using exchange::Range;
using exchange::Receipt;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr auto kLook = std::chrono::minutes(15);  // without any event: whether the hub still has all
constexpr long kTaken = 200, kBad = 400, kUnknown = 401, kForbidden = 403, kDiffers = 409, kTooLarge = 413,
               kUnsupported = 415;

/// What came of a round: nothing is left to send, or when to try again.
struct Outcome {
  std::string trouble;
  std::chrono::seconds retry_after{0};  // the hub's wish
};

}  // namespace

struct Sender::Impl {
  explicit Impl(SenderOptions given) : options(std::move(given)) {}

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
  Outcome take_answer(Asked& asked, const Part& part, const Batch& batch, const HubAnswer& answer);
  Outcome take_receipt(const Part& part, const Batch& batch, const std::string& text);
  void tell_waiting(const Part& part);
  Outcome enrol_anew(const Asked& asked);
  Outcome tell_health(Asked& asked);
  Outcome branch_off(Asked& asked, const Part& part, std::uint64_t differs_from);
  Result<Batch> question(const std::string& device, const Part& part, std::uint64_t about) const;
  Result<Batch> next_batch(const std::string& device, const Part& part, const Receipt& receipt) const;
  void park(const Batch& batch, const std::string& why);
  milliseconds pause_after(const Outcome& outcome);
  void set(const std::function<void(SenderStatus&)>& change);

  SenderOptions options;

  mutable std::mutex mutex;
  std::condition_variable_any woken;
  bool wanted = true, at_once = false, tell_anew = false;
  SenderStatus status;

  // The thread's own.
  std::map<std::uint64_t, Receipt> receipts;                // by epoch
  std::map<std::uint64_t, std::uint64_t> unconfirmed;       // by epoch
  std::map<std::uint64_t, std::set<std::uint64_t>> parked;  // sequences by epoch
  std::size_t most_rows = exchange::kMostRows;
  int failures = 0;
  std::string of_hub;                          // whose receipts these are
  std::optional<Steady::time_point> asked_at;  // for all that it has
  bool told_health = false;                    // since then
  std::mt19937_64 random{std::random_device{}()};

  std::jthread thread;  // last: it ends before what it uses
};

void Sender::Impl::set(const std::function<void(SenderStatus&)>& change) {
  const std::lock_guard lock(mutex);
  change(status);
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
    return kLook;
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
  const auto epochs = options.store->epochs();
  if (!epochs) return {epochs.error().context};
  const auto branches = read_branches(options.state);
  if (!branches) return {branches.error().context};
  Way way = options.way();
  way.stop = stop;
  Asked asked{**membership, *key, std::string(device->key().id()), way, HubClient(**membership, *key)};
  for (const Part& part : parts_of(*epochs, *branches)) {
    auto outcome = send_part(asked, part);
    if (!outcome.trouble.empty() || stop.stop_requested()) return outcome;
  }
  return tell_health(asked);
}

/// Another hub knows nothing of what the one before had, and one that was put back from a backup has less than it said.
void Sender::Impl::forget_what_is_old(const Membership& membership) {
  const std::string hub = membership.hub + membership.authority;
  if (hub == of_hub && asked_at && Steady::now() - *asked_at < kLook) return;
  receipts.clear();
  unconfirmed.clear();
  if (hub != of_hub) {
    parked.clear();
    set([](SenderStatus& told) { told.parked = 0; });
  }
  of_hub = hub;
  asked_at = Steady::now();
  told_health = false;
}

Outcome Sender::Impl::tell_health(Asked& asked) {
  if (!options.health || told_health) return {};
  const std::string health = options.health();
  if (health.empty()) return {};
  const auto answer = asked.hub.post("/v1/health", health, asked.way);
  if (!answer) return {answer.error().context};
  if (answer->status == kUnknown) return enrol_anew(asked);
  if (answer->status != kTaken)
    return {"the hub does not hear how this laptop is: " + answer->body, answer->retry_after};
  told_health = true;
  return {};
}

/// No rows, but one that is here, for the hub to compare.
Result<Batch> Sender::Impl::question(const std::string& device, const Part& part, std::uint64_t about) const {
  Batch batch{device, part.epoch, part.first, {}};
  events::Filter filter;
  filter.after = about - 1;
  filter.before = about + 1;
  const auto rows = options.store->list(filter);
  if (!rows) return tl::unexpected(rows.error());
  if (!rows->empty()) batch.mark = exchange::Mark{about, rows->front().digest};
  return batch;
}

Result<Batch> Sender::Impl::next_batch(const std::string& device, const Part& part, const Receipt& receipt) const {
  Batch batch{device, part.epoch, part.first, {}};
  const auto aside = parked.find(part.epoch);
  const Range range = exchange::next_range(aside == parked.end() ? receipt : exchange::without(receipt, aside->second),
                                           part, most_rows);
  if (range.first == 0) return batch;
  events::Filter filter;
  filter.after = range.first - (range.first > part.first ? 2 : 1);
  filter.before = range.last + 1;
  auto rows = options.store->list(filter);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::size_t bytes = 0;
  for (Stored& row : *rows) {
    if (row.sequence < range.first) {
      batch.mark = exchange::Mark{row.sequence, std::move(row.digest)};
      continue;
    }
    bytes += 1024 + row.event.url.size() + row.event.losers.size() + row.event.rule.size() + row.event.words.size();
    if (!batch.rows.empty() && bytes > exchange::kEnoughBytes) break;
    batch.rows.push_back(std::move(row));
  }
  return batch;
}

void Sender::Impl::park(const Batch& batch, const std::string& why) {
  most_rows = exchange::kMostRows;
  const std::uint64_t sequence = batch.rows.front().sequence;
  if (!parked[batch.epoch].insert(sequence).second) return;
  options.tell("fleet: the hub does not take event " + std::to_string(sequence) + " of epoch " +
               std::to_string(batch.epoch) + ": " + why + "; it stays on this laptop");
  set([](SenderStatus& told) { ++told.parked; });
}

Outcome Sender::Impl::send_part(Asked& asked, const Part& part) {
  for (;;) {
    const auto known = receipts.find(part.epoch);
    // The first question: what is there already, and is it this laptop's?
    auto batch = known == receipts.end() ? question(asked.device, part, part.last)
                                         : next_batch(asked.device, part, known->second);
    if (!batch) return {batch.error().context};
    if (known != receipts.end() && batch->rows.empty()) {
      tell_waiting(part);
      return {};
    }
    const auto answer = asked.hub.post("/v1/events", exchange::write_batch(*batch), asked.way);
    if (!answer) {
      receipts.erase(part.epoch);  // whether it was taken is not known
      return {answer.error().context};
    }
    if (auto outcome = take_answer(asked, part, *batch, *answer); !outcome.trouble.empty()) return outcome;
  }
}

Outcome Sender::Impl::take_answer(Asked& asked, const Part& part, const Batch& batch, const HubAnswer& answer) {
  switch (answer.status) {
    case kTaken:
      return take_receipt(part, batch, answer.body);
    case kUnknown:
      return enrol_anew(asked);
    case kDiffers:
      if (const auto receipt = exchange::read_receipt(answer.body); receipt && receipt->differs_from >= part.first)
        return branch_off(asked, part, receipt->differs_from);
      return {"the hub's answer is no receipt"};
    case kBad:
    case kTooLarge:
    case kUnsupported:
      if (batch.rows.empty()) return {"the hub does not understand this laptop: " + answer.body};
      if (batch.rows.size() == 1) {
        park(batch, answer.body);
      } else {
        most_rows = batch.rows.size() / 2;
      }
      return {};
    case kForbidden:
      return {"the hub takes nothing of this laptop: " + answer.body, answer.retry_after};
    default:
      return {"the hub cannot take events now (" + std::to_string(answer.status) + ")", answer.retry_after};
  }
}

Outcome Sender::Impl::take_receipt(const Part& part, const Batch& batch, const std::string& text) {
  auto receipt = exchange::read_receipt(text);
  if (!receipt) return {receipt.error().context};
  const auto known = receipts.find(part.epoch);
  if (known != receipts.end() && !batch.rows.empty() && receipt->high == known->second.high &&
      receipt->missing == known->second.missing)
    return {"the hub confirms nothing of what it is sent"};
  most_rows = exchange::kMostRows;
  set([&](SenderStatus& told) {
    told.confirmed = options.now();
    told.high = receipt->high;
  });
  receipts[part.epoch] = std::move(*receipt);
  tell_waiting(part);
  return {};
}

/// What is parked waits for nothing.
void Sender::Impl::tell_waiting(const Part& part) {
  const Receipt rest = exchange::without(receipts[part.epoch], parked[part.epoch]);
  std::uint64_t& left = unconfirmed[part.epoch];
  left = part.last - std::min(part.last, rest.high);
  for (const Range& range : rest.missing) left += range.last - range.first + 1;
  set([&](SenderStatus& told) {
    told.waiting = 0;
    for (const auto& [_, count] : unconfirmed) told.waiting += count;
  });
}

/// Each row builds on all before it: where one differs, all after it do. The first that does is looked for, and from
/// there on events get an epoch of their own.
Outcome Sender::Impl::branch_off(Asked& asked, const Part& part, std::uint64_t differs_from) {
  std::uint64_t lowest = part.first, highest = differs_from;
  while (lowest < highest) {
    const std::uint64_t middle = lowest + (highest - lowest) / 2;
    const auto about = question(asked.device, part, middle);
    if (!about) return {about.error().context};
    const auto answer = asked.hub.post("/v1/events", exchange::write_batch(*about), asked.way);
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
  branches->push_back({part.epoch, highest, new_epoch()});
  if (auto kept = write_branches(options.state, *branches); !kept) return {kept.error().context};
  receipts.erase(part.epoch);
  return {"the hub has other events of the numbers from " + std::to_string(highest) +
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

void Sender::wake() {
  const std::lock_guard lock(impl_->mutex);
  impl_->wanted = true;
  impl_->woken.notify_all();
}

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
