#pragma once
// Reaches IPv4 addresses from a network that has IPv6 alone, through its translator. Names need none of it: there the
// network's name server gives addresses that lead through the translator already. Event-loop thread only.

#include <optional>

#include "agent/net/resolver.hpp"
#include "rules/url/nat64.hpp"

namespace fairlead::agent::net {

class Nat64 {
 public:
  Nat64(asio::io_context& context, Resolver& resolver) : context_(context), resolver_(resolver) {}

  /// What to connect to in place of these addresses, none of which accepted a connection: where all are of IPv4 and the
  /// laptop has no way to them, the addresses that stand for them behind the network's translator. Else none.
  [[nodiscard]] Task<Addresses> in_place_of(Addresses addresses);

  /// The laptop is in another network.
  void forget() { prefix_.reset(); }

 private:
  asio::io_context& context_;
  Resolver& resolver_;
  std::optional<rules::url::Nat64Prefix> prefix_;  // as this network has told it
};

}  // namespace fairlead::agent::net
