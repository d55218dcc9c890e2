#include "agent/command/hub_hands.hpp"

#include <memory>

#include "agent/command/hub_workshop.hpp"
#include "agent/command/log.hpp"

namespace fairlead::agent::command {
namespace {

Result<std::vector<console::Laptop>> laptops_of(const hub::Desk& desk) {
  const auto devices = desk.devices();
  if (!devices) return tl::unexpected(devices.error());
  std::vector<console::Laptop> out;
  for (const hub::Device& device : *devices) {
    out.push_back({device.id, device.name, device.group, device.enrolled, device.seen, device.revoked, device.health,
                   device.site});
  }
  return out;
}

Result<std::vector<console::Erasure>> erasures_of(const hub::Desk& desk) {
  const auto erasures = desk.erasures();
  if (!erasures) return tl::unexpected(erasures.error());
  std::vector<console::Erasure> out;
  for (const hub::ErasureState& one : *erasures) out.push_back({one.asked, one.laptops, one.done});
  return out;
}

Result<std::vector<console::Opened>> opened_at(const hub::Desk& desk, console::Moment now) {
  auto exceptions = desk.exceptions(now);
  if (!exceptions) return tl::unexpected(std::move(exceptions).error());
  std::vector<console::Opened> out;
  for (hub::MadeException& one : *exceptions) {
    console::Opened& opened = out.emplace_back();
    opened.may_close = desk.may_close(one);
    opened.everywhere = one.sites.empty();
    opened.about = std::move(one.about);
    opened.id = std::move(one.told.id);
    opened.by = std::move(one.told.by);
    opened.exception = std::move(one.told.exception);
    opened.sites = std::move(one.site_names);
    opened.made = one.made;
    opened.over = one.over;
    opened.closed_by = std::move(one.closed_by);
    opened.next = std::move(one.next);
    opened.behind = one.behind;
  }
  return out;
}

}  // namespace

console::Hands hub_hands(hub::Desk& desk, const std::filesystem::path& state) {
  console::Hands made;
  made.state = state;
  made.log = [](const std::string& line) { log(LogLevel::warning, line); };
  made.laptops = [&desk] { return laptops_of(desk); };
  made.erasures = [&desk] { return erasures_of(desk); };
  made.opened = [&desk](console::Moment now) { return opened_at(desk, now); };
  made.close = [&desk](const std::string& opened, const std::string& by, console::Moment now) {
    return desk.close(opened, by, now);
  };
  made.workshop = std::make_shared<HubWorkshop>(
      [&desk](const rules::catalog::ExceptionText& exception, const std::string& by, console::Moment now) {
        return desk.except({"", by, exception}, now);
      });
  return made;
}

}  // namespace fairlead::agent::command
