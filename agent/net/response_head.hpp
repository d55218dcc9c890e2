#pragma once
// The head of an answer to a question of the agent's own. Event-loop thread only.

#include "agent/http/head.hpp"
#include "agent/net/buffer.hpp"
#include "agent/net/stream.hpp"

namespace fairlead::agent::net {

/// inbox     what has come so far; holds what follows the head as well.
/// deadline  for all of the head.
/// Returns   how many bytes of the inbox are the head.
/// Errors    timed_out, closed (it ended before), bad_message, too_large.
[[nodiscard]] Task<Result<std::size_t>> read_response_head(Stream& stream, Buffer& inbox,
                                                           Watchdog::Clock::time_point deadline);

/// As much as has come when there is something, in time for this deadline. 0: the stream has ended.
/// Errors    timed_out, and those of Stream::read_some().
[[nodiscard]] Task<Result<std::size_t>> read_until(Stream& stream, Buffer& inbox, Watchdog::Clock::time_point deadline);

}  // namespace fairlead::agent::net
