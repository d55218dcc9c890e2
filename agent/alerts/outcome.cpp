#include "agent/alerts/outcome.hpp"

#include <algorithm>
#include <string>

#include "agent/alerts/text.hpp"
#include "agent/lists/retry_after.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::alerts {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMostQuoted = 160;

std::string quoted(std::string_view line) {
  const std::string text = one_line(text::trim(line), kMostQuoted);
  return text.empty() ? "" : ": " + text;
}

}  // namespace

Outcome judge_http(long status, std::string_view retry_after, std::chrono::sys_seconds now) {
  const std::string code = std::to_string(status);
  if (status >= 200 && status < 300) return {Verdict::delivered, {}, {}, false};
  if (status >= 300 && status < 400)
    return {Verdict::parked, "answered " + code + ", which leads elsewhere; write the final address", {}, false};
  constexpr long kTimeout = 408, kTooEarly = 425, kTooMany = 429, kBadGateway = 502, kGatewayTimeout = 504;
  const bool passes = status >= 500 || status < 200 || status == kTimeout || status == kTooEarly || status == kTooMany;
  if (!passes) return {Verdict::parked, "refused it with " + code, {}, false};
  // A gateway that waited in vain cannot know what became of the message behind it (RFC 9110, 15.6.3 and 15.6.5).
  const bool in_doubt = status == kBadGateway || status == kGatewayTimeout;
  return {Verdict::retry, "answered " + code + ", for now", lists::retry_after(retry_after, now), false, in_doubt};
}

Outcome judge_smtp(long code, std::string_view line, bool signing_in) {
  if (signing_in && code >= 400 && code < 500)
    return {Verdict::retry, "cannot check the account for now" + quoted(line), {}, false};
  if (signing_in && code >= 200 && code < 300)
    return {Verdict::parked, "offers no way to sign in that is known here", {}, false};
  if (signing_in) return {Verdict::parked, "refused the account or its password" + quoted(line), {}, false};
  if (code >= 500) return {Verdict::parked, "refused it for good" + quoted(line), {}, false};
  if (code >= 400) return {Verdict::retry, "refused it for now" + quoted(line), {}, false};
  return {Verdict::retry, "ended the conversation before it took the message", {}, false};
}

}  // namespace fairlead::agent::alerts
