#include "agent/command/alerter_options.hpp"

#include <utility>

#include "agent/command/authority_files.hpp"
#include "agent/command/built_on.hpp"
#include "agent/command/log.hpp"
#include "agent/lists/list_updater.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

void choose_proxy(const lists::ProxyAccess& access, alerts::DeliveryOptions& delivery) {
  delivery.proxy = access.proxy.is_set() ? access.url() : lists::proxy_of_the_environment();
  delivery.proxy_takes_mail = access.proxy.is_set();
  delivery.proxy_authorization = access.authorization();
  if (access.proxy.is_set()) delivery.proxy_except = access.except;
}

fleet::Way way_to_hub(const net::UpstreamProxy& proxy) {
  const auto access = proxy.access();
  fleet::Way way;
  way.proxy = access.proxy.is_set() ? access.url() : lists::proxy_of_the_environment();
  way.proxy_authorization = access.authorization();
  if (access.proxy.is_set()) way.proxy_except = access.except;
  return way;
}

}  // namespace

alerts::AlerterOptions alerter_options(const std::filesystem::path& config, const std::filesystem::path& state,
                                       events::Store& store, const net::UpstreamProxy& proxy) {
  alerts::AlerterOptions made;
  made.folder = state;
  made.delivery = [config = std::filesystem::absolute(config), state, &proxy] {
    alerts::DeliveryOptions delivery;
    delivery.folder = config;
    delivery.own_authority = authority_pem(state);
    choose_proxy(proxy.access(), delivery);
    return delivery;
  };
  made.feed.incidents = [&store](const events::IncidentFilter& filter) { return store.incidents(filter); };
  made.feed.entries = [&store](const events::EntryFilter& filter) { return store.entries(filter); };
  made.feed.add = [&store](events::Entry entry) { return store.add(std::move(entry)); };
  made.feed.events_wait = [&store] {
    const auto status = store.status();
    return status.waiting > 0 || !status.trouble.empty();
  };
  made.now = platform::wall_clock;
  made.tell = [](const std::string& line) { log(LogLevel::warning, line); };
  return made;
}

fleet::SenderOptions sender_options(const std::filesystem::path& state, events::Store& store,
                                    const net::UpstreamProxy& proxy, RuleWorkshop& workshop,
                                    std::function<std::string()> health) {
  fleet::SenderOptions made;
  made.except = [&workshop](const exchange::ExceptionSet& set) {
    return workshop.take_from_desk(set, platform::wall_clock());
  };
  made.health = std::move(health);
  made.state = state;
  made.store = &store;
  made.way = [&proxy] { return way_to_hub(proxy); };
  made.now = platform::wall_clock;
  made.tell = [](const std::string& line) { log(LogLevel::warning, line); };
  return made;
}

fleet::UpdaterOptions updater_options(const std::filesystem::path& state, const net::UpstreamProxy& proxy,
                                      std::function<void()> changed, std::function<void()> news) {
  fleet::UpdaterOptions made;
  made.state = state;
  made.way = [&proxy] { return way_to_hub(proxy); };
  made.now = platform::wall_clock;
  made.built = built_on();
  made.tell = [](const std::string& line) { log(LogLevel::warning, line); };
  made.changed = std::move(changed);
  made.news = std::move(news);
  return made;
}

}  // namespace fairlead::agent::command
