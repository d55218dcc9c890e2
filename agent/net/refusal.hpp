#pragma once
// From "must not pass" to the bytes that say so: records first, then makes the page. Event-loop thread only.

#include <string>
#include <string_view>

#include "agent/net/services.hpp"
#include "agent/session/session.hpp"

namespace fairlead::agent::net {

/// Records the refusal (a block durably, before this returns) and gives the whole answer for the client.
/// The session stands at Ask::refuse; its request head is still valid.
[[nodiscard]] Task<std::string> answer_refusal(Services& services, const session::Session& session,
                                               const rules::policy::Person& person);

/// Records or counts an observed request; does not wait.
void note_observed(Services& services, const session::Session& session, const rules::policy::Person& person);

/// Is this the block page's own form, sent to a host that is blocked?
[[nodiscard]] bool is_report(const session::Session& session);

/// Stores what the form says with its event; gives the answer. `body` is the form as sent.
[[nodiscard]] Task<std::string> answer_report(Services& services, const rules::policy::Person& person,
                                              std::string body);

}  // namespace fairlead::agent::net
