#pragma once
// What every connection of the agent shares. Built once by the `agent` command and handed down; event-loop thread only.

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "agent/events/store.hpp"
#include "agent/lists/rules_keeper.hpp"
#include "agent/net/agreements.hpp"
#include "agent/net/asio.hpp"
#include "agent/net/nat64.hpp"
#include "agent/net/notices.hpp"
#include "agent/net/people.hpp"
#include "agent/net/pinned.hpp"
#include "agent/net/portal.hpp"
#include "agent/net/probes.hpp"
#include "agent/net/resolver.hpp"
#include "agent/net/safe_hosts.hpp"
#include "agent/net/upstream_proxy.hpp"
#include "agent/net/watchdog.hpp"
#include "agent/tls/client_context.hpp"
#include "agent/tls/leaf_cache.hpp"
#include "agent/tls/server_context.hpp"

namespace fairlead::agent::net {

struct Counters {
  std::uint64_t connections = 0, open = 0, requests = 0, blocked = 0, malformed = 0, refused_peers = 0, tunnels = 0;
  std::uint64_t without_safe_search = 0;  // refused because an engine's safe mode could not be reached
};

/// With what the agent speaks TLS itself: to clients, for hosts that it blocks or inspects, and to origins of the
/// latter.
struct OwnTls {
  explicit OwnTls(tls::Credential authority) : leaves(std::move(authority)), to_origins(leaves.authority()) {}
  tls::LeafCache leaves;
  tls::ServerContext to_clients;
  tls::ClientContext to_origins;
};

struct Services {
  Services(asio::io_context& loop, asio::thread_pool& pool, lists::RulesKeeper& rules, events::Store& events)
      : context(loop),
        workers(pool),
        keeper(rules),
        store(events),
        watchdog(loop),
        resolver(loop),
        safe_hosts(loop, resolver),
        upstream_proxy(loop, watchdog, resolver),
        nat64(loop, resolver),
        portal(loop, watchdog, resolver, rules),
        people(pool),
        notices(loop, pool) {}

  asio::io_context& context;
  asio::thread_pool& workers;
  lists::RulesKeeper& keeper;
  events::Store& store;
  Watchdog watchdog;
  Resolver resolver;
  SafeHosts safe_hosts;
  UpstreamProxy upstream_proxy;
  Nat64 nat64;
  Portal portal;
  People people;
  Notices notices;
  Counters counters;
  Pinned pinned;
  Agreements agreements;
  Probes probes;
  bool paused = false;              // an administrator lets filtering rest for some minutes
  std::uint64_t wakes = 0;          // how often the laptop came back from sleep: what was connected before is dead
  std::shared_ptr<OwnTls> own_tls;  // null: this laptop has no authority. Replaced while tunnels are answered
  std::vector<Tcp::endpoint> local_pages;  // the console: reachable although it is on this machine
};

}  // namespace fairlead::agent::net
