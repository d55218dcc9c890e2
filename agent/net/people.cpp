#include "agent/net/people.hpp"

#include "agent/net/socket_address.hpp"

namespace fairlead::agent::net {
namespace {

constexpr std::chrono::seconds kRemembered{60};  // a changed membership counts a minute later
constexpr std::size_t kMostKnown = 256;

}  // namespace

Task<std::shared_ptr<const rules::policy::Person>> People::identify(Tcp::endpoint client, Tcp::endpoint towards) {
  static const auto kUnknown = std::make_shared<const rules::policy::Person>();
  const auto owner = owners_.owner(to_platform(client), to_platform(towards));
  if (!owner) co_return kUnknown;
  const auto now = std::chrono::steady_clock::now();
  const auto key = static_cast<std::uint32_t>(*owner);
  if (const auto found = known_.find(key); found != known_.end() && found->second.until > now) {
    co_return found->second.person;
  }
  const platform::UserId user = *owner;
  const auto look_up = [user] { return platform::person_of(user); };
  auto person = co_await run_on(workers_, look_up);
  auto shared = std::make_shared<const rules::policy::Person>(std::move(person));
  if (platform::is_system_account(user)) system_accounts_.insert(shared->name);
  if (known_.size() >= kMostKnown) known_.clear();
  known_.insert_or_assign(key, Known{shared, now + kRemembered});
  co_return shared;
}

}  // namespace fairlead::agent::net
