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

}  // namespace

console::Hands hub_hands(hub::Desk& desk, const std::filesystem::path& state) {
  console::Hands made;
  made.state = state;
  made.log = [](const std::string& line) { log(LogLevel::warning, line); };
  made.laptops = [&desk] { return laptops_of(desk); };
  made.erasures = [&desk] { return erasures_of(desk); };
  made.workshop = std::make_shared<HubWorkshop>(
      [&desk](const rules::catalog::ExceptionText& exception, const std::string& by, console::Moment now) {
        return desk.tell({by, exception}, now);
      });
  return made;
}

}  // namespace fairlead::agent::command
