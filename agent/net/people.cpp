#include "agent/net/people.hpp"

#include <algorithm>

namespace fairlead::agent::net {
namespace {

constexpr std::chrono::seconds kRemembered{60};  // a changed membership counts a minute later
constexpr std::size_t kMostKnown = 256;

platform::SocketAddress to_platform(const Tcp::endpoint& endpoint) {
  platform::SocketAddress out;
  out.port = endpoint.port();
  if (endpoint.address().is_v6()) {
    out.v6 = true;
    const auto bytes = endpoint.address().to_v6().to_bytes();
    std::copy(bytes.begin(), bytes.end(), out.bytes);
  } else {
    const auto bytes = endpoint.address().to_v4().to_bytes();
    std::copy(bytes.begin(), bytes.end(), out.bytes);
  }
  return out;
}

}  // namespace

Task<std::shared_ptr<const rules::policy::Person>> People::identify(Tcp::endpoint client, Tcp::endpoint agent) {
  static const auto kUnknown = std::make_shared<const rules::policy::Person>();
  const auto owner = owners_.owner(to_platform(client), to_platform(agent));
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
