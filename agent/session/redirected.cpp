// How a client is heard that came here because the firewall redirected it: what it says is read as if the host that it
// names had been asked of a proxy.

#include <utility>

#include "agent/session/session.hpp"

namespace fairlead::agent::session {
namespace {

using rules::url::Scheme;

constexpr char kTlsHandshake = 0x16;  // RFC 8446 section 5.1: the first byte of a ClientHello; no method begins with it

}  // namespace

void Session::begin_redirected(std::string address, std::uint16_t port) {
  redirected_to_ = std::move(address);
  redirected_port_ = port;
  state_ = State::opening;
}

Ask Session::read_opening(std::string_view bytes, const Surroundings& now) {
  if (bytes.empty()) return Ask::more_bytes;
  if (bytes.front() == kTlsHandshake) return read_bare_hello(bytes, now);
  state_ = State::request;
  return read_request(bytes, now);
}

Ask Session::read_bare_hello(std::string_view bytes, const Surroundings& now) {
  head_size_ = 0;
  rules_ = now.rules;
  connect_ = bare_tls_ = true;
  const auto whole = hello_.feed(bytes);
  if (!whole) return refuse(Refusal::not_tls, whole.error());
  return *whole ? judge_bare_hello(now) : Ask::more_bytes;
}

/// The host that TLS names stands for the one that a CONNECT would have named, and is looked up as that is: where the
/// client was going to is its own claim.
Ask Session::judge_bare_hello(const Surroundings& now) {
  const std::string& name = hello_.hello().server_name;
  const std::string authority = tunnel_authority(name.empty() ? redirected_to_ : name, redirected_port_);
  if (auto read = url_.assign_authority(Scheme::https, authority); !read) {
    return refuse(Refusal::not_tls, std::move(read).error());
  }
  if (const auto stopped = judge_tunnel(now)) return *stopped;
  if (waits_for_agreement(now)) {
    judged_ = url_;
    return refuse(Refusal::agreement, {});
  }
  if (auto mapped = map_target(now); !mapped) return refuse_malformed(std::move(mapped).error());
  state_ = State::resolving;
  return Ask::resolve;
}

/// An origin-form is of the host in the Host field (RFC 9112 section 3.2.1), at the port that the client connects to.
Result<void> Session::read_redirected_target() {
  const http::Field* host = head_.fields.find("host");
  if (host == nullptr || host->value.empty()) {
    return url_.assign_origin_form(Scheme::http, tunnel_authority(redirected_to_, redirected_port_), head_.target);
  }
  if (auto read = url_.assign_origin_form(Scheme::http, host->value, head_.target); !read) return read;
  const std::string authority = tunnel_authority(url_.host(), redirected_port_);
  return url_.assign_origin_form(Scheme::http, authority, head_.target);
}

}  // namespace fairlead::agent::session
