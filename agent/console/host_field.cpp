#include <algorithm>

#include "agent/console/server.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console {

bool is_local_host_field(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (has_port) {
    const std::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), text::is_digit)) return false;
    host = host.substr(0, colon);
  }
  return host == "127.0.0.1" || host == "[::1]" || text::equals_ignoring_case(host, "localhost");
}

}  // namespace fairlead::agent::console
