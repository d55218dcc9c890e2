#pragma once
// What an attempt came to, read from the server's answer. Pure; any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlead::agent::alerts {

/// retry: try again after a while. parked: refused for good; tried again seldom, and shown until somebody mends it.
enum class Verdict : std::uint8_t { delivered, retry, parked };

struct Outcome {
  Verdict verdict = Verdict::retry;
  std::string says;                          // why not, in words for IT; what a server said is cut and printable
  std::optional<std::chrono::seconds> wait;  // the server's own wish
  bool unreachable = false;                  // no server was spoken to: the next message would fare no better
  bool in_doubt = false;                     // the server has all of it, and nobody knows whether it took it
};

/// An answer of a webhook's server.
/// status        100 to 599; retry_after   the field's value, or empty.
/// now           for a Retry-After that is a date.
[[nodiscard]] Outcome judge_http(long status, std::string_view retry_after, std::chrono::sys_seconds now);

/// A mail server's last reply, when the transfer did not succeed.
/// code   200 to 599, or 0 where there was none; line   as it was sent.
/// signing_in   whether the conversation ended at the account or its password, which a 4xx did not refuse for good.
/// Source   RFC 5321, 4.2.1: 4xx is transient, 5xx permanent; RFC 4954, 4: the same of 432, 454 and 535.
[[nodiscard]] Outcome judge_smtp(long code, std::string_view line, bool signing_in);

}  // namespace fairlead::agent::alerts
