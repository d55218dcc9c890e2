#pragma once
// One request and its answer between a client and an origin: heads rebuilt by the session, bodies relayed in both
// directions at once. Event-loop thread only.

#include "agent/net/buffer.hpp"
#include "agent/net/stream.hpp"
#include "agent/session/session.hpp"

namespace fairlead::agent::net {

struct ExchangeEnd {
  enum class Kind : std::uint8_t {
    done,        // both bodies are through; keep_upstream says whether the origin's connection can be used again
    upgraded,    // 101 was passed on: from now on a tunnel
    stale,       // a kept connection was dead before any answer: the same request may go to a fresh one
    unanswered,  // failed before anything was sent to the client: it can still get a page
    cut,         // failed in the middle of the answer: the client has been left with a visibly broken message
  } kind = Kind::done;
  bool keep_upstream = false;
  bool keep_client = false;  // false when part of its request was left unread
  Error error;
};

struct ExchangeEnds {
  Stream& client;
  Buffer& client_inbox;
  Stream& upstream;
  Buffer& upstream_inbox;
};

/// The session stands at Ask::forward; its request head has been consumed from the client's inbox.
/// reused   the connection served an earlier request, so that its silent end is no fault of the origin.
[[nodiscard]] Task<ExchangeEnd> run_exchange(asio::io_context& context, session::Session& session, ExchangeEnds ends,
                                             bool reused);

}  // namespace fairlead::agent::net
