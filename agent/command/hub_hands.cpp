#include "agent/command/hub_hands.hpp"

#include <memory>
#include <mutex>
#include <utility>

#include "agent/command/hub_workshop.hpp"
#include "agent/hub/erasing.hpp"
#include "agent/hub/store.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kShownErasures = 20;

/// One connection for what pages ask beside the desk itself: it is little.
class Beside {
 public:
  explicit Beside(std::string place) : place_(std::move(place)) {}

  template <class Value>
  Result<Value> ask(const std::function<Result<Value>(hub::Store&)>& question) {
    const std::lock_guard lock(mutex_);
    if (!store_) {
      auto opened = hub::Store::open(place_);
      if (!opened) return tl::unexpected(std::move(opened).error());
      store_ = std::move(*opened);
    }
    auto answer = question(*store_);
    if (!answer && answer.error().code != Errc::timed_out) store_.reset();
    return answer;
  }

 private:
  std::mutex mutex_;
  std::string place_;
  std::unique_ptr<hub::Store> store_;  // null while the database is away
};

Result<std::vector<console::Laptop>> laptops_of(hub::Store& store) {
  const auto devices = store.devices();
  if (!devices) return tl::unexpected(devices.error());
  std::vector<console::Laptop> out;
  for (const hub::Device& device : *devices) {
    out.push_back({device.id, device.name, device.group, device.enrolled, device.seen, device.revoked, device.health});
  }
  return out;
}

Result<std::vector<console::Erasure>> erasures_of(hub::Store& store) {
  const auto erasures = hub::read_erasures(store.connection(), kShownErasures);
  if (!erasures) return tl::unexpected(erasures.error());
  std::vector<console::Erasure> out;
  for (const hub::ErasureState& one : *erasures) out.push_back({one.asked, one.laptops, one.done});
  return out;
}

}  // namespace

console::Hands hub_hands(const std::string& place, const std::filesystem::path& state) {
  const auto beside = std::make_shared<Beside>(place);
  console::Hands made;
  made.state = state;
  made.laptops = [beside] { return beside->ask<std::vector<console::Laptop>>(laptops_of); };
  made.erasures = [beside] { return beside->ask<std::vector<console::Erasure>>(erasures_of); };
  made.workshop = std::make_shared<HubWorkshop>(
      [beside](const rules::catalog::ExceptionText& exception, const std::string& by, console::Moment now) {
        return beside->ask<std::uint64_t>([&](hub::Store& store) { return store.tell({by, exception}, now); });
      });
  return made;
}

}  // namespace fairlead::agent::command
