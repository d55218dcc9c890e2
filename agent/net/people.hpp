#pragma once
// Who is on the other end of a client connection: the owner of the socket, with name and groups remembered for a
// minute. Event-loop thread only; directory look-ups run on the worker threads.

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "agent/net/asio.hpp"
#include "agent/platform/platform.hpp"
#include "rules/policy/person.hpp"

namespace fairlead::agent::net {

class People {
 public:
  explicit People(asio::thread_pool& workers) : workers_(workers) {}

  /// client, towards   the two ends as the client sees them.
  /// Returns           never null; an unknown person when the system cannot tell.
  [[nodiscard]] Task<std::shared_ptr<const rules::policy::Person>> identify(Tcp::endpoint client,
                                                                            Tcp::endpoint towards);
  /// Is it an account of the system's own, as far as identify() has met it?
  [[nodiscard]] bool is_system_account(const rules::policy::Person& person) const {
    return system_accounts_.contains(person.name);
  }

 private:
  struct Known {
    std::shared_ptr<const rules::policy::Person> person;
    std::chrono::steady_clock::time_point until;
  };
  asio::thread_pool& workers_;
  platform::SocketOwners owners_;
  std::unordered_map<std::uint32_t, Known> known_;
  std::unordered_set<std::string> system_accounts_;
};

}  // namespace fairlead::agent::net
