#pragma once
// Does this network ask people to sign in before it lets them through? One question over plain http, as browsers ask
// it, when something makes it likely; nobody waits for the answer. While the network asks for it, the hosts that it
// names may lead into it (session::PortalHosts). Event-loop thread only.

#include <chrono>
#include <memory>
#include <string>

#include "agent/lists/rules_keeper.hpp"
#include "agent/net/resolver.hpp"
#include "agent/net/stream.hpp"
#include "agent/net/watchdog.hpp"
#include "agent/session/portal_hosts.hpp"
#include "agent/session/session.hpp"

namespace fairlead::agent::net {

class Portal {
 public:
  static constexpr std::chrono::seconds kBetweenLooks{10};
  static constexpr std::chrono::seconds kForItsAnswer{5};
  static constexpr std::chrono::minutes kKnownFor{10};  // since the network last said so

  Portal(asio::io_context& context, Watchdog& watchdog, Resolver& resolver, const lists::RulesKeeper& keeper)
      : context_(context), watchdog_(watchdog), resolver_(resolver), keeper_(keeper), until_(context) {}

  /// Returns at once. Asks nothing within kBetweenLooks of the last time, and nothing where the policy names an
  /// upstream proxy: such a network has its own way of letting people through.
  void look();
  /// The laptop is in another network.
  void forget();
  void stop() { forget(); }

  [[nodiscard]] session::PortalHosts& hosts() { return hosts_; }
  [[nodiscard]] const session::PortalHosts& hosts() const { return hosts_; }

 private:
  [[nodiscard]] Task<void> ask();
  [[nodiscard]] Task<session::Probed> probe(rules::url::CanonicalUrl& sign_in);
  void take(session::Probed answer, const rules::url::CanonicalUrl& sign_in);

  asio::io_context& context_;
  Watchdog& watchdog_;
  Resolver& resolver_;
  const lists::RulesKeeper& keeper_;
  session::PortalHosts hosts_;
  Timer until_;
  std::chrono::steady_clock::time_point next_look_{};
  bool looking_ = false;
  std::uint64_t network_ = 0;  // goes up with each forget(): an answer of the network before says nothing
};

/// Is it a refusal that such a network often brings about?
[[nodiscard]] bool may_be_portals_doing(session::Refusal refusal);

}  // namespace fairlead::agent::net
