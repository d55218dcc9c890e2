#include "agent/command/running_agent.hpp"

#include <csignal>
#include <future>
#include <span>
#include <stop_token>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>

#include <nlohmann/json.hpp>

#include "agent/alerts/alerter.hpp"
#include "agent/command/alerter_options.hpp"
#include "agent/command/alerts_status.hpp"
#include "agent/command/asked_of_agent.hpp"
#include "agent/command/authority_files.hpp"
#include "agent/command/fleet.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/life.hpp"
#include "agent/command/lists.hpp"
#include "agent/command/live_check.hpp"
#include "agent/command/local_pages.hpp"
#include "agent/command/log.hpp"
#include "agent/command/retired_rules.hpp"
#include "agent/command/rules_source.hpp"
#include "agent/command/rule_workshop.hpp"
#include "agent/command/status.hpp"
#include "agent/events/store.hpp"
#include "agent/events/digest.hpp"
#include "agent/fleet/desk_exceptions.hpp"
#include "agent/lists/list_updater.hpp"
#include "agent/lists/rules_keeper.hpp"
#include "agent/net/control.hpp"
#include "agent/net/listener.hpp"
#include "agent/net/services.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr std::size_t kWorkers = 2;
constexpr std::chrono::milliseconds kAfterAnEdit{400};  // editors write in several steps
constexpr std::chrono::hours kBetweenErasures{6};
constexpr std::chrono::seconds kBetweenLooksForChanges{30};  // at what waits until its time has come
constexpr std::chrono::minutes kBeforeFirstUpdate{2};        // the network of a laptop takes a while to come up
constexpr std::chrono::minutes kBetweenUpdates{15};  // each list has a timetable of its own; this only looks at it

std::chrono::sys_seconds now() { return std::chrono::floor<std::chrono::seconds>(platform::wall_clock()); }

/// Null when this laptop has no authority. Reads its files and the system's roots.
Result<std::shared_ptr<net::OwnTls>> make_own_tls(const std::filesystem::path& state) {
  auto authority = read_authority(state);
  if (!authority) return tl::unexpected(std::move(authority).error());
  if (!*authority) return nullptr;
  return std::make_shared<net::OwnTls>(std::move(**authority));
}

}  // namespace

struct RunningAgent::Impl {
  explicit Impl(AgentOptions given)
      : options(std::move(given)),
        source{options.config, options.state},
        keeper(options.config, options.state),
        store(events::Store::open_or_waiting(events_folder(options.state))),
        services(context, workers, keeper, *store),
        listener(services),
        control(services, control_socket(options.state),
                [this](const json& request, const net::Asker& asker, std::function<void(json)> done) {
                  on_control(request, asker, std::move(done));
                }),
        signals(context, SIGINT, SIGTERM),
        hang_up(context, SIGHUP),
        watch(options.config),
        edits(context),
        after_edit(context),
        erasure(context),
        update(context),
        due_changes(context),
        heartbeat(context),
        retired(context, workers),
        workshop(std::make_shared<RuleWorkshop>(place_of_workshop(), *store)),
        life(services, options.state, housework),
        alerter(alerter_options(options.config, options.state, *store, services.upstream_proxy)),
        sender(sender_options(options.state, *store, services.upstream_proxy, *workshop, [this] { return health(); })),
        updater(updater_options(
            options.state, services.upstream_proxy, [this] { ask_reload("rules of the fleet"); },
            [this] { sender.try_now(); })) {
    store->when_recorded([this] {
      alerter.wake();
      sender.wake();
    });
  }
  ~Impl() {
    stopping.request_stop();  // the sender may wait for the loop
    store->when_recorded({});
    alerter.stop();
    housework.join();
    alert_tests.join();
    workers.join();
  }

