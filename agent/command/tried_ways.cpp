#include "agent/command/tried_ways.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "agent/cover/settings.hpp"
#include "agent/command/trust_stores.hpp"
#include "agent/net/listener.hpp"
#include "agent/net/probe_proxy.hpp"
#include "agent/platform/way_out.hpp"

namespace fairlead::agent::command {

using platform::Internet;
using platform::Transport;
using FindingState = Finding::State;

namespace {

struct Doors {
  std::string_view way, what;
  Transport transport;
  Internet over;
  std::array<std::uint16_t, 2> ports;  // 0: none
};

constexpr std::array kDoors{
    Doors{"other-program", "a program that does not use the proxy", Transport::tcp, Internet::v4, {443, 80}},
    Doors{"other-program-ipv6",
          "a program that does not use the proxy, over IPv6",
          Transport::tcp,
          Internet::v6,
          {443, 80}},
    Doors{"other-ports", "web servers and proxies on other ports", Transport::tcp, Internet::v4, {8000, 1080}},
    Doors{"ssh", "SSH, which carries anything", Transport::tcp, Internet::v4, {22}},
    Doors{"quic", "HTTP/3, which no proxy sees", Transport::udp, Internet::v4, {443}},
    Doors{"quic-ipv6", "HTTP/3 over IPv6, which no proxy sees", Transport::udp, Internet::v6, {443}},
    Doors{"vpn-ports", "VPN programs", Transport::udp, Internet::v4, {51820}},
    Doors{"dns-over-tls", "a name server of one's own", Transport::tcp, Internet::v4, {853}},
};

std::string_view words_for(const platform::Tried& tried, bool into_filter) {
  using platform::WayOut;
  if (into_filter) return "is led into the filter";
  switch (tried.out) {
    case WayOut::led_here:
      return "is led into another program of this laptop";
    case WayOut::open:
      return "leaves this laptop past the filter";
    case WayOut::refused:
      return "is refused by this laptop";
    case WayOut::no_network:
      break;
  }
  return "cannot be tried: there is no network";
}

Finding try_door(const Doors& doors, std::uint16_t port, const FilterAt& filter) {
  using platform::WayOut;
  const platform::Tried tried = platform::try_way_out({doors.transport, port, doors.over}, filter.led_to);
  const bool into_filter = tried.out == WayOut::led_here && tried.by == filter.account;
  FindingState state = FindingState::open;
  if (tried.out == WayOut::no_network) state = FindingState::not_covered;
  if (tried.out == WayOut::refused || into_filter) state = FindingState::closed;
  std::string because = doors.transport == Transport::tcp ? "TCP " : "UDP ";
  because.append(std::to_string(port)).append(doors.over == Internet::v6 ? " over IPv6 " : " ");
  because.append(words_for(tried, into_filter));
  return {state, std::string(doors.way), std::string(doors.what), std::move(because)};
}

/// One open door is enough.
Finding try_doors(const Doors& doors, const FilterAt& filter) {
  Finding first = try_door(doors, doors.ports.front(), filter);
  if (first.state == FindingState::open || doors.ports.back() == 0) return first;
  Finding second = try_door(doors, doors.ports.back(), filter);
  if (second.state == FindingState::open) return second;
  first.because.append("; ").append(second.because);
  return first;
}

}  // namespace

void try_exits(const FilterAt& filter, Findings& findings) {
  for (const Doors& doors : kDoors) findings.push_back(try_doors(doors, filter));
}

void try_proxy(const std::string& proxy, const std::string& probe, Findings& findings) {
  constexpr int kStopped = 403;
  Finding finding{FindingState::not_covered, "through-proxy", "a blocked site, asked for through the proxy",
                  "no site could be asked for"};
  const auto endpoint = net::parse_endpoint(proxy);
  if (endpoint && !probe.empty()) {
    const auto status = net::status_through(*endpoint, probe);
    finding.state = status == kStopped ? FindingState::closed : FindingState::open;
    finding.because =
        proxy + (!status               ? ": " + status.error().context
                 : *status == kStopped ? " stops it"
                                       : " answers with " + std::to_string(*status) + " in place of the page");
  }
  findings.push_back(std::move(finding));
}

void look_at_browsers(std::vector<std::string> extensions, Findings& findings) {
  cover::WantedSettings wanted;
  wanted.extensions = std::move(extensions);
  for (const cover::SettingItem& item : cover::look_at_settings(wanted)) {
    const bool is_browser = !item.key.empty();
    if (!is_browser || !item.is_installed) continue;
    std::string what(item.place);
    what.append(" without the policy ").append(item.key);
    findings.push_back({item.state == cover::SettingState::in_place ? FindingState::closed : FindingState::open,
                        "browser-policy", std::move(what), item.file + ": " + item.says});
  }
}

void look_at_page(const std::string& certificate, Findings& findings) {
  std::size_t present = 0;
  const auto stores = look_at_stores(certificate);
  for (const StoreState& store : stores) present += store.trust == Trust::present ? 1 : 0;
  const bool all = !certificate.empty() && present == stores.size();
  findings.push_back({all ? FindingState::closed : FindingState::not_covered, "page-over-https",
                      "blocked HTTPS sites that look like a broken network",
                      all ? "every store trusts this laptop's certificate"
                          : std::to_string(present) + " of " + std::to_string(stores.size()) +
                                " stores trust it: fairlead ca create, fairlead ca install"});
}

}  // namespace fairlead::agent::command
