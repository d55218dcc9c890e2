#pragma once
// One client connection's life as a state machine: bytes and answers in, what to do next out. No I/O, no clock: whoever
// drives it (agent/net, or a test) performs each Ask and reports back with the method named beside it. One thread.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/http/forward.hpp"
#include "agent/http/framing.hpp"
#include "agent/http/head.hpp"
#include "agent/session/portal_hosts.hpp"
#include "agent/session/route.hpp"
#include "agent/tls/client_hello.hpp"
#include "rules/policy/rules.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::session {

/// What the driver must do now, and how it reports back.
enum class Ask : std::uint8_t {
  more_bytes,  // read from the client, append, call client_bytes() with everything unconsumed
  resolve,     // look target_host() up → resolved() or lookup_failed(); or, where route() is not direct →
               // left_to_proxy(); or, with a kept connection to the same upstream_key() that was made under the same
               // rules → connected()
  connect,     // open a connection to one of the addresses → connected() or upstream_failed(); or to the upstream
               // proxy as route() says → connected() or proxy_failed()
  forward,     // send upstream_head(), relay the body as request_framing() says, read the answer → response_head()
  send_established,  // send kEstablished to the client → client_bytes() with what follows: a ClientHello while
                     // is_connect(), else requests to the origin, for which the connection is kept
  tunnel,            // send the client's bytes so far upstream, then relay both ways untouched, then close
  inspect,  // speak TLS both ways, as requested_host() → enter_inspected_tunnel() and client_bytes(); or, where
            // that cannot be, as Ask::tunnel
  refuse,   // answer as refusal() says (a block is recorded first), then close
  close,    // end the connection
};

/// Why a request is not carried out.
enum class Refusal : std::uint8_t {
  blocked,
  malformed,
  too_large,
  unsupported,
  expectation,
  port,
  not_tls,
  local_target,
  untrusted_site,
  ip_literal,
  no_such_site,
  cannot_connect,
  upstream_broken,
  timed_out,
  safe_search,     // the engine's safe mode cannot be reached, and without it the engine is not either
  upstream_proxy,  // the network's own proxy did not let it through
  agreement,       // the person has yet to answer what the organisation asks them to agree to
  internal
};

/// What holds at the moment of an input.
struct Surroundings {
  std::shared_ptr<const rules::policy::Rules> rules;
  const rules::policy::Person& person;
  std::chrono::sys_seconds now;
  bool held_up = false;  // nothing but what the policy stops or protects is decided for this person yet
  // An administrator lets filtering rest: a block is observed, unless a statutory list asks for it.
  bool paused = false;
  std::string_view proxy_authorization = {};  // what the upstream proxy is told of us; nobody else ever
  PortalHosts* portal = nullptr;              // where this network lets people sign in; outlives the session
};

/// An IP address as text in canonical form, and whether it leads to this machine or a private network.
struct Address {
  std::string text;
  bool local = false;
  bool own = false;  // of this machine itself; told while a network asks people to sign in
};

/// What follows from an origin's response head.
struct ResponsePlan {
  enum class Kind : std::uint8_t { interim, final, upgrade } kind = Kind::final;
  http::Framing from_upstream;  // how the body arrives
  http::Framing to_client;      // how it is sent on
  bool keep_upstream = false;
  bool send = true;  // an interim answer to a client that cannot read it is dropped
};

inline constexpr std::string_view kEstablished = "HTTP/1.1 200 Connection established\r\n\r\n";

class Session {
 public:
  /// The client did not ask for a proxy: the firewall brought it here on its way to `address`, which tells the port
  /// alone. What it says first, a ClientHello or a request, names the host; without a name, it is the address. Before
  /// all bytes.
  ///
  /// address   an IP address in canonical form.
  void begin_redirected(std::string address, std::uint16_t port);
  /// Everything the client has sent and that is not consumed yet. After Ask::forward, consumed() bytes belong to the
  /// head.
  [[nodiscard]] Ask client_bytes(std::string_view bytes, const Surroundings& now);
  [[nodiscard]] std::size_t consumed() const { return head_size_; }
  /// May the driver be patient (waiting for a new request), or has a head begun?
  [[nodiscard]] bool between_requests() const { return state_ == State::request && !head_begun_; }

