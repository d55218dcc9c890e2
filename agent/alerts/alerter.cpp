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
constexpr std::chrono::hours kBetweenReplacing{1};
constexpr std::chrono::minutes kLongestSleep{5};  // while something waits for its time
constexpr std::chrono::seconds kAfterTrouble{30};
constexpr std::chrono::seconds kOneTest{20}, kLatestTest{30};  // together less than a command waits for the agent

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
  [[nodiscard]] Outcome send(const rules::policy::Rules& by, const Route& route, const Message& message,
                             DeliveryOptions delivery) const;
  void take_status(std::string trouble);
  void give_up_outbox();
  [[nodiscard]] Result<Outbox> open_outbox();
  [[nodiscard]] RoundsOptions rounds_options();

  const AlerterOptions options;
  const TimePoint started;
  std::stop_source stopping;  // for transfers under way

  // Of the thread alone.
  std::shared_ptr<const rules::policy::Rules> rules;
  std::optional<Rounds> rounds;
  bool in_use = false;   // the rules, by the rounds
  bool missed = false;   // a look that could not be finished
  bool damaged = false;  // what was open proved to be
  TimePoint replaced{};
  std::optional<TimePoint> next;
  std::string notice;

  mutable std::mutex mutex;  // of what follows
  std::condition_variable_any woken;
  std::shared_ptr<const rules::policy::Rules> new_rules;
  bool look = true;
  bool has_channel = true;                              // until rules say otherwise
  std::shared_ptr<const rules::policy::Rules> current;  // the newest
  std::vector<std::string> working;                     // routes over which a test arrived
  AlerterStatus shown;

  std::jthread thread;  // the last member: it ends before the others do
};

Outcome Alerter::Impl::send(const rules::policy::Rules& by, const Route& route, const Message& message,
                            DeliveryOptions delivery) const {
  delivery.stop = stopping.get_token();
  const auto& alerts = by.policy().alerts;
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
  out.send = [this](const Route& route, const Message& message) {
    return send(*rules, route, message, options.delivery());
  };
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
    const auto withdrawn = rounds->outbox().withdrawn(options.now());
    if (routes) status.routes = std::move(*routes);
    if (withdrawn) status.withdrawn = *withdrawn;
  }
  std::string news;
  {
    const std::lock_guard lock(mutex);
    if (shown.trouble.empty()) news = status.trouble;
    if (!rounds) status.routes = std::move(shown.routes);  // somebody is told, once the file can be opened
    shown = std::move(status);
  }
  if (!news.empty()) options.tell("alerts wait: " + news);  // which may take its time, and nobody waits for it
}

/// A file that opens and cannot be read further in is begun anew by the next round, which finds again what is to be
/// told. Not more than once an hour: where new files break too, the disk is what is damaged.
void Alerter::Impl::give_up_outbox() {
  rounds.reset();
  in_use = false;
  missed = true;
  damaged = options.now() - replaced >= kBetweenReplacing || replaced > options.now();
  if (damaged) next = options.now();
}

Result<Outbox> Alerter::Impl::open_outbox() {
  const TimePoint now = options.now();
  const std::string before = notice;
  auto outbox = damaged ? Outbox::open_anew(options.folder, now, notice) : Outbox::open(options.folder, now, notice);
  if (!outbox) return outbox;
  damaged = false;
  if (notice == before) return outbox;
  replaced = now;
  options.tell(notice);
  return outbox;
}

