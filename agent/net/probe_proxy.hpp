#pragma once
// The client's side of a proxy, as far as a self-check needs it. Blocks; for sub-commands.

#include <string>

#include "agent/net/asio.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::net {

/// Asks the proxy for the front page of a host over HTTP, and takes the status of the answer.
/// host     canonical.
/// Errors   not_found: nobody listens there; timed_out (10 s); bad_message: no answer of HTTP.
[[nodiscard]] Result<int> status_through(const Tcp::endpoint& proxy, const std::string& host);

}  // namespace fairlead::agent::net
