#include "agent/session/session.hpp"

#include <algorithm>
#include <utility>

#include "agent/session/request_context.hpp"
#include "rules/base/text.hpp"
#include "rules/url/address_range.hpp"

namespace fairlead::agent::session {
namespace {

using rules::policy::Verdict;
using rules::url::Scheme;

// RFC 9110 section 9.2.2: idempotent methods; only those without a body are sent twice.
bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

// Browsers open a tunnel for ws: as they do for wss:, to the port of http:.
constexpr std::uint16_t kHttpPort = 80;

bool contains(const std::vector<std::uint16_t>& ports, std::uint16_t port) {
  return std::find(ports.begin(), ports.end(), port) != ports.end();
}

/// A pause lets nothing rest that a statutory list asks for, nor what could not be decided.
rules::policy::Decision let_rest(rules::policy::Decision decision, const Surroundings& now) {
  const bool rests = now.paused && decision.verdict == Verdict::block && !decision.undecided &&
                     decision.level != rules::policy::Level::statutory;
  if (rests) decision.verdict = Verdict::observe;
  return decision;
}

bool inspects(const rules::policy::Rules& rules, const rules::url::CanonicalUrl& url) {
  return rules::policy::is_inspected(rules.inspection_of(url.host(), url.host_kind()));
}

bool names_a_scheme(std::string_view target) {
  // Any "scheme:" makes it an absolute-form; which schemes we carry is decided by CanonicalUrl.
  const std::size_t colon = target.find(':');
  return colon != std::string_view::npos && colon > 0 && text::is_alpha(target.front()) &&
         target.find_first_of("/?#") > colon;
}

}  // namespace

Ask Session::refuse(Refusal refusal, Error error) {
  state_ = State::over;
  refusal_ = refusal;
  error_ = std::move(error);
  if (refusal == Refusal::blocked && decision_.ip_literal) {
    refusal_ = Refusal::ip_literal;
    error_ = Error{Errc::refused, Side::client, "an IP address in place of a name"};
  }
  keep_client_ = false;
  return Ask::refuse;
}

Ask Session::refuse_malformed(Error error) {
  const Errc code = error.code;
  if (code == Errc::too_large) return refuse(Refusal::too_large, std::move(error));
  if (code == Errc::unsupported) return refuse(Refusal::unsupported, std::move(error));
  return refuse(Refusal::malformed, std::move(error));
}

Ask Session::client_bytes(std::string_view bytes, const Surroundings& now) {
  if (state_ == State::opening) return read_opening(bytes, now);
  if (state_ == State::request) return read_request(bytes, now);
  if (state_ == State::hello) return read_hello(bytes, now);
  return refuse(Refusal::internal, Error{Errc::internal, Side::local, "bytes in a state that expects none"});
}

Ask Session::read_request(std::string_view bytes, const Surroundings& now) {
  head_begun_ = !bytes.empty();
  if (bytes.empty()) return Ask::more_bytes;
  const auto size = scanner_.scan(bytes);
  if (!size) {
    head_ = {};
    rules_ = now.rules;
    return refuse_malformed(size.error());
  }
  if (*size == 0) return Ask::more_bytes;
  head_size_ = *size;
  scanner_.reset();
  rules_ = now.rules;
  if (auto parsed = http::parse_request_head(bytes.substr(0, head_size_), head_); !parsed) {
    head_.fields.all.clear();  // a head that is not understood says nothing about how to answer
    return refuse_malformed(std::move(parsed).error());
  }
  return judge_request(now);
}

Ask Session::judge_request(const Surroundings& now) {
  connect_ = head_.method == "CONNECT";
  if (connect_ && inside_kind_ != Inside::nothing) {
    return refuse(Refusal::malformed, Error{Errc::bad_message, Side::client, "CONNECT inside a tunnel"});
  }
  is_head_ = head_.method == "HEAD";
  client_minor_version_ = head_.minor_version;
  websocket_ = false;
  decision_ = {};
  safe_ = {};
  auto framing = http::request_framing(head_);
  if (!framing) return refuse_malformed(std::move(framing).error());
  framing_ = *framing;
  keep_client_ = http::wants_keep_alive(head_);
  client_ends_ = !keep_client_;
  idempotent_ = is_idempotent(head_.method) && framing_.kind == http::Framing::Kind::none;

  expects_continue_ = false;
  if (const http::Field* expect = head_.fields.find("expect"); expect != nullptr) {
    if (!text::equals_ignoring_case(expect->value, "100-continue") || head_.fields.count("expect") > 1) {
      return refuse(Refusal::expectation, Error{Errc::unsupported, Side::client, "Expect other than 100-continue"});
    }
    expects_continue_ = head_.minor_version == 1;
  }
  context_ = {};
  if (!connect_ && now.rules->asks_for_context()) context_ = context_of(head_, page_);
  if (const auto stopped = connect_ ? judge_connect(now) : judge_plain(now)) return *stopped;
  if (const auto stopped = judge_host_field(now)) return *stopped;
  // Of a tunnel for http: each request inside is held up by itself.
  if (waits_for_agreement(now) && !(connect_ && http_tunnel_)) {
    judged_ = url_;
    return refuse(Refusal::agreement, {});
  }
  portal_ = now.portal;
  websocket_ = !connect_ && http::is_websocket_upgrade(head_);
  if (auto mapped = map_target(now); !mapped) return refuse_malformed(std::move(mapped).error());
  if (!connect_) {
    // A proxy may answer TRACE itself, with what it was told of us.
    if (route_ == Route::forwarded && head_.method == "TRACE") {
      return refuse(Refusal::unsupported, Error{Errc::unsupported, Side::client, "TRACE by way of a proxy"});
    }
    write_upstream_head(now);
  }
  state_ = State::resolving;
  return Ask::resolve;
}

void Session::write_upstream_head(const Surroundings& now) {
  upstream_head_.clear();
  if (route_ == Route::forwarded) {
    http::write_request_to_proxy(head_, url_, framing_, now.proxy_authorization, upstream_head_);
  } else {
    http::write_request(head_, url_, framing_, websocket_, upstream_head_);
  }
}

std::optional<Ask> Session::judge_connect(const Surroundings& now) {
  if (framing_.kind != http::Framing::Kind::none) {
    return refuse(Refusal::malformed, Error{Errc::bad_message, Side::client, "CONNECT with a body"});
  }
  if (auto read = url_.assign_authority(Scheme::https, head_.target); !read) {
    return refuse_malformed(std::move(read).error());
  }
  const auto& network = now.rules->policy().network;
  plain_tunnel_ = contains(network.plain_connect_ports, url_.port());
  http_tunnel_ = !plain_tunnel_ && url_.port() == kHttpPort;
  if (http_tunnel_) {
    // The same name under the scheme that is spoken inside, so that its requests find the connection made for it.
    if (auto read = url_.assign_authority(Scheme::http, head_.target); !read) {
      return refuse_malformed(std::move(read).error());
    }
  }
  return judge_tunnel(now);
}

/// The host speaks first: a blocked host on an odd port is told as what it is.
std::optional<Ask> Session::judge_tunnel(const Surroundings& now) {
  if (stops(url_, now)) return refuse(Refusal::blocked, {});
  if (http_tunnel_) {
    decision_ = {};  // each request inside is observed by itself
  } else if (!plain_tunnel_ && !contains(now.rules->policy().network.connect_ports, url_.port())) {
    return refuse(Refusal::port, Error{Errc::refused, Side::client, "a tunnel to port " + std::to_string(url_.port())});
  }
  return std::nullopt;
}

std::optional<Ask> Session::judge_plain(const Surroundings& now) {
  if (inside_kind_ != Inside::nothing) {
    const Scheme scheme = inside_kind_ == Inside::plain_tunnel ? Scheme::http : Scheme::https;
    if (auto read = url_.assign_origin_form(scheme, inside_, head_.target); !read) {
      return refuse_malformed(std::move(read).error());
    }
    if (inside_kind_ == Inside::blocked_tunnel) return refuse_inside(now);
    if (stops(url_, now)) return refuse(Refusal::blocked, {});
    return std::nullopt;
  }
  const bool to_a_proxy = names_a_scheme(head_.target);
  if (!to_a_proxy && redirected_to_.empty()) {
    // RFC 9112 section 3.2.2: a client that means a proxy sends the absolute-form.
    return refuse(Refusal::malformed,
                  Error{Errc::bad_url, Side::client, "not the absolute-form that is sent to a proxy"});
  }
  auto read = to_a_proxy ? url_.assign(head_.target) : read_redirected_target();
  if (!read) return refuse_malformed(std::move(read).error());
  if (stops(url_, now)) return refuse(Refusal::blocked, {});
  if (url_.scheme() != Scheme::http) {
    return refuse(Refusal::unsupported, Error{Errc::unsupported, Side::client, "only http: without CONNECT"});
  }
  return std::nullopt;
}

std::optional<Ask> Session::judge_host_field(const Surroundings& now) {
  const http::Field* host = head_.fields.find("host");
  if (host == nullptr || host->value.empty()) return std::nullopt;  // HTTP/1.0; 1.1 was checked by the parser
  if (host->value == url_.authority()) return std::nullopt;
  const auto read = connect_ ? other_.assign_origin_form(Scheme::https, host->value, "/")
                             : other_.assign_origin_form(url_.scheme(), host->value, url_.path_and_query());
  if (!read) return refuse_malformed(read.error());
  if (other_.host() == url_.host()) return std::nullopt;
  if (stops(other_, now)) return refuse(Refusal::blocked, {});
  return std::nullopt;
}

/// Protected services are never held up, nor what stands on this machine: the page that asks is one of them.
bool Session::waits_for_agreement(const Surroundings& now) const {
  return now.held_up && !protected_ && url_.host() != "localhost" && url_.host() != "127.0.0.1" && url_.host() != "::1";
}

/// What blocked the tunnel stands, unless the whole URL is blocked by something that says more of it.
Ask Session::refuse_inside(const Surroundings& now) {
  const bool stopped = stops(url_, now);
  if (tunnel_held_up_ && !stopped) {
    judged_ = url_;
    return refuse(Refusal::agreement, {});
  }
  if (!stopped) {
    decision_ = tunnel_decision_;
    judged_ = url_;
  }
  return refuse(Refusal::blocked, {});
}

void Session::enter_blocked_tunnel() {
  tunnel_held_up_ = refusal_ == Refusal::agreement;
  tunnel_decision_ = std::move(decision_);
  enter(Inside::blocked_tunnel, std::string(judged_.authority()));
}

void Session::enter_inspected_tunnel() { enter(Inside::inspected, std::string(url_.authority())); }

void Session::enter(Inside kind, std::string authority) {
  inside_kind_ = kind;
  inside_ = std::move(authority);
  connect_ = false;
  bare_tls_ = false;
  state_ = State::request;
}

/// The ordinary servers of an engine answer to all its names: whoever names it in TLS must be connected to its safe
/// mode.
bool Session::strays_from_safe_search(const Surroundings& now) const {
  const auto safe = now.rules->safe_search(other_, now.rules->group_of(now.person));
  return !safe.connect_to.empty() && safe.connect_to != target_host();
}

Result<void> Session::map_target(const Surroundings& now) {
  safe_ = rules_->safe_search(url_, rules_->group_of(now.person));
  choose_route();
  return is_mapped() ? rules::policy::force_parameter(*safe_.engine, url_) : Result<void>();
}

/// A proxy that is asked for a URL looks its host up, which must not be where another host stands in for it; and to a
/// WebSocket it has nothing to add.
void Session::choose_route() {
  route_ = Route::direct;
  key_.clear();
  const bool by_proxy = is_left_to_proxy(rules_->policy().network, target_host(),
                                         is_mapped() ? rules::url::HostKind::name : url_.host_kind());
  if (by_proxy) {
    const bool is_plain = url_.scheme() == Scheme::http && !websocket_ && !is_mapped();
    route_ = is_plain ? Route::forwarded : Route::tunnelled;
  }
  if (!by_proxy && !is_mapped()) return;
  key_.assign(url_.authority());
  if (is_mapped()) key_.append(" at ").append(safe_.connect_to);
  if (by_proxy) key_.append(route_ == Route::forwarded ? " by the proxy" : " through the proxy");
}

bool Session::stops(const rules::url::CanonicalUrl& url, const Surroundings& now) {
  auto decision = now.rules->decide(url, now.rules->group_of(now.person), now.now, context_);
  if (decision.ip_literal && &url == &url_ && is_portal(now)) decision = decide_portal(std::move(decision), now);
  decision = let_rest(std::move(decision), now);
  const bool stop = decision.verdict == Verdict::block;
  using rules::policy::Level;
  if (&url == &url_) {
    protected_ = decision.level == Level::protected_service;
    opened_by_name_ = protected_ || decision.level == Level::exception;
  }
  // An observed first name must not be forgotten because the second one is merely allowed.
  if (stop || decision_.verdict != Verdict::observe) {
    decision_ = std::move(decision);
    if (decision_.verdict != Verdict::allow) judged_ = url;
  }
  return stop;
}

bool Session::is_portal(const Surroundings& now) const {
  return now.portal != nullptr && now.portal->opens(target_host(), target_port());
}

/// The page at which a network lets people sign in may be an address. What its URL holds is judged as at any other
/// host, for which a name stands that nobody owns (RFC 6761); what a rule says of the address itself was decided
/// before.
rules::policy::Decision Session::decide_portal(rules::policy::Decision refused, const Surroundings& now) {
  if (!other_.assign_origin_form(url_.scheme(), "sign-in.invalid", url_.path_and_query())) return refused;
  return now.rules->decide(other_, now.rules->group_of(now.person), now.now, context_);
}

bool Session::stops_at_address(const Surroundings& now) {
  auto decision = now.rules->decide_address(other_, now.rules->group_of(now.person), now.now);
  if (decision.verdict != Verdict::block) return false;
  decision_ = let_rest(std::move(decision), now);
  judged_ = other_;
  return decision_.verdict == Verdict::block;
}

bool Session::stops_at_alias(std::string_view alias, const Surroundings& now) {
  if (opened_by_name_ || !now.rules->policy().network.judge_aliases) return false;
  if (!other_.assign_origin_form(url_.scheme(), alias, "/")) return false;  // no name that a rule could hold
  if (other_.host() == url_.host()) return false;
  auto decision = now.rules->decide_alias(other_, now.rules->group_of(now.person), now.now);
  if (decision.verdict != Verdict::block) return false;
  decision_ = let_rest(std::move(decision), now);
  judged_ = url_;
  return decision_.verdict == Verdict::block;
}

bool Session::may_lead_to(const Address& address, const Surroundings& now) const {
  const auto& network = now.rules->policy().network;
  if (network.local_targets || !address.local) return true;
  if (is_portal(now) && !address.own && rules::url::is_private_network(address.text)) return true;
  const auto is_host = [&](const rules::catalog::HostRule& rule) {
    return text::is_host_or_below(target_host(), rule.host);
  };
  // This machine itself is nobody's office: a name that leads to it is an attack on what listens here (RFC 6761).
  return rules::url::is_private_network(address.text) &&
         std::any_of(network.local_hosts.begin(), network.local_hosts.end(), is_host);
}

Ask Session::resolved(std::span<const Address> addresses, const Surroundings& now,
                      std::span<const std::string> aliases) {
  for (const std::string& alias : aliases) {
    if (stops_at_alias(alias, now)) return refuse(Refusal::blocked, {});
  }
  const auto& network = now.rules->policy().network;
  bool any = false;
  for (const Address& address : addresses) {
    any = any || may_lead_to(address, now);
    // An address that was asked for is judged in its other spelling as well.
    const bool asked_for = url_.host_kind() != rules::url::HostKind::name && !is_mapped();
    if ((!network.judge_addresses && !asked_for) || address.text == url_.host()) continue;
    const bool v6 = address.text.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + address.text + "]" : address.text;
    if (auto read = other_.assign_origin_form(url_.scheme(), host, "/"); !read) {
      return refuse(Refusal::internal, std::move(read).error());
    }
    if (stops_at_address(now)) return refuse(Refusal::blocked, {});
  }
  if (!any) {
    return refuse(Refusal::local_target,
                  Error{Errc::refused, Side::client, "leads to this machine or a private network"});
  }
  state_ = State::connecting;
  return Ask::connect;
}

Ask Session::left_to_proxy() {
  state_ = State::connecting;
  return Ask::connect;
}

Ask Session::proxy_failed(const Error& error) { return refuse(Refusal::upstream_proxy, error); }

Ask Session::connected() {
  // Its bytes go: a body or a ClientHello takes their place.
  if (connect_ || framing_.kind != http::Framing::Kind::none) head_ = {};
  if (connect_ && http_tunnel_) {
    enter(Inside::plain_tunnel, std::string(url_.authority()));
    return Ask::send_established;
  }
  if (bare_tls_) {
    state_ = State::over;
    return inspects(*rules_, url_) ? Ask::inspect : Ask::tunnel;
  }
  if (connect_) {
    state_ = State::hello;
    hello_ = {};
    return Ask::send_established;
  }
  state_ = State::exchanging;
  return Ask::forward;
}

Ask Session::lookup_failed(const Error& error) {
  if (!is_mapped()) return upstream_failed(error);
  return refuse(Refusal::safe_search,
                Error{error.code, error.side,
                      "safe search unavailable: " + std::string(safe_.connect_to) + ": " + error.context});
}

Ask Session::upstream_failed(const Error& error) {
  switch (error.code) {
    case Errc::not_found:
      return refuse(Refusal::no_such_site, error);
    case Errc::timed_out:
      return refuse(Refusal::timed_out, error);
    case Errc::untrusted:
      return refuse(Refusal::untrusted_site, error);
    case Errc::bad_message:
    case Errc::too_large:
    case Errc::unsupported:
    case Errc::closed:
      return refuse(Refusal::upstream_broken, error);
    default:
      return refuse(Refusal::cannot_connect, error);
  }
}

Ask Session::read_hello(std::string_view bytes, const Surroundings& now) {
  head_size_ = 0;
  if (plain_tunnel_) {
    state_ = State::over;
    return Ask::tunnel;
  }
  if (bytes.empty()) return Ask::more_bytes;
  const auto whole = hello_.feed(bytes);
  if (!whole) return refuse(Refusal::not_tls, whole.error());
  return *whole ? judge_hello(now) : Ask::more_bytes;
}

/// The tunnel is for the host that TLS names from here on.
Ask Session::move_to_named(const Surroundings& now) {
  const std::string named = std::string(other_.host()) + ":" + std::to_string(url_.port());
  if (auto read = url_.assign_authority(Scheme::https, named); !read) {
    return refuse(Refusal::internal, std::move(read).error());
  }
  if (auto mapped = map_target(now); !mapped) return refuse(Refusal::internal, std::move(mapped).error());
  return Ask::inspect;
}

Ask Session::judge_hello(const Surroundings& now) {
  state_ = State::over;
  const std::string& name = hello_.hello().server_name;
  if (!name.empty()) {
    if (auto read = other_.assign_origin_form(Scheme::https, name, "/"); !read) {
      return refuse(Refusal::not_tls, std::move(read).error());
    }
    if (other_.host() != url_.host()) {
      if (stops(other_, now)) return refuse(Refusal::blocked, {});
      if (now.held_up && decision_.level != rules::policy::Level::protected_service) {
        judged_ = other_;
        return refuse(Refusal::agreement, {});
      }
      if (strays_from_safe_search(now)) {
        return refuse(Refusal::safe_search, Error{Errc::refused, Side::client,
                                                  "safe search unavailable: TLS names another host than CONNECT"});
      }
      // Whoever answers, it is the server name that the client believes in: a tunnel to an address, say.
      if (inspects(*now.rules, other_)) return move_to_named(now);
      if (inspects(*now.rules, url_)) {
        return refuse(Refusal::not_tls, Error{Errc::refused, Side::client, "a server name that is not the tunnel's"});
      }
      return Ask::tunnel;
    }
  }
  return inspects(*now.rules, url_) ? Ask::inspect : Ask::tunnel;
}

Result<ResponsePlan> Session::response_head(const http::ResponseHead& head, std::string& out) {
  using Kind = http::Framing::Kind;
  ResponsePlan plan;
  // It is us whom the proxy asks, and no browser of a person's.
  if (route_ == Route::forwarded && head.status == 407) return tl::unexpected(credentials_refused());
  if (head.status == 101) {
    if (!websocket_) return fail(Errc::bad_message, Side::upstream, "101 that nobody asked for");
    plan.kind = ResponsePlan::Kind::upgrade;
    http::write_response(head, {}, client_minor_version_, true, out);
    return plan;
  }
  if (head.status < 200) {
    plan.kind = ResponsePlan::Kind::interim;
    plan.send = client_minor_version_ == 1;
    if (plan.send) http::write_response(head, {}, client_minor_version_, true, out);
    return plan;
  }
  if (portal_ != nullptr && head.status >= 300 && head.status < 400) {
    if (const http::Field* location = head.fields.find("location")) portal_->redirected(url_, location->value);
  }
  auto framing = http::response_framing(is_head_ ? std::string_view("HEAD") : std::string_view("GET"), head);
  if (!framing) return tl::unexpected(std::move(framing).error());
  plan.from_upstream = plan.to_client = *framing;
  plan.keep_upstream = http::allows_keep_alive(head) && framing->kind != Kind::until_close;
  if (framing->kind == Kind::chunked || framing->kind == Kind::until_close) {
    // HTTP/1.1 is told where the body ends, so that a body cut short can be seen; HTTP/1.0 only by the close.
    plan.to_client.kind = client_minor_version_ == 1 ? Kind::chunked : Kind::until_close;
    if (client_minor_version_ == 0) keep_client_ = false;
  }
  http::write_response(head, plan.to_client, client_minor_version_, keep_client_, out);
  return plan;
}

Ask Session::exchange_done() {
  if (!keep_client_) {
    state_ = State::over;
    return Ask::close;
  }
  state_ = State::request;
  head_begun_ = false;
  head_size_ = 0;
  return Ask::more_bytes;
}

bool Session::may_retry() const { return idempotent_; }

}  // namespace fairlead::agent::session
