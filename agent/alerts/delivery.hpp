#pragma once
// One attempt to deliver one message: SMTP or HTTPS through libcurl, which stays inside. Blocks; any thread but the
// event loop. It keeps nothing: what came of it is the outbox's to write down.

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "agent/alerts/outcome.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::alerts {

/// What holds for all attempts.
struct DeliveryOptions {
  std::filesystem::path folder;     // relative paths of the policy count from here
  std::string own_authority;        // PEM of the laptop's own, which vouches for nobody here; empty when it has none
  std::string proxy;                // for webhooks to other machines; empty: none, whatever the environment says
  bool proxy_takes_mail = false;    // and for mail: nothing leaves this network in another way
  std::string proxy_authorization;  // what it alone is told of us; empty: nothing
  std::string proxy_except = "localhost,127.0.0.1,::1";  // hosts that are asked directly, joined by commas
  std::chrono::milliseconds connect_limit = std::chrono::seconds(15);
  // Long, because a server that has the whole message may take its time over the answer (RFC 5321, 4.5.3.2.6), and
  // whoever gives up just before it sends the message twice.
  std::chrono::milliseconds total_limit = std::chrono::minutes(3);
  std::stop_token stop{};
};

/// Hands a whole mail (mail_message()) to the server. Without TLS nothing is said but EHLO, except where the channel is
/// plain. An outcome is `delivered` once the server answered 250 to the message; what it does on goodbye is no matter.
[[nodiscard]] Outcome send_mail(const rules::catalog::MailChannel& channel, const std::string& to,
                                const std::string& mail, const DeliveryOptions& options);

/// Posts the body, signed. Follows no redirect.
/// key    Idempotency-Key; now   for the signature's timestamp.
[[nodiscard]] Outcome post_webhook(const rules::catalog::WebhookChannel& channel, const std::string& key,
                                   const std::string& body, std::chrono::sys_seconds now,
                                   const DeliveryOptions& options);

}  // namespace fairlead::agent::alerts