  /// aliases  the names that target_host() is an alias of, as the name server told them.
  [[nodiscard]] Ask resolved(std::span<const Address> addresses, const Surroundings& now,
                             std::span<const std::string> aliases = {});
  /// In place of resolved(): the upstream proxy looks the name up, and what it leads to is not known here.
  [[nodiscard]] Ask left_to_proxy();
  /// Does the policy let target_host() lead to this address? This machine and private networks only by name.
  [[nodiscard]] bool may_lead_to(const Address& address, const Surroundings& now) const;
  [[nodiscard]] Ask connected();
  [[nodiscard]] Ask lookup_failed(const Error& error);  // of target_host()
  [[nodiscard]] Ask upstream_failed(const Error& error);
  [[nodiscard]] Ask proxy_failed(const Error& error);  // the upstream proxy

  /// `head` is the origin's head as parsed; the head for the client is appended to `out`. On error the answer is
  /// refusal() = upstream_broken.
  [[nodiscard]] Result<ResponsePlan> response_head(const http::ResponseHead& head, std::string& out);
  /// Whether the client that is refused with a page speaks TLS, so that it can be answered inside its tunnel alone.
  [[nodiscard]] bool is_blocked_tls_tunnel() const {
    return connect_ && (refusal_ == Refusal::blocked || refusal_ == Refusal::agreement) && !plain_tunnel_ &&
           !http_tunnel_;
  }
  /// The bytes of the request's head go; request() is empty from here on.
  void release_head() { head_ = {}; }
  /// The driver answers the TLS of such a tunnel itself: client_bytes() now takes what is said inside. All of it ends
  /// with Ask::refuse; the URL that is asked for tells more than the tunnel did, but nothing inside opens it.
  void enter_blocked_tunnel();
  /// After Ask::inspect: client_bytes() now takes what is said inside, as requests for requested_host().
  void enter_inspected_tunnel();
  /// Whether the requests that are read stand inside a TLS that the driver ends and begins anew.
  [[nodiscard]] bool is_inspecting() const { return inside_kind_ == Inside::inspected; }
  [[nodiscard]] const tls::ClientHello& client_hello() const { return hello_.hello(); }
  /// The exchange is over and both bodies were relayed whole; what comes next for the client.
  [[nodiscard]] Ask exchange_done();

  [[nodiscard]] Refusal refusal() const { return refusal_; }
  [[nodiscard]] const Error& error() const { return error_; }  // details of a refusal that is no block
  [[nodiscard]] const rules::policy::Decision& decision() const { return decision_; }  // of the URL that decided
  [[nodiscard]] const rules::url::CanonicalUrl& judged_url() const { return judged_; }
  [[nodiscard]] const std::shared_ptr<const rules::policy::Rules>& rules() const { return rules_; }

  [[nodiscard]] const http::RequestHead& request() const { return head_; }  // views; empty once its bytes are gone
  [[nodiscard]] std::string_view requested_host() const { return url_.host(); }
  [[nodiscard]] rules::url::HostKind requested_kind() const { return url_.host_kind(); }
  /// The host to connect to: the requested one, or that of its engine's safe mode.
  [[nodiscard]] std::string_view target_host() const { return is_mapped() ? safe_.connect_to : url_.host(); }
  [[nodiscard]] std::uint16_t target_port() const { return url_.port(); }
  [[nodiscard]] Route route() const { return route_; }
  /// host:port, the target where it is another host, and the route; the driver may keep a connection with the same key
  /// for the next request.
  [[nodiscard]] std::string_view upstream_key() const { return key_.empty() ? url_.authority() : key_; }
  [[nodiscard]] const std::string& upstream_head() const { return upstream_head_; }
  [[nodiscard]] const http::Framing& request_framing() const { return framing_; }
  [[nodiscard]] bool is_connect() const { return connect_; }
  /// Is it TLS that the client speaks already, without having asked for a tunnel?
  [[nodiscard]] bool is_bare_tls() const { return bare_tls_; }
  [[nodiscard]] bool is_head() const { return is_head_; }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  /// Did the client itself ask to end the connection after this exchange?
  [[nodiscard]] bool client_ends() const { return client_ends_; }
  /// May the request be sent again on a fresh connection when a kept one turned out to be dead? RFC 9110 section 9.2.2
  [[nodiscard]] bool may_retry() const;

 private:
  /// What the requests stand in.
  enum class Inside : std::uint8_t { nothing, plain_tunnel, inspected, blocked_tunnel };
  enum class State : std::uint8_t { opening, request, resolving, connecting, exchanging, hello, over };

