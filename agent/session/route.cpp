#include "agent/session/route.hpp"

#include <algorithm>

#include "rules/base/text.hpp"
#include "rules/url/address_range.hpp"

namespace fairlead::agent::session {
namespace {

constexpr int kAuthenticationRequired = 407;

bool is_among(const std::vector<rules::catalog::HostRule>& rules, std::string_view host) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const auto& rule) { return text::is_host_or_below(host, rule.host); });
}

/// RFC 6761, RFC 6762; a name of one label is one of the network's own.
bool is_local_name(std::string_view host) {
  return host.find('.') == std::string_view::npos || host.ends_with(".localhost") || host.ends_with(".local");
}

}  // namespace

bool is_left_to_proxy(const rules::catalog::Network& network, std::string_view host, rules::url::HostKind kind) {
  if (!network.upstream_proxy.is_set()) return false;
  if (kind == rules::url::HostKind::name ? is_local_name(host) : rules::url::is_local_address(host)) return false;
  return !is_among(network.upstream_proxy.except, host) && !is_among(network.local_hosts, host);
}

std::string tunnel_authority(std::string_view host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string_view::npos;
  std::string authority;
  authority.append(v6 ? "[" : "").append(host).append(v6 ? "]:" : ":").append(std::to_string(port));
  return authority;
}

Error credentials_refused() {
  return {
      Errc::denied, Side::upstream,
      "the upstream proxy does not take the name and password that it is told, or wants some and is told none (407): "
      "network: upstream_proxy: credentials_file of policy.yaml"};
}

Result<void> judge_tunnel_answer(const http::ResponseHead& head) {
  // RFC 9110 section 9.3.6: any 2xx opens it, whatever lengths are named beside.
  if (head.status >= 200 && head.status < 300) return {};
  if (head.status == kAuthenticationRequired) return tl::unexpected(credentials_refused());
  return fail(Errc::refused, Side::upstream,
              "the upstream proxy answered a tunnel with " + std::to_string(head.status));
}

}  // namespace fairlead::agent::session
