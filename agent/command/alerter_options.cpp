#include "agent/command/alerter_options.hpp"

#include <utility>

#include "agent/command/authority_files.hpp"
#include "agent/command/log.hpp"
#include "agent/lists/list_updater.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {

alerts::AlerterOptions alerter_options(const std::filesystem::path& config, const std::filesystem::path& state,
                                       events::Store& store) {
  alerts::AlerterOptions made;
  made.folder = state;
  made.delivery = [config = std::filesystem::absolute(config), state] {
    alerts::DeliveryOptions delivery;
    delivery.folder = config;
    delivery.own_authority = authority_pem(state);
    delivery.proxy = lists::proxy_of_the_environment();
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

}  // namespace fairlead::agent::command