  [[nodiscard]] Ask read_opening(std::string_view bytes, const Surroundings& now);
  [[nodiscard]] Ask read_bare_hello(std::string_view bytes, const Surroundings& now);
  [[nodiscard]] Ask judge_bare_hello(const Surroundings& now);
  [[nodiscard]] Result<void> read_redirected_target();
  [[nodiscard]] Ask read_request(std::string_view bytes, const Surroundings& now);
  [[nodiscard]] Ask judge_request(const Surroundings& now);
  void write_upstream_head(const Surroundings& now);
  [[nodiscard]] std::optional<Ask> judge_connect(const Surroundings& now);
  [[nodiscard]] std::optional<Ask> judge_tunnel(const Surroundings& now);
  [[nodiscard]] std::optional<Ask> judge_plain(const Surroundings& now);
  [[nodiscard]] std::optional<Ask> judge_host_field(const Surroundings& now);
  [[nodiscard]] bool waits_for_agreement(const Surroundings& now) const;
  [[nodiscard]] Ask read_hello(std::string_view bytes, const Surroundings& now);
  [[nodiscard]] Ask judge_hello(const Surroundings& now);
  [[nodiscard]] Ask move_to_named(const Surroundings& now);
  void enter(Inside kind, std::string authority);
  /// Asks where `url_` is to be connected to for this person's group, and makes it say what its engine must hear.
  [[nodiscard]] Result<void> map_target(const Surroundings& now);
  void choose_route();
  /// Does the name in TLS belong to an engine to whose safe mode this tunnel does not lead?
  [[nodiscard]] bool strays_from_safe_search(const Surroundings& now) const;
  [[nodiscard]] bool is_mapped() const { return !safe_.connect_to.empty(); }
  /// Decides `url`; true when the request must stop here.
  [[nodiscard]] bool stops(const rules::url::CanonicalUrl& url, const Surroundings& now);
  /// The same for what the target's name leads to, which stands in other_.
  [[nodiscard]] bool stops_at_address(const Surroundings& now);
  [[nodiscard]] bool is_portal(const Surroundings& now) const;
  [[nodiscard]] rules::policy::Decision decide_portal(rules::policy::Decision refused, const Surroundings& now);
  [[nodiscard]] bool stops_at_alias(std::string_view alias, const Surroundings& now);
  [[nodiscard]] Ask refuse_inside(const Surroundings& now);
  [[nodiscard]] Ask refuse(Refusal refusal, Error error);
  [[nodiscard]] Ask refuse_malformed(Error error);

  State state_ = State::request;
  http::HeadScanner scanner_;
  http::RequestHead head_;
  http::Framing framing_;
  tls::ClientHelloReader hello_;
  rules::url::CanonicalUrl url_;     // where the request goes
  rules::url::CanonicalUrl other_;   // a second name of the same request that is judged: Host field, SNI, address
  rules::url::CanonicalUrl page_;    // that asks, as the client says
  rules::match::Context context_;    // of the request; views page_
  rules::url::CanonicalUrl judged_;  // the name that was blocked or observed, when one was
  rules::policy::Decision decision_;
  rules::policy::Decision tunnel_decision_;  // of the blocked tunnel whose requests these are
  std::shared_ptr<const rules::policy::Rules> rules_;
  rules::policy::SafeSearch safe_;  // of url_; views rules_
  PortalHosts* portal_ = nullptr;
  std::string key_;              // empty: the authority of url_
  Route route_ = Route::direct;  // to target_host()
  std::string upstream_head_;
  Error error_;
  std::size_t head_size_ = 0;
  Refusal refusal_ = Refusal::internal;
  bool head_begun_ = false;
  bool connect_ = false;
  bool websocket_ = false;
  bool is_head_ = false;
  bool expects_continue_ = false;
  bool keep_client_ = false;
  bool client_ends_ = false;
  bool plain_tunnel_ = false;  // CONNECT to a port where anything may pass
  bool http_tunnel_ = false;   // CONNECT to the port of http: what passes is read and judged as requests
  bool bare_tls_ = false;      // a tunnel for which no CONNECT asked
  std::string redirected_to_;  // the address to which the client was on its way; empty: it came to a proxy
  std::uint16_t redirected_port_ = 0;
  Inside inside_kind_ = Inside::nothing;
  std::string inside_;           // authority of the tunnel whose requests these are
  bool protected_ = false;       // a protected service: never held up
  bool tunnel_held_up_ = false;  // the tunnel whose requests these are waits for the person's agreement
  bool opened_by_name_ = false;  // a protected service or an exception: no alias of it closes it
  int client_minor_version_ = 1;
  bool idempotent_ = false;
};

}  // namespace fairlead::agent::session
