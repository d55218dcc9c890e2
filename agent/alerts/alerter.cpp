#include "agent/alerts/alerter.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <thread>

#include "agent/alerts/text.hpp"
#include "agent/events/digest.hpp"

namespace fairlead::agent::alerts {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};  // a page asks for a hundred things at once
constexpr std::chrono::seconds kAfterTrouble{30};

double chance() {
  std::uint32_t drawn = 0;
  events::fill_random(std::span(reinterpret_cast<char*>(&drawn), sizeof drawn));
  return static_cast<double>(drawn) / std::numeric_limits<std::uint32_t>::max();
}

}  // namespace

struct Alerter::Impl {
  explicit Impl(AlerterOptions given) : options(std::move(given)), started(options.now()) {}

  void run(const std::stop_token& stop);
  void one_round();
  [[nodiscard]] Outcome send(const Route& route, const Message& message) const;
  void take_status(std::string trouble);
  [[nodiscard]] RoundsOptions rounds_options();

  const AlerterOptions options;
  const TimePoint started;

  // Of the thread alone.
  std::shared_ptr<const rules::policy::Rules> rules;
  std::optional<Rounds> rounds;
  bool in_use = false;  // the rules, by the rounds
  std::optional<TimePoint> next;
  std::string notice;
  std::stop_token stopping;

  mutable std::mutex mutex;  // of what follows
  std::condition_variable_any woken;
  std::shared_ptr<const rules::policy::Rules> new_rules;
  bool look = true;
  std::vector<std::function<void(const Tested&)>> tests;
  AlerterStatus shown;

  std::jthread thread;  // the last member: it ends before the others do
};

Outcome Alerter::Impl::send(const Route& route, const Message& message) const {
  DeliveryOptions delivery = options.delivery();
  delivery.stop = stopping;
  const auto& alerts = rules->policy().alerts;
  if (route.webhook) {
    const auto now = std::chrono::floor<std::chrono::seconds>(options.now());
    return post_webhook(alerts.webhooks[route.channel], message.key, message.body, now, delivery);
  }
  const auto& channel = alerts.mail[route.channel];
  const Envelope envelope{channel.from, route.to, message.key, message.created};
  return send_mail(channel, route.to, mail_message(envelope, message.subject, message.body), delivery);
}

RoundsOptions Alerter::Impl::rounds_options() {
  RoundsOptions out;
  out.feed = options.feed;
  out.send = [this](const Route& route, const Message& message) { return send(route, message); };
  out.now = options.now;
  out.chance = chance;
  out.tell = options.tell;
  out.started = started;
  return out;
}

void Alerter::Impl::take_status(std::string trouble) {
  AlerterStatus status;
  status.notice = notice;
  status.trouble = std::move(trouble);
  if (rounds) {
    auto routes = rounds->outbox().status();
    const auto withdrawn = rounds->outbox().withdrawn();
    if (routes) status.routes = std::move(*routes);
    if (withdrawn) status.withdrawn = *withdrawn;
  }
  const std::lock_guard lock(mutex);
  if (shown.trouble.empty() && !status.trouble.empty()) options.tell("alerts wait: " + status.trouble);
  shown = std::move(status);
}

/// Opens the outbox, and puts new rules into force.
void Alerter::Impl::one_round() {
  std::shared_ptr<const rules::policy::Rules> fresh;
  bool looking = false;
  std::vector<std::function<void(const Tested&)>> testing;
  {
    const std::lock_guard lock(mutex);
    fresh = std::exchange(new_rules, nullptr);
    looking = std::exchange(look, false);
    testing.swap(tests);
  }
  const auto fail_with = [&](const Error& error) {
    next = options.now() + kAfterTrouble;
    take_status(error.context);
    const std::lock_guard lock(mutex);
    look = look || looking;
  };
  if (fresh) {
    rules = std::move(fresh);
    in_use = false;
  }
  std::optional<Error> error;
  if (!rounds) {
    auto outbox = Outbox::open(options.folder, options.now(), notice);
    if (outbox) rounds.emplace(std::move(*outbox), rounds_options(), !notice.empty());
    if (!outbox) error = std::move(outbox).error();
  }
  if (rounds && !in_use) {
    auto used = rounds->use(rules->catalog());
    in_use = used.has_value();
    if (!used) error = std::move(used).error();
  }
  for (const auto& done : testing) done(rounds ? rounds->test() : Tested{});
  if (error) return fail_with(*error);
  const auto ran = rounds->run(looking);
  if (!ran) return fail_with(ran.error());
  next = *ran;
  take_status({});
}

void Alerter::Impl::run(const std::stop_token& stop) {
  stopping = stop;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex);
      const auto is_needed = [this] { return (look && rules) || new_rules || !tests.empty(); };
      // By the clock on the wall: it goes on while the laptop sleeps.
      if (next)
        woken.wait_until(lock, stop, *next, is_needed);
      else
        woken.wait(lock, stop, is_needed);
    }
    if (stop.stop_requested()) return;
    if (rules || new_rules) one_round();
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, kBetweenLooks, [this] { return !tests.empty(); });
  }
}

Alerter::Alerter(AlerterOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
  impl_->thread = std::jthread([impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); });
}

Alerter::~Alerter() = default;

void Alerter::use(std::shared_ptr<const rules::policy::Rules> rules) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->new_rules = std::move(rules);
  }
  impl_->woken.notify_all();
}

void Alerter::wake() {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->look) return;  // it is awake, or about to be
    impl_->look = true;
  }
  impl_->woken.notify_all();
}

void Alerter::test(std::function<void(const Tested&)> done) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->tests.push_back(std::move(done));
  }
  impl_->woken.notify_all();
}

AlerterStatus Alerter::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->shown;
}

}  // namespace fairlead::agent::alerts