  Result<void> start();
  Result<void> listen();
  Result<void> listen_for_redirected();
  void load_at_start();
  json status();
  std::string health();
  void take_own_tls(Result<std::shared_ptr<net::OwnTls>> made);
  void on_control(const json& request, const net::Asker& asker, std::function<void(json)> done);
  void reload(std::string reason, std::function<void(bool)> done);
  net::Task<void> reload_now(std::string reason);
  template <class Value, class Begin>
  Value ask_loop(Begin begin);
  void await_signals();
  void await_hang_up();
  void await_edit();
  void await_erasure(std::chrono::steady_clock::duration after);
  void await_update(std::chrono::steady_clock::duration after);
  net::Task<void> update_now();
  std::shared_ptr<const rules::policy::Rules> rules_in_force();  // null when the agent stops
  Reloaded ask_reload(const std::string& reason);
  console::Hands hands();
  void await_due_changes();
  void read_agreements();
  [[nodiscard]] RuleWorkshop::Place place_of_workshop();
  void note_rules(std::string before);
  void tell_ready();
  void await_heartbeat();
  void stop();

  AgentOptions options;
  asio::io_context context{1};
  asio::thread_pool workers{kWorkers};
  RulesSource source;
  lists::RulesKeeper keeper;
  std::unique_ptr<events::Store> store;
  net::Services services;
  net::Listener listener;
  net::ControlServer control;
  std::unique_ptr<LocalPages> local_pages;
  asio::signal_set signals, hang_up;
  platform::FolderWatch watch;
  asio::posix::stream_descriptor edits;
  net::Timer after_edit, erasure, update, due_changes, heartbeat;
  platform::ServiceManager service_manager;
  std::chrono::sys_seconds started{};
  std::string proxy;  // where it listens first
  RetiredRules retired;
  std::stop_source stopping;  // for downloads under way
  std::shared_ptr<RuleWorkshop> workshop;
  asio::thread_pool housework{1};  // what waits for the loop, and so may not run on its workers
  bool agreements_read = false;    // of the housework's thread
  Life life;
  asio::thread_pool alert_tests{1};  // a test waits for other people's servers, and reloads do not wait for it
  bool testing_alerts = false;
  bool reloading = false;
  bool reload_again = false;
  bool accept_loss = false;  // for the next load alone
  std::vector<std::function<void(bool)>> awaiting_reload;
  alerts::Alerter alerter;  // ends before the store does
  fleet::Sender sender;     // as well
  fleet::Updater updater;   // before the sender
};