/// Opens the outbox, and puts new rules into force.
void Alerter::Impl::one_round() {
  std::shared_ptr<const rules::policy::Rules> fresh;
  bool looking = false;
  std::vector<std::string> tested;
  {
    const std::lock_guard lock(mutex);
    fresh = std::exchange(new_rules, nullptr);
    looking = std::exchange(look, false) || std::exchange(missed, false);
    tested.swap(working);
  }
  const auto fail_with = [&](const Error& error) {
    next = options.now() + kAfterTrouble;
    missed = looking;  // made up for by the next round, which is not at once
    if (error.code == Errc::broken_store && rounds) give_up_outbox();
    take_status(error.context);
  };
  if (fresh) {
    rules = std::move(fresh);
    in_use = false;
  }
  std::optional<Error> error;
  if (!rounds) {
    auto outbox = open_outbox();
    if (outbox)
      rounds.emplace(std::move(*outbox), rounds_options(), !notice.empty());
    else
      error = std::move(outbox).error();
  }
  if (rounds && !in_use) {
    auto used = rounds->use(rules->catalog());
    in_use = used.has_value();
    if (!used) error = std::move(used).error();
  }
  for (const std::string& route : tested) {
    auto tried = rounds ? rounds->try_now(route) : Result<void>{};
    if (!tried) error = std::move(tried).error();
  }
  if (error) return fail_with(*error);
  const auto ran = rounds->run(looking);
  if (!ran) return fail_with(ran.error());
  next = *ran;
  take_status({});
}

void Alerter::Impl::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex);
      const auto is_needed = [this] { return (look && rules) || new_rules || !working.empty(); };
      // The clock on the wall goes on while the laptop sleeps, and may be set back: it is looked at now and then.
      if (next)
        woken.wait_for(lock, stop, std::clamp<TimePoint::duration>(*next - options.now(), {}, kLongestSleep),
                       is_needed);
      else
        woken.wait(lock, stop, is_needed);
    }
    if (stop.stop_requested()) return;
    if (rules || new_rules) one_round();
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, kBetweenLooks, [this] { return !working.empty(); });
  }
}

Alerter::Alerter(AlerterOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
  impl_->thread = std::jthread([impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); });
}

Alerter::~Alerter() { stop(); }

void Alerter::stop() {
  impl_->stopping.request_stop();
  impl_->thread.request_stop();
}

void Alerter::use(std::shared_ptr<const rules::policy::Rules> rules) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->shown.routes.empty()) {  // until the first round has looked
      for (const Route& route : routes_of(rules->policy().alerts))
        impl_->shown.routes.emplace_back().route = route.name;
    }
    impl_->current = rules;
    impl_->has_channel = rules->policy().alerts.has_channel();
    impl_->new_rules = std::move(rules);
  }
  impl_->woken.notify_all();
}

void Alerter::wake() {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->look || !impl_->has_channel) return;  // it is awake, or about to be; or nobody is to be told
    impl_->look = true;
  }
  impl_->woken.notify_all();
}

Alerter::Tested Alerter::test() {
  std::shared_ptr<const rules::policy::Rules> by;
  {
    const std::lock_guard lock(impl_->mutex);
    by = impl_->current;
  }
  Tested out;
  if (!by) return out;
  const TimePoint begin = impl_->options.now();
  for (const Route& route : routes_of(by->policy().alerts)) {
    Message message;
    message.key = new_key();
    message.route = route.name;
    message.created = impl_->options.now();
    message.subject = test_subject();
    message.body = route.webhook ? test_json(message.key, message.created) : test_text(by->policy().organisation);
    DeliveryOptions delivery = impl_->options.delivery();
    delivery.total_limit = std::min<std::chrono::milliseconds>(delivery.total_limit, kOneTest);
    Outcome outcome{Verdict::retry, "was not tried: those before it took too long", std::nullopt, false};
    if (message.created - begin < kLatestTest) outcome = impl_->send(*by, route, message, std::move(delivery));
    if (outcome.verdict == Verdict::delivered) {
      const std::lock_guard lock(impl_->mutex);
      impl_->working.push_back(route.name);
    }
    out.emplace_back(route, std::move(outcome));
  }
  impl_->woken.notify_all();
  return out;
}

AlerterStatus Alerter::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->shown;
}

}  // namespace fairlead::agent::alerts
