#include "agent/net/connection.hpp"

#include <algorithm>
#include <optional>

#include "agent/net/blocked_tunnel.hpp"
#include "agent/net/buffer.hpp"
#include "agent/net/dialer.hpp"
#include "agent/net/exchange.hpp"
#include "agent/net/refusal.hpp"
#include "agent/net/socket_address.hpp"
#include "agent/net/stream.hpp"
#include "agent/net/tunnel.hpp"
#include "agent/platform/platform.hpp"
#include "agent/session/session.hpp"
#include "rules/url/address_range.hpp"
#include "rules/url/nat64.hpp"

namespace fairlead::agent::net {
namespace {

using session::Ask;
using session::Session;

constexpr std::size_t kHeadRead = std::size_t{4} * 1024;

/// As it is judged: a local one is never led to from a public name, unless the policy says so.
session::Address judged_as(const asio::ip::address& address) {
  const std::string text = address.to_string();
  return {rules::url::leads_to(text), rules::url::is_local_address(text)};
}

class Connection {
 public:
  Connection(Services& services, Socket socket)
      : services_(services),
        client_(std::make_unique<Stream>(std::move(socket), services.watchdog, Side::client)),
        session_(std::make_unique<Session>()) {
    ++services_.counters.open;
  }
  ~Connection() { --services_.counters.open; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<void> run(Arrival arrival);

 private:
  [[nodiscard]] session::Surroundings surroundings() const {
    const auto& rules = services_.keeper.current();
    const bool held_up = services_.agreements.holds_up(*rules, *person_, services_.people.is_system_account(*person_));
    return {rules,
            *person_,
            std::chrono::floor<std::chrono::seconds>(platform::wall_clock()),
            held_up,
            services_.paused,
            services_.upstream_proxy.authorization(),
            &services_.portal.hosts()};
  }
  Task<Ask> more_bytes();
  [[nodiscard]] bool awaits_requests_inside() const;
  void note_unread_tunnel();
  Task<Ask> resolve();
  Task<Ask> resolve_anew();
  Task<Ask> connect();
  Task<Ask> connect_to_proxy();
  Task<Ask> connected_to();
  Task<Ask> forward();
  Task<Ask> send_established();
  Task<Ask> inspect();
  Task<Result<void>> secure_upstream();
  Task<bool> secure_client();
  Task<void> tunnel();
  Task<void> refuse();
  Task<void> take_report();

  [[nodiscard]] Ask present();
  void consume_head();
  [[nodiscard]] bool can_reuse_upstream() const;
  [[nodiscard]] bool is_local_page() const;
  void drop_upstream();

  Services& services_;
  std::unique_ptr<Stream> client_;
  Buffer inbox_;
  std::size_t presented_ = 0;  // bytes of the inbox that the session has seen
  std::optional<Watchdog::Clock::time_point> head_deadline_;
  std::unique_ptr<Session> session_;
  std::shared_ptr<const rules::policy::Person> person_;

  // The connection to the last origin stays with this client: nothing that one person's requests set up (NTLM, say) can
  // ever be used by another's.
  std::unique_ptr<Stream> upstream_;
  Buffer upstream_inbox_;
  std::string upstream_key_;
  std::shared_ptr<const rules::policy::Rules> upstream_rules_;
  std::uint64_t upstream_wakes_ = 0;
  std::shared_ptr<OwnTls> own_tls_;  // that this connection is inspected with
  bool tunnel_unread_ = false;       // an observed tunnel that is recorded unless something is read in it
  Addresses addresses_;
  bool reused_ = false;
  bool rests_ = false;      // between requests, possibly for long; a new connection speaks at once
  bool heard_out_ = false;  // the client asked for the end and has sent all it wanted: nothing can be lost by closing
  bool tls_begun_ = false;  // the client expects TLS, no answer in HTTP
};

Task<void> Connection::run(Arrival arrival) {
  person_ = co_await services_.people.identify(arrival.client, arrival.towards);
  if (arrival.redirected) session_->begin_redirected(arrival.towards.address().to_string(), arrival.towards.port());
  ask_on_desktop(services_, *person_);
  Ask ask = session_->client_bytes(inbox_.view(), surroundings());
  for (;;) {
    switch (ask) {
      case Ask::more_bytes:
        ask = co_await more_bytes();
        break;
      case Ask::resolve:
        ask = co_await resolve();
        break;
      case Ask::connect:
        ask = co_await connect();
        break;
      case Ask::forward:
        ask = co_await forward();
        break;
      case Ask::send_established:
        ask = co_await send_established();
        break;
      case Ask::inspect:
        ask = co_await inspect();
        break;
      case Ask::tunnel:
        note_unread_tunnel();
        co_await tunnel();
        co_return;
      case Ask::refuse:
        note_unread_tunnel();
        co_await refuse();
        co_return;
      case Ask::close:
        note_unread_tunnel();
        if (!heard_out_) co_await client_->linger();
        co_return;
    }
  }
}

Task<Ask> Connection::more_bytes() {
  while (inbox_.size() <= presented_) {
    auto limit = std::chrono::seconds(Limits::idle);
    if (!inbox_.empty()) {
      if (presented_ == inbox_.size() && !head_deadline_) head_deadline_ = Watchdog::Clock::now() + Limits::head;
      limit = std::chrono::ceil<std::chrono::seconds>(*head_deadline_ - Watchdog::Clock::now());
      if (limit <= std::chrono::seconds(0)) co_return Ask::close;
    } else if (rests_) {
      inbox_.release();  // nothing is held meanwhile
      const auto ready = co_await client_->wait_readable(limit);
      if (!ready) co_return Ask::close;
    }
    const auto size = co_await client_->read_some(inbox_.prepare(kHeadRead), limit);
    if (!size || *size == 0) co_return Ask::close;
    inbox_.commit(*size);
  }
  co_return present();
}

Ask Connection::present() {
  presented_ = inbox_.size();
  return session_->client_bytes(inbox_.view(), surroundings());
}

void Connection::consume_head() {
  if (presented_ == 0) return;  // a request that is sent again has left the inbox already
  inbox_.consume(session_->consumed());
  presented_ = 0;
  head_deadline_.reset();
}

/// The requests that are read inside a tunnel are observed each by itself; the tunnel, only where nothing is read in
/// it.
bool Connection::awaits_requests_inside() const {
  const auto& rules = session_->rules();
  return session_->decision().verdict == rules::policy::Verdict::observe && session_->is_connect() &&
         services_.own_tls && rules &&
         rules::policy::is_inspected(rules->inspection_of(session_->requested_host(), session_->requested_kind()));
}

void Connection::note_unread_tunnel() {
  if (tunnel_unread_) note_observed(services_, *session_, *person_);
  tunnel_unread_ = false;
}

bool Connection::can_reuse_upstream() const {
  return upstream_ != nullptr && upstream_key_ == session_->upstream_key() && !session_->is_connect() &&
         upstream_rules_ == session_->rules() && upstream_wakes_ == services_.wakes && upstream_->is_quiet_and_open();
}

void Connection::drop_upstream() {
  upstream_.reset();
  upstream_inbox_.consume(upstream_inbox_.size());
  upstream_inbox_.release();
}

Task<Ask> Connection::resolve() {
  ++services_.counters.requests;
  if (services_.portal.hosts().is_known()) services_.portal.look();  // until it lets us through
  tunnel_unread_ = awaits_requests_inside();
  if (!tunnel_unread_) note_observed(services_, *session_, *person_);
  reused_ = can_reuse_upstream();
  if (reused_) co_return session_->connected();
  co_return co_await resolve_anew();
}

Task<Ask> Connection::resolve_anew() {
  drop_upstream();
  if (session_->route() != session::Route::direct) co_return session_->left_to_proxy();
  std::string host(session_->target_host());
  const bool judged_by_alias = services_.keeper.current()->policy().network.judge_aliases;
  const Aliases aliases = judged_by_alias ? Aliases::ask : Aliases::skip;
  auto found = co_await services_.resolver.resolve(std::move(host), aliases);
  if (!found) co_return session_->lookup_failed(found.error());
  addresses_ = std::move(found->addresses);
  std::vector<session::Address> judged;
  for (const auto& address : addresses_) {
    judged.push_back(judged_as(address));
    if (services_.portal.hosts().is_known()) judged.back().own = is_own_address(services_.context, address);
  }
  const auto is_of_the_world = [](const session::Address& address) { return !address.local; };
  if (!found->is_literal && std::any_of(judged.begin(), judged.end(), is_of_the_world)) {
    services_.safe_hosts.network_is_there(services_.keeper.current());
  }
  if (is_local_page()) judged.front().local = false;
  const auto now = surroundings();
  const bool noted = session_->decision().verdict == rules::policy::Verdict::observe;
  const Ask ask = session_->resolved(judged, now, found->aliases);
  // What a pause lets through for what the name leads to.
  if (ask == Ask::connect && !noted) note_observed(services_, *session_, *person_);
  Addresses open;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (session_->may_lead_to(judged[i], now)) open.push_back(addresses_[i]);
  }
  addresses_ = std::move(open);
  co_return ask;
}

bool Connection::is_local_page() const {
  const auto& pages = services_.local_pages;
  return addresses_.size() == 1 && !session_->is_connect() &&
         std::find(pages.begin(), pages.end(), Tcp::endpoint(addresses_.front(), session_->target_port())) !=
             pages.end();
}

/// Before a request was sent nobody can have answered it.
Task<Ask> Connection::connect_to_proxy() {
  const auto& proxy = session_->rules()->policy().network.upstream_proxy;
  std::string tunnel;
  if (session_->route() == session::Route::tunnelled) {
    tunnel = session::tunnel_authority(session_->target_host(), session_->target_port());
  }
  auto reached = co_await services_.upstream_proxy.reach(proxy, std::move(tunnel), upstream_inbox_);
  if (!reached) co_return session_->proxy_failed(reached.error());
  upstream_ = std::move(*reached);
  const bool tls = session_->is_connect() || session_->is_inspecting();
  if (!tls && !upstream_inbox_.empty()) {
    co_return session_->upstream_failed(Error{Errc::bad_message, Side::upstream, "an answer before the request"});
  }
  co_return co_await connected_to();
}

Task<Ask> Connection::connect() {
  if (session_->route() != session::Route::direct) co_return co_await connect_to_proxy();
  const auto port = session_->target_port();
  auto dialled = co_await dial(services_.context, services_.watchdog, addresses_, port);
  if (!dialled) {
    auto translated = co_await services_.nat64.in_place_of(addresses_);
    if (!translated.empty())
      dialled = co_await dial(services_.context, services_.watchdog, std::move(translated), port);
  }
  if (!dialled) co_return session_->upstream_failed(dialled.error());
  upstream_ = std::move(*dialled);
  co_return co_await connected_to();
}

Task<Ask> Connection::connected_to() {
  upstream_key_ = session_->upstream_key();
  upstream_rules_ = session_->rules();
  upstream_wakes_ = services_.wakes;
  if (session_->is_inspecting()) {
    const auto secured = co_await secure_upstream();
    if (!secured) co_return session_->upstream_failed(secured.error());
  }
  co_return session_->connected();
}

/// An origin that cannot be trusted is no connection at all.
Task<Result<void>> Connection::secure_upstream() {
  auto endpoint = own_tls_->to_origins.endpoint_to(session_->requested_host(), session_->requested_kind());
  auto secured = co_await upstream_->secure(std::move(endpoint), upstream_inbox_.view(), Limits::connect);
  upstream_inbox_.consume(upstream_inbox_.size());
  if (!secured) drop_upstream();
  co_return secured;
}

/// A program that has refused our certificates before speaks to its site alone.
Task<Ask> Connection::inspect() {
  own_tls_ = services_.own_tls;
  const tls::ClientHello& hello = session_->client_hello();
  if (!own_tls_ || services_.pinned.passes(session_->requested_host(), hello.fingerprint, surroundings().now)) {
    co_return Ask::tunnel;
  }
  if (upstream_key_ == session_->upstream_key()) {
    // What is wrong with the origin is told to the first request, which tries once more.
    static_cast<void>(co_await secure_upstream());
  } else {
    drop_upstream();
  }
  const bool taken = co_await secure_client();
  if (!taken) co_return Ask::close;
  tunnel_unread_ = false;
  session_->enter_inspected_tunnel();
  tls_begun_ = false;
  co_return present();
}

Task<bool> Connection::secure_client() {
  const auto now = surroundings().now;
  const auto leaf = own_tls_->leaves.leaf_for(session_->requested_host(), session_->requested_kind(), now);
  if (!leaf) co_return false;
  auto endpoint = own_tls_->to_clients.endpoint_for(**leaf);
  const auto secured = co_await client_->secure(std::move(endpoint), inbox_.view(), Limits::head);
  inbox_.consume(inbox_.size());
  if (secured) co_return true;
  // Who leaves in the middle has said nothing of our certificate: leaving opens nothing.
  if (secured.error().code != Errc::untrusted) co_return false;
  const std::string host(session_->requested_host());
  if (services_.pinned.refused(host, session_->client_hello().fingerprint, now)) {
    note_passed_through(services_, host, session_->rules());
  }
  co_return false;
}

Task<Ask> Connection::forward() {
  consume_head();
  const ExchangeEnds ends{*client_, inbox_, *upstream_, upstream_inbox_};
  const ExchangeEnd end = co_await run_exchange(services_.context, *session_, ends, reused_);
  if (end.kind == ExchangeEnd::Kind::stale) {
    reused_ = false;
    co_return co_await resolve_anew();
  }
  if (!end.keep_upstream && end.kind != ExchangeEnd::Kind::upgraded) drop_upstream();
  if (session_->route() == session::Route::forwarded) {
    const bool refused = end.kind == ExchangeEnd::Kind::unanswered && end.error.code == Errc::denied;
    if (refused) services_.upstream_proxy.failed(end.error);
    if (refused) co_return session_->proxy_failed(end.error);
    if (end.kind == ExchangeEnd::Kind::done) services_.upstream_proxy.worked();
  }
  switch (end.kind) {
    case ExchangeEnd::Kind::upgraded:
      co_return Ask::tunnel;
    case ExchangeEnd::Kind::unanswered:
      co_return session_->upstream_failed(end.error);
    case ExchangeEnd::Kind::cut:
      co_return Ask::close;
    case ExchangeEnd::Kind::stale:
    case ExchangeEnd::Kind::done:
      break;
  }
  rests_ = true;
  heard_out_ = end.keep_client && session_->client_ends() && inbox_.empty();
  co_return end.keep_client ? session_->exchange_done() : Ask::close;
}

Task<Ask> Connection::send_established() {
  consume_head();
  tls_begun_ = session_->is_connect();
  auto sent = co_await client_->write(session::kEstablished, {}, {}, Limits::idle);
  if (!sent) co_return Ask::close;
  co_return present();
}

Task<void> Connection::tunnel() {
  ++services_.counters.tunnels;
  auto sent = co_await upstream_->write(inbox_.view(), {}, {}, Limits::idle);
  if (sent) sent = co_await client_->write(upstream_inbox_.view(), {}, {}, Limits::idle);
  if (!sent) co_return;
  // From here on only two sockets are needed; everything else is given back.
  inbox_ = {};
  upstream_inbox_ = {};
  session_.reset();
  co_await run_tunnel(services_.context, std::move(client_), std::move(upstream_));
}

Task<void> Connection::refuse() {
  drop_upstream();
  if (may_be_portals_doing(session_->refusal())) services_.portal.look();
  tls_begun_ = tls_begun_ || session_->is_bare_tls();
  if (services_.own_tls && session_->is_blocked_tls_tunnel()) {
    session_->release_head();
    consume_head();
    co_await answer_blocked_tunnel(services_, *client_, inbox_, *session_, *person_, tls_begun_);
    co_return;
  }
  if (is_report(*session_)) {
    co_await take_report();
    co_return;
  }
  const std::string answer = co_await answer_refusal(services_, *session_, *person_);
  const std::string_view wire = tls_begun_ ? kAccessDenied : std::string_view(answer);
  const auto sent = co_await client_->write(wire, {}, {}, Limits::idle);
  if (sent) co_await client_->linger();
}

Task<void> Connection::take_report() {
  std::string body;
  if (const std::size_t size = report_size(*session_); size > 0) {
    consume_head();
    while (inbox_.size() < size) {
      const auto read = co_await client_->read_some(inbox_.prepare(kHeadRead), Limits::head);
      if (!read || *read == 0) co_return;
      inbox_.commit(*read);
    }
    body = inbox_.view().substr(0, size);
  }
  const std::string answer = co_await answer_report(services_, *person_, std::move(body));
  const auto sent = co_await client_->write(answer, {}, {}, Limits::idle);
  if (sent) co_await client_->linger();
}

}  // namespace

Task<void> serve_client(Services& services, Socket socket, Arrival arrival) {
  Connection connection(services, std::move(socket));
  co_await connection.run(arrival);
}

}  // namespace fairlead::agent::net
