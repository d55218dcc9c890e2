#pragma once
// Carries one message body from one stream to another in bounded memory: taken out of its framing, put into the
// other's. The sink's pace holds the source back. Event-loop thread only.

#include <chrono>
#include <string>

#include "agent/http/framing.hpp"
#include "agent/net/buffer.hpp"
#include "agent/net/stream.hpp"

namespace fairlead::agent::net {

/// inbox   bytes of `from` that were read already; what follows the body stays in it.
/// head    sent before the first body byte, in the same system call where that byte is here already.
/// Errors  those of the streams (their side tells which end failed) and bad_message for a broken chunked coding; the
/// sink
///         then holds a message that is visibly cut short.
[[nodiscard]] Task<Result<void>> relay_body(Stream& from, Buffer& inbox, http::Framing incoming, Stream& to,
                                            http::Framing outgoing, std::string_view head);

}  // namespace fairlead::agent::net
