#pragma once
// The well-known ways past a filter that can be told by their port alone, each with its reason. Plain data.

#include <array>
#include <string_view>

#include "agent/platform/firewall.hpp"

namespace fairlead::agent::cover {

struct KnownPort {
  platform::RefusedPorts refused;
  std::string_view because;
};

namespace known {
using platform::Refusal;
using enum platform::Transport;

constexpr KnownPort at(Refusal kind, platform::Transport transport, std::uint16_t first, std::uint16_t last,
                       std::string_view because) {
  return {{kind, transport, {first, last}}, because};
}
constexpr KnownPort at(Refusal kind, platform::Transport transport, std::uint16_t port, std::string_view because) {
  return at(kind, transport, port, port, because);
}
}  // namespace known

/// In no two of one kind and transport is the same port. The web's own ports are not here: they lead to the filter.
inline constexpr std::array kKnownPorts{
    known::at(known::Refusal::encrypted_names, known::tcp, 853, "DNS over TLS (RFC 7858)"),
    known::at(known::Refusal::encrypted_names, known::udp, 853, "DNS over QUIC (RFC 9250) and over DTLS (RFC 8094)"),
    known::at(known::Refusal::encrypted_names, known::udp, 5443, "DNSCrypt, where it does not use the web's port"),
    known::at(known::Refusal::proxy, known::tcp, 1080, "SOCKS proxies"),
    known::at(known::Refusal::proxy, known::udp, 1080, "SOCKS 5 and Shadowsocks over UDP"),
    known::at(known::Refusal::proxy, known::tcp, 3128, "Squid's port; the filter itself stays on this machine"),
    known::at(known::Refusal::proxy, known::tcp, 8118, "Privoxy's port"),
    known::at(known::Refusal::proxy, known::tcp, 8388, "Shadowsocks"),
    known::at(known::Refusal::proxy, known::udp, 8388, "Shadowsocks"),
    known::at(known::Refusal::proxy, known::tcp, 8888, "tinyproxy's port, and that of many open proxies"),
    known::at(known::Refusal::vpn, known::udp, 500, "IKE, which sets IPsec up"),
    known::at(known::Refusal::vpn, known::tcp, 1194, "OpenVPN"),
    known::at(known::Refusal::vpn, known::udp, 1194, "OpenVPN"),
    known::at(known::Refusal::vpn, known::udp, 1701, "L2TP"),
    known::at(known::Refusal::vpn, known::tcp, 1723, "PPTP's control connection"),
    known::at(known::Refusal::vpn, known::tcp, 4500, "IKE and IPsec over TCP (RFC 9329)"),
    known::at(known::Refusal::vpn, known::udp, 4500, "IPsec inside UDP (RFC 3948)"),
    known::at(known::Refusal::vpn, known::udp, 9993, "ZeroTier"),
    known::at(known::Refusal::vpn, known::udp, 41641, "Tailscale"),
    known::at(known::Refusal::vpn, known::udp, 51820, "WireGuard"),
    known::at(known::Refusal::tor, known::tcp, 9001, "Tor relays"),
    known::at(known::Refusal::tor, known::tcp, 9030, "Tor's directories"),
    known::at(known::Refusal::tor, known::tcp, 9040, "Tor as a transparent proxy"),
    known::at(known::Refusal::tor, known::tcp, 9050, 9051, "Tor's SOCKS and control ports"),
    known::at(known::Refusal::tor, known::tcp, 9150, 9151, "the same of Tor Browser"),
};

}  // namespace fairlead::agent::cover
