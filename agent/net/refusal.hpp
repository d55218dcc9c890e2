#pragma once
// From "must not pass" to the bytes that say so: records first, then makes the page. Event-loop thread only.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "agent/net/services.hpp"
#include "agent/session/session.hpp"

namespace fairlead::agent::net {

/// TLS alert "access_denied" (RFC 8446 section 6): the one thing a client that has begun a handshake understands.
inline constexpr std::string_view kAccessDenied{"\x15\x03\x03\x00\x02\x02\x31", 7};

/// Records the refusal (a block durably, before this returns) and gives the whole answer for the client.
/// The session stands at Ask::refuse; its request head is still valid.
[[nodiscard]] Task<std::string> answer_refusal(Services& services, const session::Session& session,
                                               const rules::policy::Person& person);

/// Records or counts the block alone, for a client that can be told nothing: durably, before this returns.
[[nodiscard]] Task<void> record_block(Services& services, const session::Session& session,
                                      const rules::policy::Person& person);

/// Tells the person on their desktop, once in a while, that there is something to read and answer.
void ask_on_desktop(Services& services, const rules::policy::Person& person);

/// Records or counts an observed request; does not wait.
void note_observed(Services& services, const session::Session& session, const rules::policy::Person& person);

/// Records for IT, without a person, that a program does not take our certificates and is no longer inspected at
/// `host`.
void note_passed_through(Services& services, std::string host,
                         const std::shared_ptr<const rules::policy::Rules>& rules);

/// Is this the block page's own form, sent to a host that is blocked?
[[nodiscard]] bool is_report(const session::Session& session);

/// How many bytes of the form to read; 0 when it is none that the page sends.
[[nodiscard]] std::size_t report_size(const session::Session& session);

/// Stores what the form says with its event; gives the answer. `body` is the form as sent.
[[nodiscard]] Task<std::string> answer_report(Services& services, const rules::policy::Person& person,
                                              std::string body);

}  // namespace fairlead::agent::net
