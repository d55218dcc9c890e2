#pragma once
// By which way a request leaves: straight to its host, or by the proxy of the network that the laptop is in. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/http/head.hpp"
#include "rules/catalog/values.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::session {

enum class Route : std::uint8_t {
  direct,     // connect to the host
  forwarded,  // the upstream proxy is asked for the URL
  tunnelled,  // the upstream proxy is asked for a tunnel to the host
};

/// Does the policy leave it to the upstream proxy to find this host? Never what is on this laptop or in its network by
/// its very name: that is looked up here, and refused here.
/// host   canonical, IPv6 without brackets.
[[nodiscard]] bool is_left_to_proxy(const rules::catalog::Network& network, std::string_view host,
                                    rules::url::HostKind kind);

/// host:port, as a proxy is asked for it.
[[nodiscard]] std::string tunnel_authority(std::string_view host, std::uint16_t port);

/// What the upstream proxy says of a tunnel that it was asked for: success when the tunnel stands.
/// Errors   denied (407), refused; the context says what IT should do, and names no host.
[[nodiscard]] Result<void> judge_tunnel_answer(const http::ResponseHead& head);

/// What 407 means.
[[nodiscard]] Error credentials_refused();

}  // namespace fairlead::agent::session
