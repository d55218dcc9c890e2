#include "agent/cover/proxy_settings.hpp"

#include <cstddef>

namespace fairlead::agent::cover {
namespace {

constexpr std::string_view kFirstLine = "# Made by Fairlead; 'fairlead browsers uninstall' takes it away.\n";
constexpr std::string_view kNotThroughIt = "localhost,127.0.0.1,::1";
constexpr std::string_view kPlasma = "/usr/bin/plasmashell";

std::string replaced(std::string_view text, const std::string& proxy) {
  const std::size_t colon = proxy.rfind(':');
  struct Mark {
    std::string_view mark, value;
  };
  const Mark marks[] = {{"{proxy}", proxy},
                        {"{host}", std::string_view(proxy).substr(0, colon)},
                        {"{port}", std::string_view(proxy).substr(colon + 1)},
                        {"{except}", kNotThroughIt}};
  std::string whole(kFirstLine);
  whole += text;
  for (const auto& [mark, value] : marks) {
    for (std::size_t at = whole.find(mark); at != std::string::npos; at = whole.find(mark, at + value.size())) {
      whole.replace(at, mark.size(), value);
    }
  }
  return whole;
}

// For login shells of people. Root and services do not need the filter to work.
constexpr std::string_view kShell = R"sh(if [ "$(id -u)" -ge 1000 ]; then
  http_proxy=http://{proxy} https_proxy=http://{proxy} no_proxy={except}
  HTTP_PROXY=$http_proxy HTTPS_PROXY=$https_proxy NO_PROXY=$no_proxy
  export http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY
fi
)sh";

// For sessions that systemd starts (environment.d(5)): desktops.
constexpr std::string_view kSession = R"(http_proxy=http://{proxy}
https_proxy=http://{proxy}
no_proxy={except}
HTTP_PROXY=http://{proxy}
HTTPS_PROXY=http://{proxy}
NO_PROXY={except}
)";

// GNOME: a database of defaults, and which of them nobody changes (dconf(7)).
constexpr std::string_view kGnome = R"([system/proxy]
mode='manual'
ignore-hosts=['localhost', '127.0.0.0/8', '::1']

[system/proxy/http]
host='{host}'
port={port}

[system/proxy/https]
host='{host}'
port={port}
)";
constexpr std::string_view kGnomeLocks = R"(/system/proxy/mode
/system/proxy/ignore-hosts
/system/proxy/http/host
/system/proxy/http/port
/system/proxy/https/host
/system/proxy/https/port
)";
constexpr std::string_view kGnomeProfile = "system-db:fairlead\n";
constexpr std::string_view kGnomeNewProfile = "user-db:user\nsystem-db:fairlead\n";  // the first is what is written to

// KDE: [$i] keeps the group from being changed.
constexpr std::string_view kKde = R"([Proxy Settings][$i]
ProxyType=1
httpProxy=http://{host} {port}
httpsProxy=http://{host} {port}
NoProxyFor={except}
)";

}  // namespace

std::vector<ProxyFile> proxy_files(const std::string& proxy) {
  using Whose = ChangedFiles::Whose;
  return {
      {"shells", "/etc/profile.d/fairlead.sh", "", Whose::ours, replaced(kShell, proxy), {}},
      {"sessions", "/etc/environment.d/fairlead.conf", "", Whose::ours, replaced(kSession, proxy), {}},
      {"gnome", "/etc/dconf/db/fairlead.d/proxy", kDconf, Whose::ours, replaced(kGnome, proxy), {}},
      {"gnome", "/etc/dconf/db/fairlead.d/locks/proxy", kDconf, Whose::ours, replaced(kGnomeLocks, proxy), {}},
      {"gnome", "/etc/dconf/profile/user", kDconf, Whose::others, replaced(kGnomeProfile, proxy),
       replaced(kGnomeNewProfile, proxy)},
      {"kde", "/etc/xdg/kioslaverc", kPlasma, Whose::others, replaced(kKde, proxy), {}},
  };
}

}  // namespace fairlead::agent::cover