RunningAgent::RunningAgent(AgentOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
RunningAgent::~RunningAgent() = default;

Result<void> RunningAgent::start() { return impl_->start(); }

bool RunningAgent::has_hanging_lookups() const { return impl_->services.resolver.has_hanging_lookups(); }

void RunningAgent::run() {
  asio::post(impl_->context, [this] { impl_->tell_ready(); });
  impl_->context.run();
  impl_->housework.join();
  impl_->life.end_orderly();
  impl_->store->flush();
  log(LogLevel::info, "stopped");
}

Result<void> RunningAgent::Impl::start() {
  started = now();
  if (auto listening = control.start(); !listening) return listening;  // also finds a second agent on the same state
  take_own_tls(make_own_tls(options.state));                           // a console for other machines needs it
  if (auto listening = listen(); !listening) return listening;
  load_at_start();
  alerter.use(keeper.current());
  await_signals();
  await_hang_up();
  if (watch.descriptor() >= 0) {
    edits.assign(platform::duplicate(watch.descriptor()));
    await_edit();
  }
  await_erasure(std::chrono::minutes(1));
  await_update(kBeforeFirstUpdate);
  asio::post(housework, [this] { read_agreements(); });
  await_due_changes();
  life.start();
  listener.start();
  services.portal.look();
  return {};
}

Result<void> RunningAgent::Impl::listen() {
  const bool chosen = !options.listen.empty();
  const std::vector<std::string> wanted =
      chosen ? options.listen : std::vector<std::string>{"127.0.0.1:3128", "[::1]:3128"};
  for (const std::string& text : wanted) {
    auto endpoint = net::parse_endpoint(text);
    if (!endpoint) return tl::unexpected(std::move(endpoint).error());
    auto listening = listener.listen(*endpoint, net::Entrance::proxy);
    const bool optional = !chosen && endpoint->address().is_v6();  // a laptop without IPv6 is no fault
    if (!listening && !optional) return listening;
    if (!listening) continue;
    if (proxy.empty()) proxy = net::to_text(*endpoint);
    log(LogLevel::info, "proxy on " + net::to_text(*endpoint));
  }
  if (auto listening = listen_for_redirected(); !listening) return listening;
  auto pages_at = net::parse_endpoint(options.console);
  if (!pages_at) return tl::unexpected(std::move(pages_at).error());
  local_pages = std::make_unique<LocalPages>(services, *pages_at, hands());
  if (auto serving = local_pages->start(); !serving) return serving;
  if (pages_at->address().is_loopback()) {
    services.local_pages.push_back(*pages_at);
    log(LogLevel::info, "local pages on http://" + net::to_text(*pages_at) + "/");
  } else {
    // On this machine they stay where every page says that they are.
    services.local_pages.emplace_back(asio::ip::address_v4::loopback(), pages_at->port());
    log(LogLevel::info, "local pages on http://127.0.0.1:" + std::to_string(pages_at->port()) +
                            "/, for other machines over TLS on " + net::to_text(*pages_at));
  }
  return {};
}

/// A laptop without IPv6 is no fault.
Result<void> RunningAgent::Impl::listen_for_redirected() {
  if (options.redirected == 0) return {};
  const asio::ip::address addresses[] = {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
  for (const asio::ip::address& address : addresses) {
    auto listening = listener.listen({address, options.redirected}, net::Entrance::redirected);
    if (!listening && address.is_v4()) return listening;
  }
  log(LogLevel::info, "what the firewall redirects, on port " + std::to_string(options.redirected));
  return {};
}

/// `begin` runs on the event loop and is given what to call with the value. A value made empty when the agent stops.
template <class Value, class Begin>
Value RunningAgent::Impl::ask_loop(Begin begin) {
  const auto promise = std::make_shared<std::promise<Value>>();
  auto answer = promise->get_future();
  asio::post(context, [begin = std::move(begin), promise] {
    begin([promise](Value value) { promise->set_value(std::move(value)); });
  });
  while (answer.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    if (stopping.stop_requested()) return Value{};
  }
  return answer.get();
}

std::shared_ptr<const rules::policy::Rules> RunningAgent::Impl::rules_in_force() {
  return ask_loop<std::shared_ptr<const rules::policy::Rules>>(
      [this](const auto& answer) { answer(keeper.current()); });
}

Reloaded RunningAgent::Impl::ask_reload(const std::string& reason) {
  return ask_loop<Reloaded>([this, reason](const std::function<void(Reloaded)>& answer) {
    reload(reason, [this, answer](bool good) {
      Reloaded reloaded{good, {}};
      for (const auto& problem : keeper.last_problems()) reloaded.problems.push_back(to_string(problem));
      answer(std::move(reloaded));
    });
  });
}

/// Each asks the event loop and waits for its answer: for other threads than its own.
console::Hands RunningAgent::Impl::hands() {
  console::Hands made;
  made.state = options.state;
  made.workshop = workshop;
  made.log = [](const std::string& line) { log(LogLevel::warning, line); };
  made.agreed = [this](const std::string& agreement, const std::string& person) {
    asio::post(context, [this, agreement, person] { services.agreements.add(agreement, person); });
  };
  made.lists = [this] {
    const auto rules = rules_in_force();
    return rules ? lists_as_json(rules->catalog(), options.state) : std::string();
  };
  made.explain = [this](const console::Question& question) { return explain_question(rules_in_force(), question); };
  made.status = [this] {
    return ask_loop<std::string>([this](const std::function<void(std::string)>& answer) {
      answer(status().dump(-1, ' ', false, json::error_handler_t::replace));
    });
  };
  return made;
}

void RunningAgent::Impl::load_at_start() {
  const bool good = keeper.adopt(source.load(keeper, false), now());
  for (const auto& problem : keeper.last_problems()) {
    log(problem.kind == rules::catalog::Problem::Kind::error ? LogLevel::error : LogLevel::warning, to_string(problem));
  }
  const bool last_good = !good && keeper.adopt_last_good(source.last_good(keeper), now());
  platform::give_memory_back();  // a first start has built the rules
  services.upstream_proxy.use(lists::read_proxy_access(keeper.current()->policy().network, options.config));
  const std::string name(keeper.current()->ruleset_id().substr(0, 12));
  if (good) {
    log(LogLevel::info, "rules " + name + " in force");
  } else if (last_good) {
    log(LogLevel::error, "no rules could be loaded from " + source.config().string() + ": the last good ones, " + name +
                             ", are in force until they can");
  } else {
    log(LogLevel::error, "no rules could be loaded from " + source.config().string() +
                             ": the built-in minimum is in force until they can");
  }
}

json RunningAgent::Impl::status() {
  json out = status_of(services, started);
  life.tell(out);
  add_alerts(out, alerter.status());
  add_fleet(out, sender.status(), updater.status(), fleet::about_desk_exceptions(keeper.last_problems()));
  return out;
}

/// For the sender's thread. Empty when the agent stops.
std::string RunningAgent::Impl::health() {
  return ask_loop<std::string>([this](const std::function<void(std::string)>& answer) {
    answer(health_of(status()).dump(-1, ' ', false, json::error_handler_t::replace));
  });
}

/// Sessions under way keep what they began with.
void RunningAgent::Impl::take_own_tls(Result<std::shared_ptr<net::OwnTls>> made) {
  if (!made) log(LogLevel::error, "blocked HTTPS sites show no page: " + made.error().context);
  services.own_tls = made ? std::move(*made) : nullptr;
}

void RunningAgent::Impl::on_control(const json& request, const net::Asker& asker, std::function<void(json)> done) {
  const std::string what = request.value("do", "");
  if (what == "status") {
    done(asker.is_trusted() ? status() : status_for_everyone(status()));
  } else if (what == "self_check" && asker.account) {
    answer_self_check(services, options.state, {proxy, options.redirected}, *asker.account, std::move(done));
  } else if (what == "cover") {
    done(life.take_cover(request));
  } else if (what == "pause" && !asker.is_root()) {
    done({{"error", "only root may let filtering rest"}});
  } else if (what == "pause") {
    done(life.pause(request));
  } else if (what == "reload") {
    accept_loss = accept_loss || request.value("accept_loss", false);
    reload("asked for", [this, done = std::move(done)](bool good) {
      json answer = {{"reloaded", good}, {"ruleset", keeper.current()->ruleset_id()}};
      answer["problems"] = problems_of(keeper);
      done(std::move(answer));
    });
  } else if (what == "fleet") {
    sender.try_now();
    updater.try_now();
    reload("fleet", {});  // who leaves one has the rules of this laptop again
    done({{"taken", true}});
  } else if (what == "alerts_test" && testing_alerts) {
    done({{"error", "another test of the alerts is under way; try again in a minute"}});
  } else if (what == "alerts_test") {
    testing_alerts = true;
    asio::post(alert_tests, [this, done = std::move(done)] {
      asio::post(context, [this, done, answer = json_of_test(alerter.test())] {
        testing_alerts = false;
        done(answer);
      });
    });
  } else if (what == "check") {
    done(live_check(services, request));
  } else {
    done({{"error", "unknown request '" + what + "'"}});
  }
}

void RunningAgent::Impl::reload(std::string reason, std::function<void(bool)> done) {
  if (done) awaiting_reload.push_back(std::move(done));
  if (reloading) {
    reload_again = true;  // what changed meanwhile is read by the next one
    return;
  }
  reloading = true;
  net::asio::co_spawn(
      context.get_executor(), [this, reason = std::move(reason)] { return reload_now(reason); }, net::asio::detached);
}

net::Task<void> RunningAgent::Impl::reload_now(std::string reason) {
  bool good = false;
  do {
    reload_again = false;
    const auto load = [this, loss = std::exchange(accept_loss, false)] { return source.load(keeper, loss); };
    auto loaded = co_await net::run_on(workers, load);
    take_own_tls(co_await net::run_on(workers, [this] { return make_own_tls(options.state); }));
    const auto before = keeper.current();
    const auto read_access = [this, next = loaded.rules ? loaded.rules : before] {
      return lists::read_proxy_access(next->policy().network, options.config);
    };
    auto access = co_await net::run_on(workers, read_access);
    services.upstream_proxy.use(std::move(access));
    good = keeper.adopt(std::move(loaded), now());
    if (good && before->ruleset_id() != keeper.current()->ruleset_id()) note_rules(std::string(before->ruleset_id()));
    if (good) retired.take(before);
    if (good) alerter.use(keeper.current());
  } while (reload_again);
  reloading = false;
  if (good) {
    log(LogLevel::info, reason + ": rules " + std::string(keeper.current()->ruleset_id().substr(0, 12)) + " in force");
    for (const std::string& line : fleet::about_desk_exceptions(keeper.last_problems())) log(LogLevel::warning, line);
  } else {
    for (const auto& problem : keeper.last_problems()) log(LogLevel::error, to_string(problem));
    log(LogLevel::error, reason + ": refused; the rules from before stay in force");
  }
  for (const auto& done : std::exchange(awaiting_reload, {})) done(good);
}

void RunningAgent::Impl::await_signals() {
  signals.async_wait([this](net::ErrorCode error, int) {
    if (!error) stop();
  });
}

void RunningAgent::Impl::await_hang_up() {
  hang_up.async_wait([this](net::ErrorCode error, int) {
    if (error) return;
    reload("SIGHUP", {});
    await_hang_up();
  });
}

void RunningAgent::Impl::await_edit() {
  edits.async_wait(asio::posix::descriptor_base::wait_read, [this](net::ErrorCode error) {
    if (error) return;
    if (watch.drain()) {
      after_edit.expires_after(kAfterAnEdit);
      after_edit.async_wait([this](net::ErrorCode cancelled) {
        if (!cancelled) reload("files changed", {});
      });
    }
    await_edit();
  });
}

void RunningAgent::Impl::await_erasure(std::chrono::steady_clock::duration after) {
  erasure.expires_after(after);
  erasure.async_wait([this](net::ErrorCode error) {
    if (error) return;
    asio::post(housework, [this] {
      if (life.may_erase()) workshop->drop_ended(now());
    });
    asio::post(workers, [this, retention = keeper.current()->policy().retention] {
      if (!life.may_erase()) return;  // the status says so
      if (auto erased = store->erase_expired(retention, platform::wall_clock()); !erased) {
        log(LogLevel::warning, "events past their time could not be erased: " + erased.error().context);
      }
    });
    await_erasure(kBetweenErasures);
  });
}

void RunningAgent::Impl::await_update(std::chrono::steady_clock::duration after) {
  update.expires_after(after);
  update.async_wait([this](net::ErrorCode error) {
    if (error) return;
    net::asio::co_spawn(
        context.get_executor(), [this] { return update_now(); }, net::asio::detached);
  });
}

/// Asks for the lists whose time has come. Old rulesets go when no event that they judged is kept any more.
net::Task<void> RunningAgent::Impl::update_now() {
  const auto run = [this, sources = rules::catalog::sources_in_use(keeper.current()->catalog()),
                    kept = keeper.current()->policy().retention.longest(), stop = stopping.get_token()] {
    if (life.may_erase()) keeper.rulesets().remove_expired(now() - kept);
    if (source.is_fleet()) return Result<lists::UpdateRound>();  // whose lists come with the rules
    lists::UpdateOptions how;
    lists::choose_proxy(services.upstream_proxy.access(), how.fetch);
    how.fetch.own_authority = authority_pem(options.state);
    how.fetch.stop = stop;
    events::fill_random(std::span(reinterpret_cast<char*>(&how.seed), sizeof how.seed));
    return lists::run_update_round(keeper.folder(), keeper.lists(), keeper.rulesets(), sources, true, how, now());
  };
  const auto round = co_await net::run_on(workers, run);
  if (round) {
    for (const auto& outcome : round->outcomes) {
      if (outcome.kind == lists::UpdateOutcome::Kind::failed) {
        log(LogLevel::warning, "list " + outcome.id + ": " + outcome.error.context);
      }
    }
    if (round->any_new) reload("new lists", {});
  } else {
    log(LogLevel::warning, "lists could not be updated: " + round.error().context);
  }
  if (!stopping.stop_requested()) await_update(kBetweenUpdates);
}

/// Who changes the files on the disk by hand passes no page of the console; that other rules are in force is noted all
/// the same.
void RunningAgent::Impl::note_rules(std::string before) {
  ChangeStep step;
  step.step = "in force";
  step.change = kReloadSubject;
  step.ruleset_before = std::move(before);
  step.ruleset_after = keeper.current()->ruleset_id();
  asio::post(workers, [this, entry = entry_of(step, platform::wall_clock())]() mutable {
    if (auto noted = store->add(std::move(entry)); !noted) {
      log(LogLevel::warning, "the change of rules could not be noted: " + noted.error().context);
    }
  });
}

RuleWorkshop::Place RunningAgent::Impl::place_of_workshop() {
  RuleWorkshop::Place place;
  place.source = source;
  place.in_force = [this] { return rules_in_force(); };
  place.reload = [this] { return ask_reload("changed in the console"); };
  return place;
}

/// Until the store could be read once: from then on the console tells.
void RunningAgent::Impl::read_agreements() {
  if (agreements_read) return;
  events::EntryFilter filter;
  filter.kind = "agreement";
  auto given = store->entries(filter);
  if (!given) return;
  agreements_read = true;
  asio::post(context, [this, given = std::move(*given)] {
    for (const events::Entry& entry : given) services.agreements.add(entry.subject, entry.person);
    services.agreements.set_complete();
  });
}

void RunningAgent::Impl::await_due_changes() {
  due_changes.expires_after(kBetweenLooksForChanges);
  due_changes.async_wait([this](net::ErrorCode error) {
    if (error) return;
    asio::post(housework, [this] {
      workshop->apply_due(platform::wall_clock());
      read_agreements();
      life.look();
      asio::post(context, [this] {
        if (!stopping.stop_requested()) await_due_changes();
      });
    });
  });
}

/// The first thing that the event loop does: rules are in force by then, and every port listens.
void RunningAgent::Impl::tell_ready() {
  const bool minimum = keeper.current()->is_builtin();
  service_manager.tell("READY=1\nSTATUS=" + std::string(minimum ? "only the built-in minimum" : "rules ") +
                       (minimum ? std::string() : std::string(keeper.current()->ruleset_id().substr(0, 12))) +
                       " in force");
  if (service_manager.watchdog().count() > 0) await_heartbeat();
}

/// An event loop that stands still says nothing, and the service manager starts another agent.
void RunningAgent::Impl::await_heartbeat() {
  heartbeat.expires_after(service_manager.watchdog() / 3);
  heartbeat.async_wait([this](net::ErrorCode error) {
    if (error || stopping.stop_requested()) return;
    service_manager.tell("WATCHDOG=1");
    await_heartbeat();
  });
}

void RunningAgent::Impl::stop() {
  log(LogLevel::info, "stopping");
  service_manager.tell("STOPPING=1");
  heartbeat.cancel();
  listener.stop();
  control.stop();
  local_pages->stop();
  net::ErrorCode ignored;
  signals.cancel(ignored);
  hang_up.cancel(ignored);
  edits.close(ignored);
  after_edit.cancel();
  erasure.cancel();
  update.cancel();
  retired.stop();
  due_changes.cancel();
  life.stop();
  stopping.request_stop();
  alerter.stop();  // whoever asked for a test waits for its end, and the loop for them
  services.watchdog.end_all();
  services.resolver.stop();
  services.portal.stop();
}

}  // namespace fairlead::agent::command
