#pragma once
// Answers the TLS of a tunnel to a blocked host, and shows the page inside it: browsers throw away the body of a
// refused CONNECT. Event-loop thread only.

#include "agent/net/buffer.hpp"
#include "agent/net/services.hpp"
#include "agent/net/stream.hpp"
#include "agent/session/session.hpp"

namespace fairlead::agent::net {

/// Ends the connection. What the client asked for is recorded before it is answered; a client that does not take the
/// certificate is recorded with what the tunnel told. One that takes it and asks for nothing is no attempt: browsers
/// open connections ahead.
///
/// session      is_blocked_tls_tunnel().
/// inbox        what the client has sent behind its CONNECT.
/// established  whether the client has been told that the tunnel stands.
[[nodiscard]] Task<void> answer_blocked_tunnel(Services& services, Stream& client, Buffer& inbox,
                                               session::Session& session, const rules::policy::Person& person,
                                               bool established);

}  // namespace fairlead::agent::net
