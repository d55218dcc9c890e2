#include "agent/command/ways.hpp"

#include <array>

namespace fairlead::agent::command {
namespace {

using AddressPattern = std::string_view;

constexpr auto kWebProxy =
    std::to_array<AddressPattern>({"www.croxyproxy.com", "www.kproxy.com", "hide.me", "www.proxysite.com",
                                   "hidester.com", "www.4everproxy.com", "www.blockaway.net", "plainproxies.com"});
constexpr auto kInner = std::to_array<AddressPattern>(
    {"https://translate.google.com/translate?sl=auto&u=http%3A%2F%2F{host}%2F",
     "https://translate.yandex.com/translate?url={host}",
     "https://webcache.googleusercontent.com/search?q=cache:{host}/",
     "https://www.google.com/url?q=https%253A%252F%252F{host}%252F", "https://www.google.com/amp/s/{host}/",
     "https://images.weserv.nl/?url={host}/picture.jpg", "http://l.facebook.com/l.php?u=http://{host}/"});
constexpr auto kTranslated = std::to_array<AddressPattern>({"https://{dashed}.translate.goog/"});
constexpr auto kAmp =
    std::to_array<AddressPattern>({"https://{dashed}.cdn.ampproject.org/", "https://{dashed}.bing-amp.com/"});
constexpr auto kArchives = std::to_array<AddressPattern>(
    {"https://web.archive.org/web/2020/http://{host}/", "archive.ph", "archive.today", "archive.is"});
constexpr auto kAddresses = std::to_array<AddressPattern>(
    {"https://93.184.216.34/", "http://0x5db8d822/", "http://1572395042/", "https://[2606:2800:220:1::1]/"});
constexpr auto kNamedAddresses =
    std::to_array<AddressPattern>({"10-0-0-1.nip.io", "93.184.216.34.sslip.io", "traefik.me", "localtest.me"});
constexpr auto kSpellings = std::to_array<AddressPattern>(
    {"https://{upper}./", "http://{escaped}/", "http://someone@{host}/", "http:\\\\{host}\\x"});
constexpr auto kLookAlikes = std::to_array<AddressPattern>({"https://xn--80ak6aa92e.com/"});
constexpr auto kPorts = std::to_array<AddressPattern>({"https://{host}:8443/", "http://{host}:8080/"});
constexpr auto kResolvers = std::to_array<AddressPattern>(
    {"dns.google", "cloudflare-dns.com", "mozilla.cloudflare-dns.com", "chrome.cloudflare-dns.com", "dns.quad9.net",
     "doh.opendns.com", "dns.nextdns.io", "dns.mullvad.net", "use-application-dns.net"});
constexpr auto kRelays = std::to_array<AddressPattern>({"mask.icloud.com", "mask-h2.icloud.com"});
constexpr auto kVpn = std::to_array<AddressPattern>(
    {"nordvpn.com", "www.expressvpn.com", "surfshark.com", "protonvpn.com", "mullvad.net", "windscribe.com"});
constexpr auto kTor = std::to_array<AddressPattern>(
    {"www.torproject.org", "bridges.torproject.org", "expyuzz4wqqyqhjn.onion.ly", "duckduckgogg42xjoc72x3.onion"});
constexpr auto kTools = std::to_array<AddressPattern>({"psiphon.ca", "getlantern.org", "ultrasurf.us", "hola.org"});
constexpr auto kRemote = std::to_array<AddressPattern>(
    {"anydesk.com", "www.teamviewer.com", "remotedesktop.google.com", "www.browserling.com", "now.gg"});
constexpr auto kSearch = std::to_array<AddressPattern>({"yandex.com", "search.yahoo.com", "www.startpage.com"});

constexpr std::array kWays{
    Way{"web-proxy", "pages that fetch other sites", kWebProxy},
    Way{"inner-url", "translators, caches and links that carry another address", kInner},
    Way{"translate-host", "translated sites, with the site in the host name", kTranslated},
    Way{"amp-host", "copies in AMP caches, with the site in the host name", kAmp},
    Way{"web-archive", "archived copies", kArchives},
    Way{"ip-literal", "an IP address in place of a name", kAddresses},
    Way{"name-to-ip", "names that lead to any address written in them", kNamedAddresses},
    Way{"encodings", "the same host in another spelling", kSpellings},
    Way{"homographs", "names in letters that look the same", kLookAlikes},
    Way{"odd-port", "the same host on another port", kPorts},
    Way{"doh", "name servers inside HTTPS", kResolvers},
    Way{"private-relay", "a relay of the system's maker", kRelays},
    Way{"vpn", "where VPN programs come from", kVpn},
    Way{"tor", "Tor and its gateways", kTor},
    Way{"other-tools", "other programs against filters", kTools},
    Way{"remote-browser", "browsers and desktops somewhere else", kRemote},
    Way{"unfiltered-search", "search engines without a safe mode", kSearch},
};

}  // namespace

std::span<const Way> ways_by_address() { return kWays; }

}  // namespace fairlead::agent::command
