#pragma once
// Two streams that pass each other's bytes on untouched until both have ended: inside the kernel, unless one is
// secured. Event-loop thread only.

#include <memory>

#include "agent/net/stream.hpp"

namespace fairlead::agent::net {

/// Returns when both directions have ended, one has failed, or nothing has moved for Limits::tunnel. Both streams are
/// then closed. An idle tunnel holds no buffer and no pipe.
[[nodiscard]] Task<void> run_tunnel(asio::io_context& context, std::unique_ptr<Stream> client,
                                    std::unique_ptr<Stream> upstream);

}  // namespace fairlead::agent::net
